"""What several pages load: a round with its fund and partnership, somebody's organisations."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from fund.core.database import db
from fund.core.problems import NotYours
from fund.tables import Fund, Membership, Organisation, Person, Round


def load_round(key: int) -> Round | None:
    return db.session.scalar(select(Round).where(Round.id == key).options(joinedload(Round.fund).joinedload(Fund.partnership)))


def public_round(key: int) -> Round:
    """A round that anybody may see. Raises NotYours for one that is being prepared or was cancelled."""
    round = load_round(key)
    if round is None or not round.is_public():
        raise NotYours()
    return round


def organisations_of(person: Person) -> list[Organisation]:
    wanted = (
        select(Organisation)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.person_id == person.id, Membership.left_at.is_(None))
        .order_by(Organisation.name)
    )
    return list(db.session.scalars(wanted))
