"""Stored files: bytes under their own SHA-256 on disk, facts in a row. Names people gave are kept as text, never as paths."""

import hashlib
import os
import re
import tempfile
from datetime import datetime
from pathlib import Path

from flask import Response, current_app
from sqlalchemy import select
from sqlalchemy.orm import Mapped

from .database import Key, Model, Moment, db

_DEVICES = {"CON", "PRN", "AUX", "NUL", *(f"{port}{number}" for port in ("COM", "LPT") for number in range(1, 10))}


class StoredFile(Model):
    __tablename__ = "stored_file"

    id: Mapped[Key]
    sha256: Mapped[str]
    size: Mapped[int]
    name: Mapped[str]
    media_type: Mapped[str]
    stored_at: Mapped[Moment]
    stored_by_id: Mapped[int | None]


def store(content: bytes, name: str, media_type: str, *, by, now: datetime) -> StoredFile:
    """Keep these bytes and add their row. The same bytes are kept on disk once."""
    digest = hashlib.sha256(content).hexdigest()
    path = _path(digest)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as draft:
            draft.write(content)
            draft.flush()
            os.fsync(draft.fileno())
        Path(draft.name).replace(path)
        _keep_folder(path.parent)
    row = StoredFile(
        sha256=digest, size=len(content), name=safe_name(name), media_type=media_type, stored_at=now,
        stored_by_id=getattr(by, "id", None),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def _keep_folder(folder: Path) -> None:
    """Have the disk keep the folder's new entry as well: a file without its name is lost."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read(file: StoredFile) -> bytes:
    """The bytes. Raises OSError when they are gone and ValueError when they are not what was stored."""
    content = _path(file.sha256).read_bytes()
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise ValueError(f"stored file {file.id} was altered on disk")
    return content


def forget(file: StoredFile) -> None:
    """Take the name and the fingerprint out of a file's row; its bytes go with `remove_unused`, after the commit."""
    db.session.info.setdefault("forgotten", []).append(file.sha256)
    file.name, file.sha256, file.size = "erased", "", 0


def forgotten() -> list[str]:
    """The fingerprints of the files forgotten since this was last asked: whose bytes are to go."""
    return db.session.info.pop("forgotten", [])


def remove_unused(digest: str) -> bool:
    """Take bytes off the disk that no row names any more. Answers whether they were there."""
    if not digest or db.session.scalar(select(StoredFile.id).where(StoredFile.sha256 == digest).limit(1)) is not None:
        return False
    there = _path(digest).exists()
    _path(digest).unlink(missing_ok=True)
    return there


def send(content: bytes, name: str, media_type: str, *, inline: bool = False) -> Response:
    """An answer that a browser saves instead of running; only our own PDFs may open inline."""
    response = Response(content, mimetype=media_type)
    kind = "inline" if inline and media_type == "application/pdf" else "attachment"
    response.headers.set("Content-Disposition", kind, filename=safe_name(name))
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def safe_name(name: str) -> str:
    """A file name without folders, control characters, direction marks or quotes, at most 120 letters."""
    name = re.split(r"[/\\]", name)[-1]
    name = re.sub(r"[^\w.()&+ -]", "_", name).strip(" .") or "document"
    if name.partition(".")[0].upper() in _DEVICES:
        name = f"_{name}"
    stem, dot, ending = name.rpartition(".")
    return f"{stem[:110]}{dot}{ending[:9]}" if dot else name[:120]


def _path(digest: str) -> Path:
    settings = current_app.config["SETTINGS"]
    folder = Path(settings.storage_path or Path(current_app.instance_path, "documents"))
    return folder / digest[:2] / digest
