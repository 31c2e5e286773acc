"""What an assessor has before them: their bids by round with the progress, and where each stands among its neighbours."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, case, func, select

from applications.tables import Application
from fund.core.database import db
from fund.tables import Organisation, Person, Round

from .blind import mask
from .panels import GIVEN_BIDS
from .tables import Assignment, Conflict, Panel, Score, Seat
from .workflow import ASSIGNMENT

STATES = {
    "declare": ("Conflict?", "yellow"),
    "begun": ("Begun", "blue"),
    "todo": ("To do", "blue"),
    "waiting": ("Not started yet", ""),
    "finished": ("Finished", "green"),
    "ended": ("Not finished in time", "grey"),
    "excused": ("Excused", "grey"),
    "recused": ("Conflict declared", "grey"),
}
"""How far a member is with a bid, what still has to be done first: its words and the colour of its tag."""
FIRST = 25  # bids of a round that stand on the first page; the others on a page of their own

_TO_DO = list(STATES).index("waiting")


@dataclass(frozen=True)
class MyBid:
    assignment_id: int
    reference: str
    title: str
    organisation: str
    asked_pence: int
    status: str
    bid_status: str
    declared: bool
    marks: int
    sealed_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.status in ("assigned", "sealed") and self.bid_status != "eligible"

    @property
    def state(self) -> str:
        """One of STATES."""
        if self.status != "assigned":
            return "finished" if self.status == "sealed" else self.status
        if self.bid_status == "eligible":
            return "waiting"
        if self.bid_status != "in_scoring":
            return "ended"
        if not self.declared:
            return "declare"
        return "begun" if self.marks else "todo"

    @property
    def order(self) -> int:
        """What has to be done first."""
        return list(STATES).index(self.state)


@dataclass
class MyRound:
    round: Round
    kind: str
    bids: list[MyBid] = field(default_factory=list)
    finish_at: datetime | None = None

    @property
    def sealed(self) -> list[datetime | None]:
        """When each bid was finished that is to be read, None for one to do."""
        return [each.sealed_at for each in self.bids if each.status in ("assigned", "sealed")]

    @property
    def done(self) -> int:
        return sum(each.status == "sealed" for each in self.bids)

    @property
    def whole(self) -> int:
        return sum(each.status in ("assigned", "sealed") for each in self.bids)

    @property
    def undeclared(self) -> int:
        return sum(each.status == "assigned" and not each.declared for each in self.bids)

    @property
    def first(self) -> list[MyBid]:
        """What the first page shows: what is to be done, then the rest."""
        return sorted(self.bids, key=lambda bid: (bid.order > _TO_DO, bid.assignment_id))[:FIRST]

    @property
    def next_to_do(self) -> MyBid | None:
        return next((each for each in self.bids if each.status == "assigned" and each.bid_status == "in_scoring"), None)


def bids_by_round(person: Person) -> list[MyRound]:
    """Every round this person judges, newest first, with their bids in the order given. Two statements."""
    query = (
        select(Seat.id, Seat.kind, Seat.finish_at, Round)
        .join(Panel, Panel.id == Seat.panel_id)
        .join(Round, Round.id == Panel.round_id)
    )
    held = query.where(Seat.person_id == person.id, Seat.left_at.is_(None)).order_by(Round.closes_at.desc())
    rounds = {
        seat: MyRound(round, kind, finish_at=finish_at) for seat, kind, finish_at, round in db.session.execute(held)
    }
    given = func.count(case((Score.mark.is_not(None) | Score.not_applicable, 1)))
    rows = (
        select(
            Assignment.seat_id, Assignment.id, Application.reference, Application.title, Organisation.name,
            Application.requested_pence, Assignment.status, Application.status, func.count(Conflict.id) > 0, given,
            Assignment.sealed_at,
        )
        .join(Application, Application.id == Assignment.application_id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .outerjoin(Conflict, and_(Conflict.application_id == Application.id, Conflict.seat_id == Assignment.seat_id))
        .outerjoin(Score, and_(Score.assignment_id == Assignment.id, Score.voided_at.is_(None)))
        .where(Assignment.seat_id.in_(rounds), Application.status != "withdrawn")
        .group_by(Assignment.id, Application.id, Organisation.id)
        .order_by(Assignment.id)
    )  # fmt: skip
    for seat, key, reference, title, name, asked, status, bid_status, declared, marks, sealed in db.session.execute(
        rows
    ):
        mine = rounds[seat]
        if mine.round.hides_names and mine.kind in GIVEN_BIDS:
            title, name = mask(title or "", [name]), ""
        mine.bids.append(
            MyBid(key, reference, title or "", name, asked or 0, status, bid_status, bool(declared), marks, sealed)
        )
    return list(rounds.values())


class Neighbour(NamedTuple):
    """One bid of a seat: its reading's key and status, the bid's reference and status."""

    id: int
    reference: str
    status: str
    bid_status: str


@dataclass
class Neighbours:
    """The bids of one seat in order; recused and excused ones are not among them."""

    rows: list[Neighbour]
    undeclared: bool

    def place(self, key: int) -> int:
        return next((place for place, row in enumerate(self.rows, 1) if row.id == key), 0)

    def beside(self, key: int, step: int):
        place = self.place(key) - 1 + step
        return self.rows[place] if 0 <= place < len(self.rows) else None

    def next_to_do(self, key: int) -> int | None:
        place = self.place(key)
        for row in [*self.rows[place:], *self.rows[:place]]:
            if row.status == "assigned" and row.id != key and row.bid_status == "in_scoring":
                return row.id
        return None

    @property
    def done(self) -> int:
        return sum(row.status == "sealed" for row in self.rows)


class Desk:
    """Which answers each criterion reads, for the marks beside them and for jumping there."""

    def __init__(self, assignment: Assignment, criteria, answers):
        self.state = ASSIGNMENT.state(assignment.status)
        known = {each.key for each in answers}
        self.reads = {each.id: [key for key in each.reads if key in known] for each in criteria}
        self.read_by = {key: [each.title for each in criteria if key in each.reads] for key in known}
