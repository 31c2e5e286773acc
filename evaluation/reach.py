"""Which rounds a person may see in a list: those of the partnerships, or the single rounds, where they hold a role."""

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.orm import joinedload

from fund.core import clock
from fund.core.database import db
from fund.tables import Fund, Person, Round


def load_round(key: int) -> Round | None:
    """A round with its fund and partnership, in one statement."""
    whole = joinedload(Round.fund).joinedload(Fund.partnership)
    return db.session.scalar(select(Round).where(Round.id == key).options(whole))


def in_reach(person: Person, *roles: str) -> ColumnElement[bool]:
    """A condition for queries that join Round and Fund: where the person now holds one of these roles."""
    moment = clock.now()
    found = []
    for grant in person.grants:
        if grant.role not in roles or (grant.until is not None and grant.until <= moment):
            continue
        if grant.round_id is not None:
            found.append(Round.id == grant.round_id)
        elif grant.partnership_id is not None:
            found.append(Fund.partnership_id == grant.partnership_id)
        else:
            return true()
    return or_(false(), *found)
