"""Which sections of a bid an assessor has opened: recorded when they say so or when the page saw it, never by looking alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from applications.forms import form_of
from fund.core import audit
from fund.core.database import db
from fund.tables import Person

from .bid import Answered
from .tables import Assignment, SectionRead

ALL = "all"  # what the button at the end of the bid sends


@dataclass(frozen=True)
class SectionToRead:
    """One section of the bid, as its list shows it."""

    key: str
    title: str
    is_read: bool


def sections_of(answers: Iterable[Answered], read: Iterable[str]) -> list[SectionToRead]:
    """The sections in which something was answered, in the form's order."""
    titles, known = {each.section_key: each.section for each in answers}, set(read)
    return [SectionToRead(key, title, key in known) for key, title in titles.items()]


def mark_as_read(assignment: Assignment, sections: Iterable[str], *, by: Person, now: datetime) -> int:
    """Record that these sections were opened; unknown keys are left aside, ALL means each. Returns how many are new."""
    known = {each.section_key for each in form_of(assignment.application).questions}
    before = set(db.session.scalars(select(SectionRead.section).where(SectionRead.assignment_id == assignment.id)))
    given = set(sections)
    new = sorted((known if ALL in given else given & known) - before)
    for key in new:
        db.session.add(SectionRead(assignment_id=assignment.id, section=key, read_at=now))
    if new:
        db.session.flush()
        audit.record("sections.read", assignment, by=by, now=now, sections=len(new))
    return len(new)
