"""What of judging goes with a bid (reasons, quotes, notes; the marks stay), and with a member of a panel."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from applications.tables import Application
from fund.core import files
from fund.core.database import db
from fund.erasing import ERASED, before_a_bid_goes, with_bid
from fund.hooks import data_about, forgets_person, held_about
from fund.people_data import Held
from fund.tables import Person

from .tables import (
    AgreedChange,
    AgreedScore,
    Assignment,
    BidView,
    Calibration,
    CalibrationAnchor,
    CalibrationReading,
    Conflict,
    DecisionPack,
    Meeting,
    MeetingItem,
    Moderation,
    NotAConflict,
    Panel,
    Quote,
    RankingRun,
    Score,
    Seal,
    Seat,
    SeatInvitation,
    SectionRead,
    ViableAt,
    Wish,
)

KEY = "a word of our own, not the member's"


def _without_reasons(marks: dict[str, Any]) -> dict[str, Any]:
    return {code: {**mark, "reason": None} for code, mark in marks.items()}


with_bid(Assignment, comment=None, stays=("status",), stays_for=KEY)
with_bid(Score, reason=None)
with_bid(Seal, marks=_without_reasons, stays=("total",), stays_for="a figure")
with_bid(Quote, rows=True)
with_bid(AgreedScore, reason=ERASED)
with_bid(AgreedChange, reason=ERASED)
with_bid(Moderation, strengths=None, improvements=None, note=None)
with_bid(ViableAt, reason=ERASED)
with_bid(MeetingItem, motion=None)
with_bid(Conflict, reason=None, lift_reason=None)
with_bid(NotAConflict, because=ERASED, stays=("kind",), stays_for=KEY)
with_bid(BidView, reason=ERASED)
with_bid(Calibration, title=ERASED, parts=[])
with_bid(CalibrationAnchor, note=ERASED)
with_bid(CalibrationReading, marks=_without_reasons)
with_bid(SectionRead, stays=("section",), stays_for=KEY)
with_bid(Wish, stays=("wish",), stays_for=KEY)


@before_a_bid_goes
def rankings_and_packs(key: int, *, now: datetime) -> None:
    """Scores without a mark say nothing without their reason; recorded rankings name bids; packs are made anew when asked for."""
    readings = select(Assignment.id).where(Assignment.application_id == key)
    empty = (Score.assignment_id.in_(readings), Score.mark.is_(None), Score.not_applicable.is_(False))
    db.session.execute(delete(Score).where(*empty))
    bid = db.session.get_one(Application, key)
    for run in db.session.scalars(select(RankingRun).where(RankingRun.round_id == bid.round_id)):
        run.result = [_nameless(row) if row.get("application_id") == key else row for row in run.result]
    drop_packs([bid.round_id])


def _nameless(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, **{name: ERASED for name in ("title", "organisation") if name in row}}


def drop_packs(rounds: list[int]) -> int:
    """Take the decision packs of these rounds away with their files: they name people, and can be made anew without."""
    gone = 0
    for pack in db.session.scalars(select(DecisionPack).where(DecisionPack.round_id.in_(rounds))).all():
        if pack.file is not None:
            files.forget(pack.file)
        db.session.delete(pack)
        gone += 1
    db.session.flush()
    return gone


def _seats_of(person: Person) -> list[Seat]:
    return list(db.session.scalars(select(Seat).where(Seat.person_id == person.id).order_by(Seat.id)))


@held_about
def seats_about(person: Person, *, now: datetime) -> list[Held]:
    found = []
    for seat in _seats_of(person):
        if seat.left_at is None and seat.panel.round.status not in ("finished", "cancelled"):
            found.append(
                Held(f"Seat on {seat.panel.name}", False, "The panel is at work. End the seat first.", blocks=True)
            )
        else:
            found.append(
                Held(f"Seat on {seat.panel.name}", True, "Marks stay without a name; reasons go with each bid.")
            )
    return found


@data_about
def own_judging(person: Person) -> dict[str, Any]:
    """Seats, and what somebody wrote about bids; of bids that they are recused from nothing is named."""
    given = (
        select(Application.reference, Score.mark, Score.reason, Score.saved_at)
        .join(Assignment, Assignment.id == Score.assignment_id)
        .join(Seat, Seat.id == Assignment.seat_id)
        .join(Application, Application.id == Assignment.application_id)
        .where(Seat.person_id == person.id, Assignment.status != "recused", Score.voided_at.is_(None))
        .order_by(Score.id)
    )
    seats = [
        {"panel": each.panel.name, "as": each.kind, "label": each.label, "perspective": each.perspective, "expertise": each.expertise}
        for each in _seats_of(person)
    ]  # fmt: skip
    scores = [
        {"bid": each.reference, "mark": each.mark, "reason": each.reason, "saved": each.saved_at}
        for each in db.session.execute(given)
    ]
    return {"seats on panels": seats, "scores you gave": scores}


@forgets_person
def place_on_panels(person: Person, *, now: datetime) -> dict[str, int]:
    """Labels, expertise and invitations go; the seat itself says only that somebody sat there."""
    seats = _seats_of(person)
    for seat in seats:
        seat.label, seat.perspective, seat.expertise = f"Member {seat.id}", None, None
    asked = SeatInvitation.email == person.email
    gone = {
        "email": f"erased-{person.id}@invalid",
        "label": "Member",
        "perspective": None,
        "reason": None,
        "words": None,
    }
    invitations = db.session.execute(update(SeatInvitation).where(asked | (SeatInvitation.person_id == person.id)).values(gone)).rowcount  # fmt: skip
    sat = select(Panel.round_id).join(Seat, Seat.panel_id == Panel.id).where(Seat.person_id == person.id)
    led = select(Meeting.round_id).where(Meeting.began_by_id == person.id)
    packs = drop_packs([*db.session.scalars(sat.union(led))])
    return {"seat": len(seats), "seat_invitation": invitations, "decision_pack": packs}
