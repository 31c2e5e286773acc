"""People: finding and adding them, the roles they hold, and ending what they may do."""

from datetime import datetime

from sqlalchemy import select

from fund.core import audit
from fund.core.database import db
from fund.core.problems import Problem
from fund.tables import Partnership, Person, RoleGrant, Round


def tidy_email(text: str) -> str:
    """The address as it is kept and compared: no outer spaces, lower case."""
    return text.strip().lower()


def find_person(email: str) -> Person | None:
    return db.session.scalar(select(Person).where(Person.email == tidy_email(email)))


def add_person(email: str, name: str, *, by: Person | None, now: datetime) -> Person:
    """A new person. Raises Problem when the address is taken."""
    if find_person(email):
        raise Problem("Somebody with this email address is already here", "email")
    person = Person(email=tidy_email(email), name=name, created_at=now)
    db.session.add(person)
    db.session.flush()
    audit.record("person.add", person, by=by or person, now=now)
    return person


def grant_role(
    person: Person, role: str, *, by: Person | None, now: datetime, partnership: Partnership | None = None,
    round: Round | None = None, until: datetime | None = None,
) -> RoleGrant:  # fmt: skip
    """Give a role for a partnership or for one round; without either it holds everywhere (administrators)."""
    if by is not None and by.id == person.id:
        raise Problem("You cannot give yourself a role. Ask another administrator.")
    grant = RoleGrant(
        person_id=person.id, role=role, partnership_id=partnership and partnership.id, round_id=round and round.id,
        granted_at=now, granted_by_id=by and by.id, until=until,
    )  # fmt: skip
    db.session.add(grant)
    db.session.flush()
    db.session.expire(person, ["grants"])
    audit.record(
        "role.grant", person, by=by, now=now, role=role, partnership=grant.partnership_id, round=grant.round_id
    )
    return grant


def end_role(grant: RoleGrant, *, by: Person, now: datetime) -> None:
    """Take a role away from this moment on."""
    grant.until = now
    person = db.session.get_one(Person, grant.person_id)
    audit.record(
        "role.end", person, by=by, now=now, role=grant.role, partnership=grant.partnership_id, round=grant.round_id
    )
