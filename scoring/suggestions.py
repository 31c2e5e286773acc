"""Hints at conflicts nobody has declared, of five kinds. What makes one is found in `nearness`.

A hint decides nothing. It stands beside the bid where the member answers yes or no, and in the officer's register, until
the conflict is declared or somebody says for good why it is none.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from applications.tables import Application
from fund.core import audit
from fund.core.database import db
from fund.core.problems import Problem
from fund.tables import Organisation, Person, Round

from .nearness import nearness
from .panels import seats_of
from .tables import Conflict, NotAConflict, Seat

KINDS = {
    "mail": "Same email domain",
    "organisation": "Belongs to the organisation",
    "postcode": "Same postcode",
    "trustee": "Named as a trustee",
    "past": "Part in an earlier award or bid of theirs",
}
LEFT_OUT = ("draft", "withdrawn", "ineligible")


@dataclass(frozen=True)
class Hint:
    """One sign that a member may be near a bid. `words` say what was found."""

    application: Application
    seat: Seat
    kind: str
    words: str

    @property
    def key(self) -> str:
        return f"{self.application.id}-{self.seat.id}-{self.kind}"


def hints_in(round: Round, *, seat: Seat | None = None, among: Iterable[int] | None = None) -> list[Hint]:
    """The hints of a round that nobody has answered, by bid and member; only those of one seat or some bids if wanted.

    The same number of statements, whatever the round holds.
    """
    seats = [seat] if seat is not None else seats_of(round)
    bids = _bids(round, among)
    if not seats or not bids:
        return []
    answered = _answered([each.id for each in seats])
    near = nearness(round, seats, bids)
    return [
        Hint(bid, each, kind, words)
        for bid in bids
        for each in seats
        for kind, words in near(bid, each)
        if (bid.id, each.id, None) not in answered and (bid.id, each.id, kind) not in answered
    ]


def _bids(round: Round, among: Iterable[int] | None) -> list[Application]:
    wanted = [Application.round_id == round.id, Application.status.not_in(LEFT_OUT)]
    if among is not None:
        wanted.append(Application.id.in_(list(among)))
    query = select(Application).where(*wanted).options(joinedload(Application.organisation))
    return list(db.session.scalars(query.order_by(Application.reference)))


def _answered(seats: list[int]) -> set[tuple[int, int, str | None]]:
    """What needs no hint any more: conflicts declared (for every kind), and hints answered for good."""
    declared = select(Conflict.application_id, Conflict.seat_id).where(
        Conflict.seat_id.in_(seats), or_(Conflict.conflicted, Conflict.lifted_at.is_not(None))
    )
    said = select(NotAConflict.application_id, NotAConflict.seat_id, NotAConflict.kind)
    found: set[tuple[int, int, str | None]] = {(bid, seat, None) for bid, seat in db.session.execute(declared)}
    return found | {tuple(row) for row in db.session.execute(said.where(NotAConflict.seat_id.in_(seats)))}


def not_a_conflict(hint: Hint, because: str, *, by: Person, now: datetime) -> NotAConflict:
    """Answer a hint for good. Raises Problem without a reason."""
    if not because.strip():
        raise Problem("Say why this is not a conflict", "because")
    row = NotAConflict(
        application_id=hint.application.id, seat_id=hint.seat.id, kind=hint.kind, because=because.strip()[:500],
        said_at=now, said_by_id=by.id,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.record("conflict.not", row, by=by, now=now, seat=hint.seat.id, kind=hint.kind)
    return row


@dataclass(frozen=True)
class Answered:
    """A hint answered for good: the row, its bid, and the member it was about."""

    row: NotAConflict
    reference: str
    title: str
    organisation: str
    label: str
    person: str
    kind: str


def answers_in(round: Round) -> list[Answered]:
    """The hints answered for good in a round, oldest first. One statement."""
    query = (
        select(NotAConflict, Application.reference, Application.title, Organisation.name, Seat.label, Person.name, Seat.kind)
        .join(Application, Application.id == NotAConflict.application_id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .join(Seat, Seat.id == NotAConflict.seat_id)
        .join(Person, Person.id == Seat.person_id)
        .where(Application.round_id == round.id)
    )  # fmt: skip
    rows = db.session.execute(query.order_by(NotAConflict.id))
    return [Answered(row[0], row[1] or "", row[2] or "", *row[3:]) for row in rows]
