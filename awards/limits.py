"""Who may decide on how much: limits that the head of fund sets for decision makers. Without one there is no limit."""

from datetime import datetime

from sqlalchemy import or_, select

from fund.core import audit
from fund.core.database import db
from fund.core.guards import once_only
from fund.core.money import pounds
from fund.core.permissions import No
from fund.core.problems import Forbidden, Problem
from fund.tables import Partnership, Person, RoleGrant

from .tables import DelegatedLimit

LEAST_REASON = 10  # letters: the minute or scheme of delegation it rests on


def limits_of(partnership: Partnership, *, ended: bool = False) -> list[DelegatedLimit]:
    """The limits that hold now (or, `ended`, those that held before), the general one first."""
    wanted = [DelegatedLimit.partnership_id == partnership.id, DelegatedLimit.ended_at.isnot(None) if ended else DelegatedLimit.ended_at.is_(None)]  # fmt: skip
    order = (DelegatedLimit.person_id.isnot(None), DelegatedLimit.id.desc())
    return list(db.session.scalars(select(DelegatedLimit).where(*wanted).order_by(*order)))


def limit_for(person: Person, partnership_id: int) -> int | None:
    """The most this person may decide on for one award, in pence; None where no limit is set."""
    wanted = (
        DelegatedLimit.partnership_id == partnership_id,
        DelegatedLimit.ended_at.is_(None),
        or_(DelegatedLimit.person_id == person.id, DelegatedLimit.person_id.is_(None)),
    )
    # A limit of their own comes before the one for everybody.
    query = select(DelegatedLimit.most_pence).where(*wanted).order_by(DelegatedLimit.person_id.is_(None))
    return db.session.scalars(query.limit(1)).first()


def may_decide_on(person: Person, partnership_id: int, pence: int | None) -> bool | No:
    """Whether an award of so many pence is within this person's limit."""
    most = limit_for(person, partnership_id)
    if most is None or (pence or 0) <= most:
        return True
    return No(f"You may decide on awards of up to {pounds(most)}. Somebody with a higher limit must decide on this.")


def decision_makers_of(partnership: Partnership) -> list[Person]:
    """Everybody who was ever given the role there or everywhere, by name: a limit of one who left does no harm."""
    here = or_(RoleGrant.partnership_id == partnership.id, RoleGrant.partnership_id.is_(None))
    query = select(Person).join(RoleGrant, RoleGrant.person_id == Person.id)
    query = query.where(RoleGrant.role.in_(("decision_maker", "head_of_fund")), here)
    return list(db.session.scalars(query.distinct().order_by(Person.name, Person.id)))


def set_limit(
    partnership: Partnership, person: Person | None, most_pence: int, why: str, *, by: Person, now: datetime
) -> DelegatedLimit:
    """Set a limit for one person, or for everybody who has none (person None). Raises Forbidden for one's own, Problem."""
    if person is not None and person.id == by.id:
        raise Forbidden("Nobody sets their own limit. Another person must do this.")
    if most_pence <= 0:
        raise Problem("Enter an amount above £0.00", "amount")
    if len(why.strip()) < LEAST_REASON:
        raise Problem("Say what the limit rests on, for example the scheme of consent and its date", "why")
    _end_current(partnership, person, now)
    row = DelegatedLimit(
        partnership_id=partnership.id, person_id=person and person.id, most_pence=most_pence, why=why.strip(), set_at=now,
        set_by_id=by.id,
    )  # fmt: skip
    with once_only("Somebody else set this limit at the same moment. Look at theirs first."):
        db.session.add(row)
    audit.record(
        "limit.set", row, by=by, now=now, partnership=partnership.id, person=row.person_id, most_pence=most_pence
    )
    return row


def _end_current(partnership: Partnership, person: Person | None, now: datetime) -> None:
    mine = DelegatedLimit.person_id == person.id if person else DelegatedLimit.person_id.is_(None)
    wanted = (DelegatedLimit.partnership_id == partnership.id, DelegatedLimit.ended_at.is_(None), mine)
    for row in db.session.scalars(select(DelegatedLimit).where(*wanted)):
        row.ended_at = now
    db.session.flush()
