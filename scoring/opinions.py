"""The views of young and lived-experience members: one page for each bid, one of four pictures, a sentence that says why.

Where a round fixes a weight for them, these members give a view instead of marks. The pictures stand for marks on the
scale of the others (docs/decisions/0028), enter the total through scoring.totals alone, and nothing else: not the quorum,
the spread, the severities or the agreement of members.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Select, cast, null, or_, select
from sqlalchemy.orm import joinedload

from applications.tables import Application
from fund.core import audit, outbox
from fund.core.clock import today
from fund.core.database import db
from fund.core.problems import Problem, Stale, WrongMoment
from fund.tables import Fund, Person, Round

from .balance import share_out
from .panels import seats_of
from .tables import BidView, Conflict, Panel, Seat, Wish
from .tables.panels import SEAT_KINDS, VIEW_SEATS

MOST_LETTERS = 1000
TO_SHARE = ("eligible", "in_scoring")


@dataclass(frozen=True)
class Picture:
    """One of the four answers: its place, its words, and the mark from 0 to 5 that it stands for in the total."""

    answer: int
    words: str
    mark: int


PICTURES = (
    Picture(1, "No, this would not help here", 1),
    Picture(2, "Not really", 2),
    Picture(3, "Yes, it would help", 4),
    Picture(4, "Yes, it would help a lot", 5),
)
BY_ANSWER = {each.answer: each for each in PICTURES}
BY_MARK = {each.mark: each for each in PICTURES}


def gives_views(seat: Seat, round: Round) -> bool:
    """Whether this member gives views in pictures in this round, and no marks."""
    return round.view_weight is not None and seat.kind in VIEW_SEATS


def load_view(key: int) -> BidView | None:
    bid = joinedload(BidView.application)
    with_it = (
        bid.joinedload(Application.round).joinedload(Round.fund).joinedload(Fund.partnership),
        bid.joinedload(Application.organisation), bid.joinedload(Application.form), joinedload(BidView.seat).joinedload(Seat.panel),
    )  # fmt: skip
    return db.session.scalar(select(BidView).where(BidView.id == key).options(*with_it))


# Giving bids to them ------------------------------------------------------------------------------------------------


def plan_views(round: Round) -> list[tuple[Application, Seat]]:
    """Who of these members is asked about which bid next: one for each bid, loads within one, nobody with a conflict."""
    seats = {each.id: each for each in seats_of(round, *VIEW_SEATS)} if round.view_weight is not None else {}
    if not seats:
        return []
    query = select(Application).where(Application.round_id == round.id, Application.status.in_(TO_SHARE))
    bids = {each.id: each for each in db.session.scalars(query.order_by(Application.id))}
    given: dict[Any, list[Any]] = defaultdict(list)
    # A view that was never given by somebody who has left is asked of another.
    counts = or_(BidView.finished_at.is_not(None), BidView.seat_id.in_(seats))
    there = select(BidView).where(BidView.application_id.in_(bids), BidView.voided_at.is_(None), counts)
    for row in db.session.scalars(there):
        given[row.application_id].append(row.seat_id)
    recused = select(Conflict.application_id, Conflict.seat_id).where(Conflict.seat_id.in_(seats), Conflict.conflicted)
    cannot = select(Wish.application_id, Wish.seat_id).where(Wish.seat_id.in_(seats), Wish.wish == "cannot")
    barred = {(bid, seat) for query in (recused, cannot) for bid, seat in db.session.execute(query)}
    limits: dict[Any, int] = {key: seat.bids_limit for key, seat in seats.items() if seat.bids_limit}
    plan = share_out(list(bids), list(seats), 1, barred=barred, kept=given, limits=limits)
    return [(bids[bid], seats[seat]) for bid, seat in plan.added]  # type: ignore[index]


def ask_for_views(round: Round, wanted: Sequence[tuple[int, int]], *, by: Person, now: datetime) -> int:
    """Give the bids as the plan showed it, pairs of (bid, seat). Returns how many. Raises WrongMoment when it is another by now."""
    pairs = plan_views(round)
    if sorted((bid.id, seat.id) for bid, seat in pairs) != sorted(wanted):
        raise WrongMoment("Bids or members have changed since this plan was made. Look at the new plan, then ask them.")
    for application, seat in pairs:
        ask_for_view(application, seat, by=by, now=now)
    return len(pairs)


def ask_for_view(application: Application, seat: Seat, *, by: Person | None, now: datetime) -> BidView:
    """Ask one member about one bid, who is told when it is being scored already.

    Raises Problem for a seat that gives marks, a conflict, or a bid they have already.
    """
    if not gives_views(seat, application.round) or seat.left_at is not None:
        raise Problem(f"{seat.label} gives no views in this round.", "seat")
    here = (BidView.application_id == application.id, BidView.seat_id == seat.id)
    if db.session.scalar(select(BidView.id).where(*here)) is not None:
        raise Problem(f"{seat.label} was asked about {application.reference} already.", "seat")
    recused = (Conflict.application_id == application.id, Conflict.seat_id == seat.id, Conflict.conflicted)
    if db.session.scalar(select(Conflict.id).where(*recused)) is not None:
        raise Problem(f"{seat.label} declared a conflict with {application.reference}.", "seat")
    row = BidView(application_id=application.id, seat_id=seat.id, given_at=now)
    db.session.add(row)
    db.session.flush()
    audit.record("view.ask", row, by=by, now=now, application=application.reference, seat=seat.id)
    if application.status == "in_scoring":
        _tell(application.round, seat, now)
    return row


def tell_who_gives_views(application: Application, now: datetime) -> None:
    """Scoring of a bid has started: who was asked about it can say what they think."""
    if application.round.view_weight is None:
        return
    asked = select(Seat).join(BidView, BidView.seat_id == Seat.id).where(BidView.application_id == application.id)
    waits = (BidView.finished_at.is_(None), BidView.voided_at.is_(None), Seat.left_at.is_(None))
    for seat in db.session.scalars(asked.where(*waits).options(joinedload(Seat.person)).order_by(Seat.id)):
        _tell(application.round, seat, now)


def _tell(round: Round, seat: Seat, now: datetime) -> None:
    """One message a day, however many bids."""
    once = f"to_view-{seat.id}-{today(now):%Y-%m-%d}"
    outbox.queue("to_view", seat.person.email, now=now, round=round, once=once)


# Giving a view ------------------------------------------------------------------------------------------------------


def save_view(
    view: BidView, answer: int | None, reason: str, *, seen_version: int | None, by: Person, now: datetime
) -> BidView:
    """Keep a member's view; it can change until the panel has agreed the bid. Raises Problem without a picture or a reason."""
    if view.application.status != "in_scoring":
        raise WrongMoment("The panel is not asking about this bid now.")
    if seen_version is not None and seen_version != view.version:
        raise Stale("You said something else about this bid meanwhile. Both are shown: choose what to keep.", "answer")
    if missing := not_said(answer, reason):
        raise missing[0]
    view.answer, view.reason, view.finished_at = answer, reason.strip(), now
    view.touch()
    db.session.flush()
    audit.record("view.save", view, by=by, now=now, application=view.application.reference)
    return view


def not_said(answer: int | None, reason: str) -> list[Problem]:
    """What a view lacks, all of it."""
    found = [] if answer in BY_ANSWER else [Problem("Choose one of the four pictures", "answer")]
    if not reason.strip():
        found.append(Problem("Say why in a sentence", "reason"))
    elif len(reason) > MOST_LETTERS:
        found.append(Problem(f"Shorten this to {MOST_LETTERS:,} characters or fewer", "reason"))
    return found


# Reading them -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """One finished view. `whose` says the kind of seat, `label` the member's name on the panel."""

    label: str
    whose: str
    picture: Picture
    reason: str


def _counted(query):
    return query.where(BidView.finished_at.is_not(None), BidView.voided_at.is_(None))


def views_about(application: Application) -> list[Shown]:
    """The views on one bid, in the order of seats; no statement in a round that asks for none."""
    if application.round.view_weight is None:
        return []
    query = select(BidView, Seat.label, Seat.kind).join(Seat, Seat.id == BidView.seat_id)
    rows = db.session.execute(_counted(query).where(BidView.application_id == application.id).order_by(Seat.id))
    return [Shown(label, SEAT_KINDS[kind], BY_ANSWER[row.answer], row.reason) for row, label, kind in rows]


def view_answers(round: Round) -> Select:
    """A query for the finished views of a whole round: bid, nothing, which of the four pictures."""
    query = select(BidView.application_id, cast(null(), Integer), BidView.answer)
    query = query.join(Application, Application.id == BidView.application_id)
    return _counted(query).where(Application.round_id == round.id)


def view_marks_in(round: Round) -> dict[int, list[int]]:
    """{bid: the marks that the pictures stand for}, of a whole round; no statement in a round that asks for none."""
    if round.view_weight is None:
        return {}
    found: dict[int, list[int]] = defaultdict(list)
    for bid, _, answer in db.session.execute(view_answers(round)):
        found[bid].append(BY_ANSWER[answer].mark)
    return found


def view_marks(views: Sequence[Shown]) -> list[int]:
    return [each.picture.mark for each in views]


@dataclass(frozen=True)
class MyView:
    """A bid that a member is asked about, as their own list shows it: without any name."""

    id: int
    round_id: int
    reference: str
    answer: int | None
    is_open: bool
    declared: bool


def views_by_round(person: Person) -> dict[int, list[MyView]]:
    """The bids this person is asked about, by round. One statement."""
    said = (Conflict.application_id == BidView.application_id) & (Conflict.seat_id == BidView.seat_id)
    query = (
        select(BidView.id, Application.round_id, Application.reference, BidView.answer, Application.status, Conflict.id)
        .join(Application, Application.id == BidView.application_id)
        .join(Seat, Seat.id == BidView.seat_id)
        .join(Panel, Panel.id == Seat.panel_id)
        .outerjoin(Conflict, said)
        .where(Seat.person_id == person.id, Seat.left_at.is_(None), BidView.voided_at.is_(None))
        .order_by(BidView.id)
    )
    found: dict[int, list[MyView]] = defaultdict(list)
    for key, round, reference, answer, status, conflict in db.session.execute(query):
        found[round].append(MyView(key, round, reference, answer, status == "in_scoring", conflict is not None))
    return found
