"""Stored files: bytes under their own SHA-256 in a store, facts in a row. Names people gave are kept as text, never as paths.

Every page that gives a file out reads it here, so that what waits for the virus scanner stays where it is.
"""

import hashlib
import re
from datetime import datetime

from flask import Response, current_app, request
from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from . import scanning
from .database import Key, Model, Moment, db, one_of
from .problems import WrongMoment
from .stores import Store, store_for

WAITING, CLEAN, INFECTED = "waiting", "clean", "infected"
SCAN_STATES = {WAITING: "Being checked for viruses", CLEAN: "Checked, clean", INFECTED: "Held a virus, removed"}
BEING_CHECKED_SENTENCE = (
    "This file is being checked for viruses. Nobody can open it before that is done. Try again in a few minutes."
)
INFECTED_SENTENCE = "This file held a virus. We removed it, so nobody can open it."

_DEVICES = {"CON", "PRN", "AUX", "NUL", *(f"{port}{number}" for port in ("COM", "LPT") for number in range(1, 10))}


class StoredFile(Model):
    """One kept file. `scan_state` is empty where no scanner was asked; `scan_found` is the scanner's name for a virus."""

    __tablename__ = "stored_file"
    __table_args__ = (one_of("scan", "scan_state", SCAN_STATES),)

    id: Mapped[Key]
    sha256: Mapped[str]
    size: Mapped[int]
    name: Mapped[str]
    media_type: Mapped[str]
    stored_at: Mapped[Moment]
    stored_by_id: Mapped[int | None]
    scan_state: Mapped[str | None] = mapped_column(index=True)
    scanned_at: Mapped[Moment | None]
    scan_found: Mapped[str | None]

    @property
    def is_held(self) -> bool:
        """Whether it waits for the scanner: kept, and given to nobody."""
        return self.scan_state == WAITING

    @property
    def is_infected(self) -> bool:
        return self.scan_state == INFECTED


class Held(WrongMoment):
    """A file that is given to nobody now."""


def store(content: bytes, name: str, media_type: str, *, by, now: datetime, made_here: bool = False) -> StoredFile:
    """Keep these bytes and add their row. The same bytes are kept once.

    With a virus scanner the file is looked at first; when the scanner does not answer it is kept and held (`is_held`) until
    the job has had its answer. `made_here`: our own software drew it, so nobody waits. Raises Problem beside `files` for a
    file with a virus, StoreAway when the store cannot be reached.
    """
    verdict = None if made_here else scanning.look(content, safe_name(name))
    digest = hashlib.sha256(content).hexdigest()
    the_store().keep(digest, content)
    row = StoredFile(
        sha256=digest, size=len(content), name=safe_name(name), media_type=media_type, stored_at=now,
        stored_by_id=getattr(by, "id", None),
    )  # fmt: skip
    if verdict is not None:
        row.scan_state, row.scanned_at = CLEAN, now
    elif scanning.is_scanned() and not made_here:
        row.scan_state = WAITING
    db.session.add(row)
    db.session.flush()
    return row


def read(file: StoredFile) -> bytes:
    """The bytes, for whoever may have them now: the one door out of the store.

    Raises Held while the file waits for the scanner or after it was found infected, OSError when the bytes are gone,
    ValueError when they are not what was stored, StoreAway when the store cannot be reached.
    """
    if file.is_held:
        raise Held(BEING_CHECKED_SENTENCE)
    if file.is_infected:
        raise Held(INFECTED_SENTENCE)
    return fetch(the_store(), file.sha256)


def fetch(store: Store, digest: str) -> bytes:
    """The bytes under this digest, compared with it; for `read`, the scanner's job and the copying of stores."""
    content = store.fetch(digest)
    if hashlib.sha256(content).hexdigest() != digest:
        raise ValueError(f"the document {digest[:12]} was altered in the store")
    return content


def forget(file: StoredFile) -> None:
    """Take the name and the fingerprint out of a file's row; its bytes go with `remove_unused`, after the commit."""
    db.session.info.setdefault("forgotten", []).append(file.sha256)
    file.name, file.sha256, file.size = "erased", "", 0


def forgotten() -> list[str]:
    """The fingerprints of the files forgotten since this was last asked: whose bytes are to go."""
    return db.session.info.pop("forgotten", [])


def remove_unused(digest: str) -> bool:
    """Take bytes out of the store that no row names any more. Answers whether they were there."""
    if not digest or db.session.scalar(select(StoredFile.id).where(StoredFile.sha256 == digest).limit(1)) is not None:
        return False
    store = the_store()
    if not store.has(digest):
        return False
    store.drop(digest)
    return True


def the_store() -> Store:
    """The store that the settings name, made once for each app."""
    app = current_app._get_current_object()
    settings = app.config["SETTINGS"]
    kept = app.extensions.get("document_store")
    if kept is None or kept[0] is not settings:
        kept = app.extensions["document_store"] = (settings, store_for(settings, app.instance_path))
    return kept[1]


def send(content: bytes, name: str, media_type: str, *, inline: bool = False) -> Response:
    """An answer that a browser saves instead of running; only our own PDFs may open inline."""
    response = Response(content, mimetype=media_type)
    kind = "inline" if inline and media_type == "application/pdf" else "attachment"
    response.headers.set("Content-Disposition", kind, filename=safe_name(name))
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


SOUNDS = frozenset({"audio/webm", "audio/ogg", "audio/mpeg", "audio/mp4", "audio/wav"})


def send_sound(content: bytes, name: str, media_type: str) -> Response:
    """A recording for the player of one of our pages, in parts where the browser asks for parts. Raises ValueError for what
    is no sound."""
    if media_type not in SOUNDS:
        raise ValueError(f"{media_type} is no sound")
    response = send(content, name, media_type)
    response.make_conditional(request, accept_ranges=True, complete_length=len(content))
    return response


def safe_name(name: str) -> str:
    """A file name without folders, control characters, direction marks or quotes, at most 120 letters."""
    name = re.split(r"[/\\]", name)[-1]
    name = re.sub(r"[^\w.()&+ -]", "_", name).strip(" .") or "document"
    if name.partition(".")[0].upper() in _DEVICES:
        name = f"_{name}"
    stem, dot, ending = name.rpartition(".")
    return f"{stem[:110]}{dot}{ending[:9]}" if dot else name[:120]
