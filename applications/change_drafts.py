"""What is written for a change request and not sent yet: each save is a row of its own, so a changed answer is no more lost
than any other. The answer that was sent stays as it is until the change is sent."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from fund.core.database import db
from fund.tables import Person

from .answers import digest_of, insert_for, stale_text
from .forms import AskedQuestion
from .open_pages import OpenPage
from .tables import ChangeDraft, ChangeRequest


def drafts_of(request: ChangeRequest, since: int = 0) -> list[ChangeDraft]:
    """The saves after this version, oldest first, each with who made it."""
    wanted = select(ChangeDraft).where(ChangeDraft.request_id == request.id, ChangeDraft.version > since)
    return list(db.session.scalars(wanted.options(joinedload(ChangeDraft.saved_by)).order_by(ChangeDraft.version)))


def newest_draft(request: ChangeRequest) -> ChangeDraft | None:
    wanted = select(ChangeDraft).where(ChangeDraft.request_id == request.id)
    wanted = wanted.options(joinedload(ChangeDraft.saved_by)).order_by(ChangeDraft.version.desc())
    return db.session.scalar(wanted.limit(1))


def save_draft(
    request: ChangeRequest, question: AskedQuestion, value: Any, seen_version: int, *, by: Person, now: datetime,
    page: OpenPage | None = None,
) -> int:  # fmt: skip
    """Keep what is written so far; returns its version. `seen_version` is the one the page showed, 0 for none.

    Saving what is kept already changes nothing. Raises Stale (with `theirs`, the newest draft) when another text was saved
    meanwhile from anywhere but this page. May be called while the request is late: the words stay all the same.
    """
    value = None if value is None else question.type.guard(question, value)
    since = drafts_of(request, seen_version)
    newest = since[-1] if since else newest_draft(request)
    if newest and digest_of(newest.value) == digest_of(value):
        return newest.version
    if since:
        if page is None or not page.wrote(since, by.id):
            raise stale_text(since[-1], value, by)
        if since[-1].page_turn > page.turn:
            return since[-1].version  # the network turned two saves of this page round
    facts = {
        "request_id": request.id, "version": (newest.version if newest else 0) + 1, "value": value, "saved_at": now,
        "saved_by_id": by.id, "page": page.name if page else None, "page_turn": page.turn if page else None,
    }  # fmt: skip
    added = db.session.execute(
        insert_for(ChangeDraft.__table__)
        .values(facts)
        .on_conflict_do_nothing(index_elements=["request_id", "version"])
        .returning(ChangeDraft.__table__.c.version)
    ).scalar()
    if added is None:
        raise stale_text(drafts_of(request)[-1], value, by)
    return added
