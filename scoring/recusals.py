"""What follows from a conflict: who chairs the bid instead, who lifts a recusal, and the register of all of it.

Whoever is recused has no hand in either: a stand-in is named, and a recusal lifted, by two people of the fund who are not
the one concerned.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased, joinedload

from applications.tables import Application
from fund.core import audit
from fund.core.database import db
from fund.core.problems import Forbidden, Problem, WrongMoment
from fund.tables import Organisation, Person, Round

from .tables import Assignment, Conflict, Panel, Score, Seat, StandIn
from .tables.panels import SCORING_SEATS
from .workflow import move_assignment


def load_conflict(key: int) -> Conflict | None:
    seat = joinedload(Conflict.seat)
    wanted = select(Conflict).where(Conflict.id == key)
    return db.session.scalar(wanted.options(seat.joinedload(Seat.panel), seat.joinedload(Seat.person)))


def ask_to_lift(conflict: Conflict, reason: str, *, by: Person, now: datetime) -> None:
    """Ask that a recusal end, with the reason; a second person answers. Raises Forbidden for the person recused."""
    _not_their_own(conflict, by)
    if not conflict.conflicted:
        raise WrongMoment("This recusal does not stand any more.")
    if not reason.strip():
        raise Problem("Say why there is no conflict", "reason")
    conflict.lift_reason, conflict.lift_asked_at, conflict.lift_asked_by_id = reason.strip()[:2000], now, by.id
    audit.record("conflict.ask_to_lift", conflict, by=by, now=now)


def lift(conflict: Conflict, *, by: Person, now: datetime) -> None:
    """End a recusal that somebody else asked to end. A reading that was never begun is theirs again; void scores stay void.

    Raises Forbidden for the person recused and for who asked, WrongMoment when nobody did.
    """
    _not_their_own(conflict, by)
    if conflict.lift_asked_by_id is None or not conflict.conflicted:
        raise WrongMoment("Nobody has asked to lift this recusal.")
    if conflict.lift_asked_by_id == by.id:
        raise Forbidden("You asked for this. A second person must lift the recusal.")
    conflict.conflicted, conflict.lifted_at, conflict.lifted_by_id = False, now, by.id
    db.session.flush()
    audit.record("conflict.lift", conflict, by=by, now=now)
    reading = db.session.scalar(_reading(conflict))
    if reading is not None and reading.status == "recused" and not _has_scores(reading):
        move_assignment(reading, "restore", sealed_at=None, by=by, now=now, reason="recusal lifted")


def leave_standing(conflict: Conflict, *, by: Person, now: datetime) -> None:
    """Put the request away: the recusal stands."""
    _not_their_own(conflict, by)
    conflict.lift_reason = conflict.lift_asked_at = conflict.lift_asked_by_id = None
    audit.record("conflict.leave_standing", conflict, by=by, now=now)


def _not_their_own(conflict: Conflict, by: Person) -> None:
    if conflict.seat.person_id == by.id:
        raise Forbidden("This is your own recusal. Others decide whether it is lifted.")


def _reading(conflict: Conflict):
    return select(Assignment).where(
        Assignment.application_id == conflict.application_id, Assignment.seat_id == conflict.seat_id
    )


def _has_scores(reading: Assignment) -> bool:
    return db.session.scalar(select(Score.id).where(Score.assignment_id == reading.id).limit(1)) is not None


# Stand-ins ----------------------------------------------------------------------------------------------------------


def stand_in_of(application: Application) -> StandIn | None:
    """Who chairs this bid in the chair's place now."""
    wanted = (StandIn.application_id == application.id, StandIn.ended_at.is_(None))
    return db.session.scalar(select(StandIn).where(*wanted).options(joinedload(StandIn.seat)))


def stands_in(person: Person | None, application: Application) -> bool:
    """Whether this person chairs this bid in the chair's place."""
    row = stand_in_of(application) if person is not None else None
    return row is not None and row.seat.person_id == person.id and row.seat.left_at is None


def name_stand_in(application: Application, seat: Seat, *, by: Person, now: datetime) -> StandIn:
    """Have a member chair one bid from which the chair is recused, in the place of whoever did before.

    Raises Problem for a member who is recused themselves, the chair, or one who does not score; Forbidden for the chair.
    """
    chair = _recused_chair(application)
    if chair is None:
        raise WrongMoment("The chair has no conflict with this bid, so nobody stands in.")
    if chair.person_id == by.id:
        raise Forbidden("You are recused from this bid. Somebody else names who chairs it.")
    conflicted = select(Conflict.id).where(
        Conflict.application_id == application.id, Conflict.seat_id == seat.id, Conflict.conflicted
    )
    if seat.kind not in SCORING_SEATS or seat.kind == "chair" or seat.left_at is not None:
        raise Problem("Choose a member who scores", "seat")
    if db.session.scalar(conflicted) is not None:
        raise Problem(f"{seat.label} declared a conflict with {application.reference}", "seat")
    if before := stand_in_of(application):
        before.ended_at = now
    row = StandIn(application_id=application.id, seat_id=seat.id, named_at=now, named_by_id=by.id)
    db.session.add(row)
    db.session.flush()
    audit.record("chair.stand_in", row, by=by, now=now, application=application.reference, seat=seat.id)
    return row


def _recused_chair(application: Application) -> Seat | None:
    query = select(Seat).join(Panel).join(Conflict, Conflict.seat_id == Seat.id)
    wanted = (
        Panel.round_id == application.round_id, Seat.kind == "chair", Seat.left_at.is_(None),
        Conflict.application_id == application.id, Conflict.conflicted,
    )  # fmt: skip
    return db.session.scalar(query.where(*wanted))


def stood_in_for(person: Person, round_id: int | None = None) -> list[Application]:
    """The bids this person chairs in the chair's place, by reference."""
    query = (
        select(Application)
        .join(StandIn, StandIn.application_id == Application.id)
        .join(Seat, Seat.id == StandIn.seat_id)
        .where(Seat.person_id == person.id, Seat.left_at.is_(None), StandIn.ended_at.is_(None))
    )
    if round_id is not None:
        query = query.where(Application.round_id == round_id)
    return list(db.session.scalars(query.order_by(Application.reference)))


# The register -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """One conflict as the register shows it. `state` says whether it stands; `stand_in` who chairs instead, if the chair."""

    conflict: Conflict
    application_id: int
    reference: str
    title: str
    organisation: str
    label: str
    kind: str
    person: str
    reading: str | None
    stand_in: str | None

    @property
    def state(self) -> str:
        if self.conflict.lifted_at is not None:
            return "Lifted"
        return "Asked to be lifted" if self.conflict.lift_asked_at is not None else "Stands"


def register_of(round: Round) -> list[Entry]:
    """Every conflict ever declared in a round, lifted ones too, oldest first. One statement."""
    instead = aliased(Seat)
    query = (
        select(
            Conflict, Application.id, Application.reference, Application.title, Organisation.name, Seat.label, Seat.kind,
            Person.name, Assignment.status, instead.label,
        )
        .join(Application, Application.id == Conflict.application_id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .join(Seat, Seat.id == Conflict.seat_id)
        .join(Person, Person.id == Seat.person_id)
        .outerjoin(Assignment, (Assignment.application_id == Application.id) & (Assignment.seat_id == Seat.id))
        .outerjoin(StandIn, (StandIn.application_id == Application.id) & StandIn.ended_at.is_(None) & (Seat.kind == "chair"))
        .outerjoin(instead, instead.id == StandIn.seat_id)
        .where(Application.round_id == round.id, Conflict.conflicted | Conflict.lifted_at.is_not(None))
    )  # fmt: skip
    rows = db.session.execute(query.order_by(Conflict.declared_at, Conflict.id))
    return [Entry(row[0], row[1], row[2], row[3] or "", row[4], row[5], row[6], row[7], row[8], row[9]) for row in rows]
