"""Conflicts of interest: declared for every bid before any is opened, or late, which voids scores (rule 5)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from applications.tables import Application
from fund.core import audit
from fund.core.database import db
from fund.core.problems import Problem, WrongMoment
from fund.tables import Person, Round

from .criteria import criteria_of
from .scores import marks_of
from .tables import Assignment, BidView, Conflict, Panel, Score, Seat
from .tables.panels import SCORING_SEATS, VIEW_SEATS
from .totals import weighted_total
from .workflow import move_assignment

ON_THE_PANEL = ("eligible", "in_scoring")
REASONS = (
    "I work, volunteer or am a trustee there",
    "A relative or friend works there or would benefit",
    "My organisation is a partner in this bid or funds it",
    "I helped to write it",
    "Another reason",
)


def undeclared(seat: Seat) -> list[Assignment]:
    """The bids that a member was given and has not yet answered yes or no for."""
    answered = select(Conflict.application_id).where(Conflict.seat_id == seat.id)
    wanted = (
        Assignment.seat_id == seat.id,
        Assignment.status == "assigned",
        Assignment.application_id.not_in(answered),
    )
    bid = joinedload(Assignment.application)
    query = select(Assignment).where(*wanted).options(bid.joinedload(Application.organisation))
    return list(db.session.scalars(query.order_by(Assignment.id)))


@dataclass(frozen=True)
class ToAnswer:
    """A bid that waits for a member's yes or no. `reading` is None for those who do not read it: chair, secretary, observer."""

    application: Application
    reading: Assignment | None

    @property
    def id(self) -> str:
        return str(self.reading.id) if self.reading else f"bid-{self.application.id}"


def to_answer(seat: Seat) -> list[ToAnswer]:
    """Every bid that a member has to say yes or no for: those given, and for who does not read bids all of the round."""
    found = [ToAnswer(each.application, each) for each in undeclared(seat)]
    if seat.kind in VIEW_SEATS:
        return found + [ToAnswer(each, None) for each in _asked_for_views(seat)]
    if seat.kind in SCORING_SEATS and seat.kind != "chair":
        return found
    answered = select(Conflict.application_id).where(Conflict.seat_id == seat.id)
    given = select(Assignment.application_id).where(Assignment.seat_id == seat.id)
    wanted = (
        Application.round_id == seat.panel.round_id, Application.status.in_(ON_THE_PANEL),
        Application.id.not_in(answered), Application.id.not_in(given),
    )  # fmt: skip
    query = select(Application).where(*wanted).options(joinedload(Application.organisation))
    return found + [ToAnswer(each, None) for each in db.session.scalars(query.order_by(Application.reference))]


def _asked_for_views(seat: Seat) -> list[Application]:
    """The bids that a young or lived-experience member is asked about and has not answered for."""
    answered = select(Conflict.application_id).where(Conflict.seat_id == seat.id)
    query = select(Application).join(BidView, BidView.application_id == Application.id)
    wanted = (BidView.seat_id == seat.id, BidView.voided_at.is_(None), Application.id.not_in(answered))
    return list(db.session.scalars(query.where(*wanted).options(joinedload(Application.organisation)).order_by(BidView.id)))  # fmt: skip


def declare_beside(seat: Seat, application: Application, conflicted: bool, reason: str | None, *, by: Person, now: datetime) -> Conflict:  # fmt: skip
    """Answer, or answer anew, for a bid that one does not read. Raises as `declare`; a yes cannot be taken back here."""
    field = f"reason-bid-{application.id}"
    if conflicted and not (reason or "").strip():
        raise Problem("Say in a few words what the conflict is", field)
    if conflicted and application.status not in ON_THE_PANEL:
        raise WrongMoment("The panel has agreed this bid. Send it back to scoring first, then declare the conflict.")
    row = db.session.scalar(
        select(Conflict).where(Conflict.seat_id == seat.id, Conflict.application_id == application.id)
    )
    if row is not None and row.conflicted:
        raise WrongMoment("You declared a conflict with this bid already. Two people of the fund can lift it.")
    late = row is not None
    if row is None:
        row = Conflict(seat_id=seat.id, application_id=application.id)
        db.session.add(row)
    row.conflicted, row.reason = conflicted, (reason or "").strip() or None if conflicted else None
    row.declared_at, row.late = now, late and conflicted
    if conflicted:
        _keep_away(seat)
        theirs = (BidView.seat_id == seat.id, BidView.application_id == application.id, BidView.voided_at.is_(None))
        db.session.execute(update(BidView).where(*theirs).values(voided_at=now))
    db.session.flush()
    audit.record("conflict.declare", row, by=by, now=now, seat=seat.id, conflicted=conflicted)
    return row


def has_undeclared(seat: Seat) -> bool:
    """Whether a bid waits for its yes or no: until it has it, no bid opens."""
    answered = select(Conflict.application_id).where(Conflict.seat_id == seat.id)
    wanted = (
        Assignment.seat_id == seat.id,
        Assignment.status == "assigned",
        Assignment.application_id.not_in(answered),
    )
    return db.session.scalar(select(Assignment.id).where(*wanted).limit(1)) is not None


def declare(assignment: Assignment, conflicted: bool, reason: str | None, *, by: Person, now: datetime) -> Conflict:
    """Answer for one bid before opening it. Raises Problem for a conflict without a reason, WrongMoment the second time."""
    if conflicted and not (reason or "").strip():
        raise Problem("Say in a few words what the conflict is", f"reason-{assignment.id}")
    seat, application = assignment.seat_id, assignment.application_id
    if db.session.scalar(select(Conflict.id).where(Conflict.seat_id == seat, Conflict.application_id == application)):
        raise WrongMoment(
            "You have answered for this bid already. To declare a conflict now, use “Declare a conflict” on the bid."
        )
    row = Conflict(
        application_id=application, seat_id=seat, conflicted=conflicted, declared_at=now,
        reason=(reason or "").strip() or None if conflicted else None,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.record("conflict.declare", row, by=by, now=now, assignment=assignment.id, conflicted=conflicted)
    if conflicted:
        _keep_away(assignment.seat)
        move_assignment(assignment, "recuse", sealed_at=None, by=by, now=now, reason="declared before opening")
    return row


def declare_late(assignment: Assignment, reason: str, *, by: Person, now: datetime) -> Conflict:
    """Declare a conflict after opening (rule 5): the member's scores are void from now on and stay in the record.

    Raises WrongMoment when it was declared before, or when the panel has agreed its scores: the chair must send it back first.
    """
    if not reason.strip():
        raise Problem("Say in a few words what the conflict is", "reason")
    if assignment.status in ("recused", "excused"):
        raise WrongMoment("You have nothing to do with this bid any more.")
    if assignment.application.status not in ("eligible", "in_scoring"):
        raise WrongMoment("The panel has agreed this bid. Tell the chair, who can send it back to scoring first.")
    row = _conflict(assignment, reason, now)
    criteria = criteria_of(assignment.application.round_id)
    total = weighted_total(marks_of(assignment), criteria)
    voided = db.session.execute(
        update(Score).where(Score.assignment_id == assignment.id, Score.voided_at.is_(None)).values(voided_at=now)
    ).rowcount
    move_assignment(assignment, "recuse", sealed_at=None, by=by, now=now, reason="declared late")
    if voided:
        audit.record("scores.void", assignment, by=by, now=now, total=str(total), scores=voided)
    audit.record("conflict.declare_late", row, by=by, now=now, assignment=assignment.id)
    db.session.expire(assignment)
    return row


def _conflict(assignment: Assignment, reason: str, now: datetime) -> Conflict:
    wanted = (Conflict.seat_id == assignment.seat_id, Conflict.application_id == assignment.application_id)
    row = db.session.scalar(select(Conflict).where(*wanted))
    if row is None:
        row = Conflict(seat_id=assignment.seat_id, application_id=assignment.application_id, declared_at=now)
        db.session.add(row)
    row.conflicted, row.reason, row.late, row.declared_at = True, reason.strip(), True, now
    _keep_away(assignment.seat)
    db.session.flush()
    return row


def _keep_away(seat: Seat) -> None:
    """From now on it is asked which bids are kept from this person."""
    seat.person.has_recusals = True


def recused_from(person: Person | None, round: Round | int) -> frozenset[int]:
    """Keys of the round's bids with which this person declared a conflict: no list shows them anything about these."""
    if person is None:
        return frozenset()
    key = round if isinstance(round, int) else round.id
    query = select(Conflict.application_id).join(Seat).join(Panel)
    return frozenset(
        db.session.scalars(query.where(Seat.person_id == person.id, Panel.round_id == key, Conflict.conflicted))
    )
