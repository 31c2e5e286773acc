"""Keeping an upload until it is confirmed, and saving the answers that were chosen through the same act as the pages."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import delete, select

from fund.core import audit
from fund.core.database import db
from fund.core.files import safe_name
from fund.core.jobs import job
from fund.core.problems import Problem, Stale, WrongMoment
from fund.tables import Person

from ..answers import save_answer
from ..forms import AskedQuestion, form_of
from ..tables import Application, PackUpload
from ..workflow import OPEN_TO_APPLICANT
from .placing import CHOOSE, placements_of
from .reading import read_pack

KEPT_DAYS = 14


@dataclass
class Taken:
    """How many answers were saved, and the sentences of those that were not."""

    saved: int = 0
    refused: list[tuple[AskedQuestion, str]] = field(default_factory=list)


def keep_upload(application: Application, content: bytes, name: str, *, by: Person, now: datetime) -> PackUpload:
    """Read a pack and keep what it says, to be looked at. An earlier one of this bid that nobody confirmed goes.

    Nothing of the bid changes. Raises WrongMoment when the bid is not a draft, Problem beside `pack` for a file that cannot
    be read as a pack of this round.
    """
    if application.status not in OPEN_TO_APPLICANT:
        raise WrongMoment("This bid has been sent. Take it back to change it.")
    most = current_app.config["SETTINGS"].upload_megabytes
    read = read_pack(content, name, application.round, form_of(application), most_megabytes=most)
    db.session.execute(
        delete(PackUpload).where(PackUpload.application_id == application.id, PackUpload.closed_at.is_(None))
    )
    upload = PackUpload(
        application_id=application.id, name=safe_name(name), sha256=hashlib.sha256(content).hexdigest(),
        content=read.as_json(), settled={}, uploaded_at=now, uploaded_by_id=by.id,
    )  # fmt: skip
    db.session.add(upload)
    db.session.flush()
    audit.record("pack.upload", application, by=by, now=now, upload=upload.id, sha256=upload.sha256)
    return upload


def upload_of(application: Application, key: int) -> PackUpload | None:
    """One upload of this bid and of no other."""
    wanted = (PackUpload.id == key, PackUpload.application_id == application.id)
    return db.session.scalar(select(PackUpload).where(*wanted))


def waiting_upload(application: Application) -> PackUpload | None:
    """The upload that still waits to be confirmed, or None."""
    wanted = (PackUpload.application_id == application.id, PackUpload.closed_at.is_(None))
    return db.session.scalar(select(PackUpload).where(*wanted).order_by(PackUpload.id.desc()).limit(1))


def take(
    application: Application, upload: PackUpload, choices: dict[str, str], seen: dict[str, int], *, by: Person, now: datetime
) -> Taken:  # fmt: skip
    """Save what was chosen: `choices` says "pack" or "keep" by question key, `seen` which version of the answer was shown.

    Raises Problem beside the first question that still needs a choice, and then saves nothing. An answer that somebody
    changed meanwhile is not saved and stays to be chosen again, with the new text; the others are.
    """
    if upload.closed_at is not None:
        raise WrongMoment("This pack is done already. Put it in again if you want to take more from it.")
    rows = [row for row in placements_of(application, upload) if row.state in CHOOSE]
    for row in rows:
        if choices.get(row.question.key) not in ("pack", "keep"):
            raise Problem(f"Choose what to do with “{row.question.text}”", row.question.key)
    done, settled = Taken(), dict(upload.settled)
    for row in rows:
        key = row.question.key
        if choices[key] == "pack":
            try:
                with db.session.begin_nested():
                    save_answer(application, row.question, row.value, seen.get(key, 0), by=by, now=now)
            except Stale as stale:
                done.refused.append((row.question, f"{stale.sentence} Look at both and choose again."))
                continue
            done.saved += 1
        settled[key] = choices[key]
    upload.settled = settled
    if not done.refused:
        upload.closed_at, upload.content = now, {}
    db.session.flush()
    audit.record(
        "pack.take", application, by=by, now=now, upload=upload.id, answers=done.saved, stale=len(done.refused)
    )
    return done


def discard(application: Application, upload: PackUpload, *, by: Person, now: datetime) -> None:
    """Take nothing (more) from a pack; what it said goes."""
    if upload.closed_at is None:
        upload.closed_at, upload.content = now, {}
        db.session.flush()
        audit.record("pack.discard", application, by=by, now=now, upload=upload.id)


@job("forget_packs", hour=4, minute=20)
def forget_packs(now: datetime) -> str | None:
    """Delete uploaded packs that nobody confirmed within fourteen days, and the records of those that were."""
    gone = forget_old(now)
    db.session.commit()
    return f"{gone} packs" if gone else None


def forget_old(now: datetime) -> int:
    """Delete the rows older than KEPT_DAYS days; answers how many. The audit log keeps that they were there."""
    return db.session.execute(
        delete(PackUpload).where(PackUpload.uploaded_at < now - timedelta(days=KEPT_DAYS))
    ).rowcount
