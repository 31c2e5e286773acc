"""The list that counts for a partnership: read from a file, versioned, and old after thirty days."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import joinedload

from fund.core import audit
from fund.core.clock import speak_day, today
from fund.core.database import db
from fund.core.problems import Problem
from fund.tables import Partnership, Person

from ..tables import SanctionsList, SanctionsName
from .reading import read_list

OLD_AFTER = timedelta(days=30)
AT_ONCE = 1000


def read_file(partnership: Partnership, content: bytes, *, by: Person, now: datetime) -> SanctionsList:
    """Keep a list; the one before stays on record as replaced and gives up its names.

    Raises Problem for a file that is no list, is dated in the future, or is older than the list that counts.
    """
    found = read_list(content)
    if found.dated_on > today(now):
        raise Problem(f"This file says it is of {speak_day(found.dated_on)}, which is still to come", "file")
    before = current_list(partnership.id)
    if before is not None and found.dated_on < before.dated_on:
        raise Problem(f"This list is of {speak_day(found.dated_on)}. A later one is here already, of {speak_day(before.dated_on)}", "file")  # fmt: skip
    if before is not None:
        before.replaced_at = now
        db.session.execute(delete(SanctionsName).where(SanctionsName.list_id == before.id))
    row = SanctionsList(
        partnership_id=partnership.id, source=found.source, dated_on=found.dated_on, sha256=hashlib.sha256(content).hexdigest(),
        names_count=len(found.names), targets_count=len({each.target for each in found.names}), read_at=now, read_by_id=by.id,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    for start in range(0, len(found.names), AT_ONCE):
        part = found.names[start : start + AT_ONCE]
        db.session.execute(insert(SanctionsName), [{"list_id": row.id, **vars(each)} for each in part])
    audit.record("sanctions.read", row, by=by, now=now, partnership=partnership.id, names=row.names_count, dated=found.dated_on.isoformat())  # fmt: skip
    return row


def current_list(partnership_id: int) -> SanctionsList | None:
    """The list that counts, or None while none was read."""
    wanted = (SanctionsList.partnership_id == partnership_id, SanctionsList.replaced_at.is_(None))
    query = select(SanctionsList).where(*wanted).options(joinedload(SanctionsList.read_by))
    return db.session.scalar(query.order_by(SanctionsList.id.desc()).limit(1))


def lists_of(partnership: Partnership) -> list[SanctionsList]:
    """Every list that was read, the latest first."""
    query = select(SanctionsList).where(SanctionsList.partnership_id == partnership.id)
    return list(db.session.scalars(query.options(joinedload(SanctionsList.read_by)).order_by(SanctionsList.id.desc())))


def is_old(row: SanctionsList, now: datetime) -> bool:
    """Whether the list is older than thirty days; the thirtieth day still counts."""
    return today(now) - row.dated_on > OLD_AFTER


def warning_about(row: SanctionsList | None, now: datetime) -> str:
    """What to say of a list that is missing or old; nothing otherwise."""
    if row is None:
        return "No sanctions list was read yet, so no name was compared."
    if is_old(row, now):
        return f"The sanctions list is of {speak_day(row.dated_on)}, older than 30 days. Read the list of today."
    return ""
