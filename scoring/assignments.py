"""Assignments: which assessor reads which bid, planned evenly or given by hand, and who has thereby assessed a bid."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from applications.tables import Application
from applications.workflow import APPLICATION
from fund.core import audit, outbox
from fund.core.clock import today
from fund.core.database import db
from fund.core.problems import Problem, WrongMoment
from fund.tables import Person, Round

from .balance import Plan, share_out
from .expertise import KNOWN, WISHED, knows_field
from .opinions import gives_views, tell_who_gives_views
from .panels import GIVEN_BIDS, end_seat, seats_of
from .tables import Assignment, BidView, Conflict, KeptApart, Panel, Seat
from .tables.panels import SCORING_SEATS
from .wishes import kept_apart_in, wishes_in
from .workflow import move_assignment

TO_SHARE = ("eligible", "in_scoring")
COUNTED = ("assigned", "sealed")
"""A recused or excused reading counts for nothing: not for the quorum, not for the mean."""


COSTS, UNSAID = {"want": 0, "can": 2}, 3
"""How little a reading is wished for: what a plan adds up and keeps small."""


@dataclass
class Shared:
    """A plan with what it was made from: bids and seats by key, wishes by (bid, seat), members kept apart, and who knows
    the field of which bid."""

    plan: Plan
    bids: dict[int, Application]
    seats: dict[int, Seat]
    wished: dict[tuple[int, int], str]
    apart: list[KeptApart]
    recused: set[tuple[int, int]]
    knows: set[tuple[int, int]] = field(default_factory=set)


def plan_for(round: Round) -> tuple[Plan, dict[int, Application], dict[int, Seat]]:
    """A plan that gives every eligible bid of the round its number of unconflicted assessors, with least change.

    Nothing is saved. Returns the plan over keys, with the bids and seats by key.
    """
    found = share(round, seats_of(round, *GIVEN_BIDS))
    return found.plan, found.bids, found.seats


def share(round: Round, held: Sequence[Seat]) -> Shared:
    """The same with everything that the page about it shows. `held` are the seats of the panel. Six statements."""
    bids = {each.id: each for each in db.session.scalars(_to_share(round))}
    seats = {each.id: each for each in held if each.kind in GIVEN_BIDS and not gives_views(each, round)}
    kept, barred = defaultdict(list), set()
    for bid, seat, status in db.session.execute(_pairs(round)):
        if status in COUNTED:
            kept[bid].append(seat)
        else:
            barred.add((bid, seat))
    conflicts = select(Conflict.application_id, Conflict.seat_id).join(Application).where(
        Application.round_id == round.id, Conflict.conflicted
    )  # fmt: skip
    recused = {(bid, seat) for bid, seat in db.session.execute(conflicts)}
    wished, apart = wishes_in(round), kept_apart_in(round)
    knows = {(bid, seat) for bid, row in bids.items() for seat, held in seats.items() if knows_field(held, row)}
    cannot = {pair for pair, word in wished.items() if word == "cannot"}
    given: dict[str, Any] = {
        "barred": barred | recused | cannot, "kept": kept, "usual_cost": UNSAID * WISHED,
        "limits": {key: seat.bids_limit for key, seat in seats.items() if seat.bids_limit},
        "apart": [frozenset((each.first_seat_id, each.second_seat_id)) for each in apart],
    }  # fmt: skip
    plan = share_out(list(bids), list(seats), round.assessors_per_bid, costs=_costs(wished, knows), **given)
    if knows and not plan.wished:  # fields would have parted the panel: wishes may still be followed without them
        plan = share_out(list(bids), list(seats), round.assessors_per_bid, costs=_costs(wished, set()), **given)
    return Shared(plan, bids, seats, wished, apart, recused, knows)


def _costs(wished: Mapping[tuple[int, int], str], knows: set[tuple[int, int]]) -> dict[Any, int]:
    """What each reading costs that somebody said something about: a wish first, then whether they know the field."""
    costs = {pair: COSTS[word] * WISHED for pair, word in wished.items() if word in COSTS}
    return costs | {pair: costs.get(pair, UNSAID * WISHED) - KNOWN for pair in knows}


def bids_of(round: Round) -> list[Application]:
    """The bids that can be given to members, in order of arrival."""
    return list(db.session.scalars(_to_share(round)))


def _to_share(round: Round):
    wanted = (Application.round_id == round.id, Application.status.in_(TO_SHARE))
    return (
        select(Application)
        .where(*wanted)
        .options(joinedload(Application.organisation), joinedload(Application.priority))
        .order_by(Application.id)
    )


def _pairs(round: Round):
    query = select(Assignment.application_id, Assignment.seat_id, Assignment.status)
    return query.join(Application).where(Application.round_id == round.id).order_by(Assignment.id)


def save_plan(round: Round, wanted: list[tuple[int, int]], *, by: Person, now: datetime) -> int:
    """Save the plan that was shown, pairs of (bid, seat). Raises WrongMoment when the plan would be another by now."""
    plan, bids, seats = plan_for(round)
    if sorted(plan.added) != sorted(wanted):
        raise WrongMoment("Bids or members have changed since this plan was made. Look at the new plan, then save it.")
    added = cast(list[tuple[int, int]], plan.added)  # the keys that plan_for() gave
    for bid, seat in added:
        assign(bids[bid], seats[seat], by=by, now=now)
    return len(plan.added)


def assign(application: Application, seat: Seat, *, by: Person | None, now: datetime) -> Assignment:
    """Give one bid to one member, who is told when it is being scored already. One they were excused from is theirs again.

    Raises Problem for a seat that does not score, a conflict, or a bid not to be scored.
    """
    if application.status not in TO_SHARE:
        raise WrongMoment(f"{application.reference} is not waiting for scores.")
    if seat.kind not in SCORING_SEATS or seat.left_at is not None:
        raise Problem(f"{seat.label} does not score bids.", "seat")
    if gives_views(seat, application.round):
        raise Problem(f"{seat.label} gives a view in pictures in this round, and no marks.", "seat")
    if has_conflict(seat, application):
        raise Problem(f"{seat.label} declared a conflict with {application.reference}.", "seat")
    row = _assignment(application, seat)
    if row is not None and row.status != "excused":
        raise Problem(f"{seat.label} was given {application.reference} already.", "seat")
    if row is not None:
        move_assignment(row, "give_again", sealed_at=None, by=by, now=now)
    else:
        row = Assignment(application_id=application.id, seat_id=seat.id, assigned_at=now)
        db.session.add(row)
        db.session.flush()
    audit.record("assignment.add", row, by=by, now=now, application=application.reference, seat=seat.id)
    if application.status == "in_scoring":
        _tell(application.round, seat, "to_assess", now)
    return row


def drop_out(seat: Seat, reason: str, *, by: Person, now: datetime) -> int:
    """Let a member go: excused from every bid not finished, and off the panel. Returns how many bids need another reader.

    The next plan gives just those away; nobody else's bids move.
    """
    if not reason.strip():
        raise Problem("Say why they cannot go on", "reason")
    unfinished = select(Assignment).where(Assignment.seat_id == seat.id, Assignment.status == "assigned")
    rows = list(db.session.scalars(unfinished.order_by(Assignment.id)))
    for row in rows:
        excuse(row, reason, by=by, now=now)
    db.session.flush()
    end_seat(seat, by=by, now=now)
    silent = (BidView.seat_id == seat.id, BidView.finished_at.is_(None), BidView.voided_at.is_(None))
    return len(rows) + (db.session.scalar(select(func.count(BidView.id)).where(*silent)) or 0)


def excuse(assignment: Assignment, reason: str, *, by: Person, now: datetime) -> None:
    """Take a bid away from a member who has not finished it (ill, too many); it counts for nothing from then on."""
    move_assignment(assignment, "excuse", sealed_at=None, by=by, now=now, reason=reason)


def _assignment(application: Application, seat: Seat) -> Assignment | None:
    wanted = (Assignment.application_id == application.id, Assignment.seat_id == seat.id)
    return db.session.scalar(select(Assignment).where(*wanted))


def has_conflict(seat: Seat, application: Application) -> bool:
    wanted = (Conflict.seat_id == seat.id, Conflict.application_id == application.id, Conflict.conflicted)
    return db.session.scalar(select(Conflict.id).where(*wanted)) is not None


def assignments_of(application: Application) -> list[Assignment]:
    """Every assignment of a bid with its seat and person, in the order of appointment."""
    wanted = select(Assignment).where(Assignment.application_id == application.id)
    seat = joinedload(Assignment.seat)
    return list(db.session.scalars(wanted.options(seat.joinedload(Seat.person)).order_by(Assignment.seat_id)))


def has_assessed(person: Person | None, application: Application) -> bool:
    """Whether a person was given this bid to score, or declared a conflict with it: they cannot decide or pay."""
    return person is not None and bool(db.session.scalar(select(judged(person, application))))


def judged(person: Person, application: Application):
    """The same as SQL, for whoever asks more in the same statement."""
    seat = select(Seat.id).join(Panel).where(Seat.person_id == person.id, Panel.round_id == application.round_id)
    given = select(Assignment.id).where(Assignment.application_id == application.id, Assignment.seat_id.in_(seat))
    viewed = select(BidView.id).where(BidView.application_id == application.id, BidView.seat_id.in_(seat))
    declared = select(Conflict.id).where(
        Conflict.application_id == application.id, Conflict.seat_id.in_(seat), Conflict.conflicted
    )
    return given.exists() | viewed.exists() | declared.exists()


@APPLICATION.check("needs", "quorum_assigned")
def quorum_is_assigned(application: Application, *, by, now, **_) -> None:
    """Raises Problem when fewer unconflicted assessors were given the bid than the panel's quorum."""
    wanted = (Assignment.application_id == application.id, Assignment.status.in_(COUNTED))
    given = db.session.scalar(select(func.count()).select_from(Assignment).where(*wanted))
    quorum = application.round.panel_quorum
    if given < quorum:
        raise Problem(
            f"{application.reference} has {given} of the {quorum} assessors it needs. Give it to more members first."
        )


def start_scoring(round: Round, *, by: Person, now: datetime) -> tuple[int, list[str]]:
    """Start every eligible bid that has its assessors. Returns how many, and a sentence for each that could not start."""
    started, sentences = 0, []
    for application in db.session.scalars(_to_share(round)).all():
        if application.status != "eligible":
            continue
        try:
            APPLICATION.move(application, "start_scoring", by=by, now=now)
            started += 1
        except Problem as problem:
            sentences.append(problem.sentence)
    return started, sentences


@APPLICATION.check("tells", "assessors")
def tell_assessors(application: Application, *, by, now, **_) -> None:
    """One message a day for each member, however many bids start that day."""
    for assignment in assignments_of(application):
        if assignment.status in COUNTED:
            _tell(application.round, assignment.seat, "to_assess", now)
    tell_who_gives_views(application, now)


@APPLICATION.check("tells", "assessors_again")
def tell_assessors_again(application: Application, *, by, now, reason=None, **_) -> None:
    for assignment in assignments_of(application):
        if assignment.status in COUNTED:
            about = {"reason": reason, "reference": application.reference}
            _tell(application.round, assignment.seat, "to_assess_again", now, f"-{application.id}", **about)


def _tell(round: Round, seat: Seat, template: str, now: datetime, about: str = "", **context) -> None:
    once = f"{template}{about}-{seat.id}-{today(now):%Y-%m-%d}"
    outbox.queue(template, seat.person.email, now=now, round=round, once=once, **context)
