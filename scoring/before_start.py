"""Before scoring starts: what the step changes, looked at first and then taken whole."""

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from applications.tables import Application
from fund.core import outbox
from fund.core.clock import today
from fund.core.database import db
from fund.core.problems import WrongMoment
from fund.tables import Person, Round

from . import assignments, suggestions
from .assignments import COUNTED
from .panels import seats_of
from .suggestions import Hint
from .tables import Assignment, BidView, Conflict, Seat
from .wishes import Unmet, unmet_wishes


@dataclass(frozen=True)
class Reader:
    """A member: how many of the bids that start they read, for how many they have yet to say yes or no, and whether mail goes out."""

    seat: Seat
    bids: int
    unanswered: int
    views: int
    is_told: bool


@dataclass(frozen=True)
class Start:
    """What starting changes. `starts` are the bids that start, `waits` those with too few readers: {bid: how many it has}.

    `unsaved` readings stand in the plan and are given to nobody yet; `unmet` are wishes that no reader's list follows.
    """

    starts: list[Application]
    waits: dict[Application, int]
    readers: list[Reader]
    idle: list[Seat]
    unsaved: int
    unmet: list[Unmet]
    hints: list[Hint]
    seen: str

    @property
    def told(self) -> list[Reader]:
        return [each for each in self.readers if each.is_told]

    @property
    def unanswered(self) -> int:
        return sum(each.unanswered for each in self.readers)


def look_ahead(round: Round, now: datetime) -> Start:
    """What starting would change at this moment. The statements do not grow with bids or members."""
    seats = seats_of(round)
    shared = assignments.share(round, seats)
    waiting = [bid for bid in shared.bids.values() if bid.status == "eligible"]
    given = _given([bid.id for bid in waiting])
    starts = [bid for bid in waiting if len(given[bid.id]) >= round.panel_quorum]
    keys = {bid.id for bid in starts}
    readers = _readers(seats, {key: given[key] for key in keys}, now)
    busy = {seat for bid in waiting for seat in given[bid.id]}
    unmet = unmet_wishes(shared.plan, shared.bids, shared.seats, shared.wished, shared.apart, shared.recused)
    return Start(
        starts, {bid: len(given[bid.id]) for bid in waiting if bid.id not in keys}, readers,
        [seat for key, seat in shared.seats.items() if key not in busy], len(shared.plan.added),
        [each for each in unmet if each.application.id in keys], suggestions.hints_in(round, among=keys) if keys else [],
        _digest({key: given[key] for key in keys}),
    )  # fmt: skip


def start(round: Round, seen: str, *, by: Person, now: datetime) -> tuple[int, list[str]]:
    """Take the step that was shown. Raises WrongMoment when it would be another by now, or starts nothing."""
    found = look_ahead(round, now)
    if found.seen != seen:
        raise WrongMoment("Bids or readers have changed since you looked. Look again, then start.")
    started, sentences = assignments.start_scoring(round, by=by, now=now)
    if not started:
        raise WrongMoment(sentences[0] if sentences else "No bid is waiting to be scored.")
    return started, sentences


def _given(bids: list[int]) -> dict[int, list[int]]:
    """The seats that read each bid and count."""
    found: dict[int, list[int]] = defaultdict(list)
    query = select(Assignment.application_id, Assignment.seat_id).where(Assignment.application_id.in_(bids))
    for bid, seat in db.session.execute(query.where(Assignment.status.in_(COUNTED)).order_by(Assignment.id)):
        found[bid].append(seat)
    return found


def _readers(seats: list[Seat], given: dict[int, list[int]], now: datetime) -> list[Reader]:
    """Everybody who reads, or is asked for a view of, a bid that starts; in the order of appointment."""
    bids = Counter(seat for readers in given.values() for seat in readers)
    views = _views(list(given))
    answered = {tuple(row) for row in db.session.execute(select(Conflict.application_id, Conflict.seat_id).where(Conflict.application_id.in_(given)))}  # fmt: skip
    unanswered = Counter(seat for bid, readers in given.items() for seat in readers if (bid, seat) not in answered)
    had = _told_today(now)
    return [
        Reader(seat, bids[seat.id], unanswered[seat.id], views[seat.id], _goes_to(seat.id, bids, views, had))
        for seat in seats
        if seat.id in bids or seat.id in views
    ]


def _goes_to(seat: int, bids: Counter, views: Counter, had: set[str]) -> bool:
    """Whether a member gets mail: one of each kind a day."""
    return (seat in bids and f"to_assess-{seat}" not in had) or (seat in views and f"to_view-{seat}" not in had)


def _views(bids: list[int]) -> Counter:
    waits = (BidView.finished_at.is_(None), BidView.voided_at.is_(None), Seat.left_at.is_(None))
    query = select(BidView.seat_id).join(Seat, Seat.id == BidView.seat_id)
    return Counter(db.session.scalars(query.where(BidView.application_id.in_(bids), *waits)))


def _told_today(now: datetime) -> set[str]:
    """The names of today's messages to members, without the day."""
    day = f"-{today(now):%Y-%m-%d}"
    row = outbox.OutboxMessage
    names = select(row.once).where(row.template.in_(("to_assess", "to_view")), row.once.endswith(day))
    return {name.removesuffix(day) for name in db.session.scalars(names)}


def _digest(given: dict[int, list[int]]) -> str:
    """A fingerprint of which bids start with which readers."""
    return hashlib.sha256(repr(sorted((bid, sorted(seats)) for bid, seats in given.items())).encode()).hexdigest()[:32]
