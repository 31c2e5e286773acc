"""People: finding and adding them, the roles they hold, and ending what they may do."""

import re
from datetime import datetime

from sqlalchemy import or_, select

from fund import sessions
from fund.core import audit
from fund.core.database import db
from fund.core.problems import Problem, WrongMoment
from fund.tables import ROLES, Partnership, Person, RoleGrant, Round

EVERYWHERE = ("administrator", "auditor")  # roles that may be held without naming a partnership


def tidy_email(text: str) -> str:
    """The address as it is kept and compared: without spaces, in lower case."""
    return re.sub(r"\s+", "", text).lower()


def find_person(email: str) -> Person | None:
    return db.session.scalar(select(Person).where(Person.email == tidy_email(email)))


def load_person(key: int) -> Person | None:
    return db.session.get(Person, key)


def add_person(email: str, name: str, *, by: Person | None, now: datetime) -> Person:
    """A new person. Raises Problem when the address is taken."""
    if find_person(email):
        raise Problem("Somebody with this email address is already here", "email")
    person = Person(email=tidy_email(email), name=name, created_at=now)
    db.session.add(person)
    db.session.flush()
    audit.record("person.add", person, by=by or person, now=now)
    return person


def name_person(person: Person, name: str, phone: str | None = None, *, by: Person, now: datetime) -> None:
    """What to call somebody, and the telephone number to reach them on."""
    if not name.strip():
        raise Problem("Enter your name", "name")
    person.name, person.phone = name.strip(), (phone or "").strip() or None
    person.touch()
    audit.record("person.name", person, by=by, now=now, changed=["name", "phone"])


def grant_role(
    person: Person, role: str, *, by: Person | None, now: datetime, partnership: Partnership | None = None,
    round: Round | None = None, until: datetime | None = None,
) -> RoleGrant:  # fmt: skip
    """Give a role for a partnership or for one round; without either it holds everywhere (administrators).

    Whoever is signed in as that person is signed out: rights are fresh at the next sign-in (ASVS 7.4, 8.3.2).
    Raises Problem when the role is one's own to give, or is held already.
    """
    if by is not None and by.id == person.id:
        raise Problem("You cannot give yourself a role. Ask another administrator.")
    if role not in ROLES:
        raise Problem("Choose a role", "role")
    where = (partnership and partnership.id, round and round.id)
    if any(held.role == role and (held.partnership_id, held.round_id) == where for held in running(person, now)):
        raise Problem(f"{person.name} has that role already", "role")
    if until is not None and until <= now:
        raise Problem("The last day must be in the future", "until")
    grant = RoleGrant(
        person_id=person.id, role=role, partnership_id=where[0], round_id=where[1],
        granted_at=now, granted_by_id=by and by.id, until=until,
    )  # fmt: skip
    db.session.add(grant)
    _roles_changed(person, now)
    audit.record("role.grant", person, by=by, now=now, role=role, partnership=where[0], round=where[1])
    return grant


def end_role(grant: RoleGrant, *, by: Person, now: datetime) -> None:
    """Take a role away from this moment on. Raises Problem when it is one's own, or over already."""
    if grant.person_id == by.id:
        raise Problem("You cannot end your own role. Ask another administrator.")
    if grant.until is not None and grant.until <= now:
        raise WrongMoment("That role has ended already.")
    grant.until = now
    person = db.session.get_one(Person, grant.person_id)
    _roles_changed(person, now)
    audit.record(
        "role.end", person, by=by, now=now, role=grant.role, partnership=grant.partnership_id, round=grant.round_id
    )


def running(person: Person, now: datetime) -> list[RoleGrant]:
    """The roles somebody holds at this moment."""
    return [grant for grant in person.grants if grant.until is None or grant.until > now]


def administrators(now: datetime) -> list[Person]:
    """Everybody who may set the system up at this moment, by key."""
    held = (RoleGrant.role == "administrator", or_(RoleGrant.until.is_(None), RoleGrant.until > now))
    wanted = select(Person).where(Person.id.in_(select(RoleGrant.person_id).where(*held)), Person.disabled_at.is_(None))
    return list(db.session.scalars(wanted.order_by(Person.id)))


def staff_of(round: Round, *roles: str, now: datetime) -> list[Person]:
    """Everybody who holds one of these roles for a round, for its partnership or everywhere at this moment, by key."""
    for_it = or_(
        RoleGrant.round_id == round.id,
        RoleGrant.round_id.is_(None) & (RoleGrant.partnership_id == round.fund.partnership_id),
        RoleGrant.round_id.is_(None) & RoleGrant.partnership_id.is_(None),
    )
    held = (RoleGrant.role.in_(roles), or_(RoleGrant.until.is_(None), RoleGrant.until > now), for_it)
    wanted = select(Person).where(Person.id.in_(select(RoleGrant.person_id).where(*held)), Person.disabled_at.is_(None))
    return list(db.session.scalars(wanted.order_by(Person.id)))


def disable_person(person: Person, *, by: Person, now: datetime) -> None:
    """Close an account at once: its sessions end and no code lets it in. Nobody closes their own."""
    if person.id == by.id:
        raise Problem("You cannot close your own account. Ask another administrator.")
    if person.disabled_at is not None:
        raise WrongMoment("This account is closed already.")
    person.disabled_at = now
    person.touch()
    sessions.end_all_of(person, now=now)
    audit.record("person.disable", person, by=by, now=now)


def enable_person(person: Person, *, by: Person, now: datetime) -> None:
    """Open a closed account again; its roles are as they were."""
    if person.disabled_at is None:
        raise WrongMoment("This account is open already.")
    person.disabled_at = None
    person.touch()
    audit.record("person.enable", person, by=by, now=now)


def end_sessions(person: Person, *, by: Person, now: datetime) -> int:
    """Sign somebody out everywhere. Returns how many browsers that was."""
    ended = sessions.end_all_of(person, now=now)
    audit.record("session.end_all", person, by=by, now=now, ended=ended)
    return ended


def _roles_changed(person: Person, now: datetime) -> None:
    db.session.flush()
    db.session.expire(person, ["grants"])
    sessions.end_all_of(person, now=now)
