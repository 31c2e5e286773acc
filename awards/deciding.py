"""The list that a decision maker works through: each bid of a round with its rank, its decision and whether it fits the pot."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select

from applications.tables import Application
from fund.core.database import db
from fund.tables import Organisation, Person, Round

from .ranks import ranks_of
from .tables import Award, Decision

ON_THE_LIST = ("moderated", "reserved", "offered", "unsuccessful", "accepted", "declined", "lapsed", "in_delivery", "closed", "terminated")  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One bid. Money in pence; `place` and `total` are the panel's; `fits` says what the room allows for who waits."""

    id: int
    reference: str
    title: str
    organisation: str
    asked: int
    status: str
    place: int | None
    total: Decimal | None
    decision_id: int | None
    kind: str | None
    amount: int | None
    waiting: bool
    proposer: str | None
    award_id: int | None
    fits: str


def rows_for(round: Round, room_pence: int) -> list[Row]:
    """Every bid that is or was to be decided, best first, in three statements whatever their number."""
    proposer = Person.name
    query = (
        select(
            Application.id, Application.reference, Application.title, Organisation.name, Application.requested_pence,
            Application.status, Decision.id, Decision.kind, Decision.amount_pence, Decision.approved_at, proposer, Award.id,
        )
        .join(Organisation, Organisation.id == Application.organisation_id)
        .outerjoin(Decision, (Decision.application_id == Application.id) & Decision.superseded_at.is_(None))
        .outerjoin(Person, Person.id == Decision.proposed_by_id)
        .outerjoin(Award, Award.application_id == Application.id)
        .where(Application.round_id == round.id, Application.status.in_(ON_THE_LIST))
    )  # fmt: skip
    ranks = ranks_of(round)
    rows = [_row(found, ranks, room_pence) for found in db.session.execute(query)]
    return sorted(rows, key=lambda row: (row.place is None, row.place or 0, row.reference))


def _row(found, ranks, room_pence: int) -> Row:
    key, reference, title, organisation, asked, status, decision, kind, amount, approved_at, proposer, award = found
    place, total = ranks.get(key, (None, None))
    return Row(
        id=key, reference=reference, title=title or "", organisation=organisation, asked=asked or 0, status=status,
        place=place, total=total, decision_id=decision, kind=kind, amount=amount,
        waiting=decision is not None and approved_at is None, proposer=proposer, award_id=award,
        fits=how_it_fits(asked or 0, room_pence) if status == "reserved" else "",
    )  # fmt: skip


def how_it_fits(asked_pence: int, room_pence: int) -> str:
    """Whether a bid on the reserve list fits the room: "whole", "part" or "no"."""
    if asked_pence <= room_pence:
        return "whole"
    return "part" if room_pence > 0 else "no"


def could_be_direct(round: Round) -> list[Application]:
    """Eligible bids that no panel has begun with: an award without competition starts from one of them."""
    wanted = (Application.round_id == round.id, Application.status == "eligible")
    return list(db.session.scalars(select(Application).where(*wanted).order_by(Application.reference)))


def waiting_in(round: Round) -> list[Decision]:
    """Decisions of a round that wait for their second person, oldest first."""
    wanted = (Application.round_id == round.id, Decision.superseded_at.is_(None), Decision.approved_at.is_(None))
    return list(db.session.scalars(select(Decision).join(Application).where(*wanted).order_by(Decision.id)))


def rounds_with_counts(rounds: list[Round]) -> dict[int, dict[str, int]]:
    """{round key: {"to_decide": n, "waiting": n, "offered": n}} for the front page of decisions."""
    keys = [round.id for round in rounds]
    counts = {key: {"to_decide": 0, "waiting": 0, "offered": 0} for key in keys}
    by_status = select(Application.round_id, Application.status, func.count()).where(Application.round_id.in_(keys))
    for key, status, number in db.session.execute(by_status.group_by(Application.round_id, Application.status)):
        if status in ("moderated", "reserved"):
            counts[key]["to_decide"] += number
        elif status == "offered":
            counts[key]["offered"] += number
    waiting = (
        select(Application.round_id, func.count())
        .join(Decision, Decision.application_id == Application.id)
        .where(Application.round_id.in_(keys), Decision.superseded_at.is_(None), Decision.approved_at.is_(None))
        .group_by(Application.round_id)
    )
    for key, number in db.session.execute(waiting):
        counts[key]["waiting"] = number
    return counts
