"""The panel's meeting: who is in the room, which bid is on and how long, and votes with the quorum of those who may vote.

Who declared a conflict steps out by itself: from the moment the bid is on they are not in the room, whatever the list of
attendance says, and nothing of the bid is recorded by them or shown to them.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from applications.tables import Application
from fund.core import audit, withholding
from fund.core.database import db
from fund.core.problems import Forbidden, Problem, WrongMoment
from fund.tables import Person, Round

from .agenda import fewest_exits
from .moderation import bids_on_the_table
from .panels import seats_of
from .tables import Attendance, Conflict, Meeting, MeetingItem, Panel, Seat
from .tables.panels import SCORING_SEATS

MOST_LETTERS = 300


def open_meeting(round: Round) -> Meeting | None:
    """The meeting that is on now."""
    return db.session.scalar(select(Meeting).where(Meeting.round_id == round.id, Meeting.ended_at.is_(None)))


def meetings_of(round: Round) -> list[Meeting]:
    """Every meeting, the latest first."""
    query = select(Meeting).where(Meeting.round_id == round.id)
    return list(db.session.scalars(query.order_by(Meeting.began_at.desc(), Meeting.id.desc())))


def items_of(meeting: Meeting) -> list[MeetingItem]:
    """The agenda in its order, with the bids and their groups."""
    bid = joinedload(MeetingItem.application).joinedload(Application.organisation)
    query = select(MeetingItem).where(MeetingItem.meeting_id == meeting.id).options(bid)
    return list(db.session.scalars(query.order_by(MeetingItem.position, MeetingItem.id)))


def _agenda(meeting: Meeting) -> list[MeetingItem]:
    """The whole of it, whoever acts: a bid that is kept from them stays in its place and is closed like any other."""
    with withholding.whole():
        return items_of(meeting)


def outs_of(round: Round) -> dict[int, frozenset[int]]:
    """For each bid the seats that must be out of the room for it."""
    query = select(Conflict.application_id, Conflict.seat_id).join(Seat).join(Panel)
    found: dict[int, set[int]] = {}
    for bid, seat in db.session.execute(query.where(Panel.round_id == round.id, Conflict.conflicted)):
        found.setdefault(bid, set()).add(seat)
    return {bid: frozenset(seats) for bid, seats in found.items()}


def stays_of(meeting: Meeting) -> list[Attendance]:
    """Every stay in the room, by when it began."""
    query = select(Attendance).where(Attendance.meeting_id == meeting.id).options(joinedload(Attendance.seat))
    return list(db.session.scalars(query.order_by(Attendance.came_at, Attendance.id)))


@dataclass(frozen=True)
class Room:
    """Who counts for one bid: `present` are there and not recused, `out` there but recused; only scoring seats vote."""

    present: list[Seat]
    out: list[Seat]
    quorum: int

    @property
    def voters(self) -> int:
        return sum(seat.kind in SCORING_SEATS for seat in self.present)

    @property
    def has_quorum(self) -> bool:
        return self.voters >= self.quorum


def room_for(item: MeetingItem | None, stays: list[Attendance], outs: dict[int, frozenset[int]], quorum: int) -> Room:
    here = [stay.seat for stay in stays if stay.left_at is None]
    recused = outs.get(item.application_id, frozenset()) if item is not None else frozenset()
    return Room([each for each in here if each.id not in recused], [each for each in here if each.id in recused], quorum)  # fmt: skip


def begin_meeting(round: Round, *, by: Person, now: datetime) -> Meeting:
    """Begin, with every bid that waits to be agreed on the agenda. Raises Problem when there is none, or one is on already."""
    if open_meeting(round) is not None:
        raise Problem("A meeting of this panel is on already.")
    meeting = Meeting(round_id=round.id, began_at=now, began_by_id=by.id)
    db.session.add(meeting)
    db.session.flush()
    if not plan_agenda(meeting, round, by=by, now=now):
        raise Problem("No bid waits to be agreed: assessors must finish their scores first.")
    audit.record("meeting.begin", meeting, by=by, now=now, round=round.id)
    return meeting


def plan_agenda(meeting: Meeting, round: Round, *, by: Person, now: datetime) -> list[MeetingItem]:
    """Put what has not been taken up into the order with the fewest exits; add bids that are ready, drop those agreed."""
    _check_on(meeting)
    with withholding.whole():  # a recused chair puts every bid onto the agenda, also the one they step out for
        kept, outs, ready = items_of(meeting), outs_of(round), bids_on_the_table(round)
    begun = [each for each in kept if each.first_at is not None]
    waiting = {each.application_id: each for each in kept if each.first_at is None}
    taken_up = {each.application_id for each in begun}
    table = [each for each in ready if each.application.status == "in_scoring" and each.finished and each.application.id not in taken_up]  # fmt: skip
    order = fewest_exits([(each.application.id, outs.get(each.application.id, frozenset())) for each in table])
    for gone in waiting.keys() - set(order):
        db.session.delete(waiting[gone])
    for place, key in enumerate(order, len(begun) + 1):
        item = waiting.get(key)
        if item is None:
            item = MeetingItem(meeting_id=meeting.id, application_id=key)
            db.session.add(item)
        item.position = place
    for place, each in enumerate(begun, 1):
        each.position = place
    db.session.flush()
    audit.record("meeting.plan", meeting, by=by, now=now, bids=len(order))
    return _agenda(meeting)


def take_up(meeting: Meeting, item: MeetingItem, *, by: Person, now: datetime) -> None:
    """Put a bid on now; the one before is closed with its time."""
    _check_on(meeting)
    check_may_see(item, meeting, by)
    for each in _agenda(meeting):
        if each.on_since is not None and each.id != item.id:
            _put_away(each, now)
    if item.on_since is None:
        item.on_since, item.first_at = now, item.first_at or now
        item.present_count = None
        audit.record("meeting.take_up", meeting, by=by, now=now, application=item.application_id)
    db.session.flush()


def put_away(meeting: Meeting, *, by: Person, now: datetime) -> None:
    """Close the bid that is on, with nothing in its place: a break."""
    _check_on(meeting)
    for each in _agenda(meeting):
        if each.on_since is not None:
            _put_away(each, now)
            audit.record("meeting.put_away", meeting, by=by, now=now, application=each.application_id)
    db.session.flush()


def _put_away(item: MeetingItem, now: datetime) -> None:
    item.seconds = spent_on(item, now)
    item.on_since, item.last_at = None, now


def spent_on(item: MeetingItem, now: datetime) -> int:
    """Seconds spent on a bid so far."""
    running = (now - item.on_since).total_seconds() if item.on_since is not None else 0
    return item.seconds + max(0, int(running))


def come_in(meeting: Meeting, seat: Seat, *, by: Person, now: datetime) -> None:
    """Record that a member came. Coming twice changes nothing."""
    _check_on(meeting)
    if _stay(meeting, seat) is None:
        row = Attendance(meeting_id=meeting.id, seat_id=seat.id, came_at=now)
        db.session.add(row)
        db.session.flush()
        audit.record("meeting.come_in", row, by=by, now=now, meeting=meeting.id)


def everybody_is_here(meeting: Meeting, round: Round, *, by: Person, now: datetime) -> None:
    for seat in seats_of(round):
        come_in(meeting, seat, by=by, now=now)


def go_out(meeting: Meeting, seat: Seat, *, by: Person, now: datetime) -> None:
    """Record that a member left the meeting."""
    _check_on(meeting)
    stay = _stay(meeting, seat)
    if stay is not None:
        stay.left_at = now
        db.session.flush()
        audit.record("meeting.go_out", stay, by=by, now=now, meeting=meeting.id)


def _stay(meeting: Meeting, seat: Seat) -> Attendance | None:
    wanted = (Attendance.meeting_id == meeting.id, Attendance.seat_id == seat.id, Attendance.left_at.is_(None))
    return db.session.scalar(select(Attendance).where(*wanted))


def record_vote(
    meeting: Meeting, item: MeetingItem, round: Round, motion: str, counts: tuple[int, int, int], *, by: Person, now: datetime
) -> None:  # fmt: skip
    """Keep how a vote on the bid that is on went: (for, against, abstained).

    Raises Problem without a quorum of members who are there and not recused, and when more voted than may.
    """
    _check_on(meeting)
    check_may_see(item, meeting, by)
    if item.on_since is None:
        raise WrongMoment("This bid is not being talked about now.")
    room = room_for(item, stays_of(meeting), outs_of(round), round.panel_quorum)
    if not room.has_quorum:
        raise Problem(f"Members in the room who may vote: {room.voters}. The panel needs {room.quorum}.", "votes_for")  # fmt: skip
    if not 0 < sum(counts) <= room.voters:
        raise Problem(f"Enter how the {room.voters} members in the room voted, together at most {room.voters}", "votes_for")  # fmt: skip
    if not motion.strip() or len(motion) > MOST_LETTERS:
        raise Problem(f"Say what was voted on in at most {MOST_LETTERS} characters", "motion")
    item.votes_for, item.votes_against, item.abstained = counts
    item.motion, item.voted_at, item.present_count = motion.strip(), now, room.voters
    db.session.flush()
    audit.record("meeting.vote", meeting, by=by, now=now, application=item.application_id, votes=list(counts))


def end_meeting(meeting: Meeting, *, by: Person, now: datetime) -> None:
    """Close the bid that is on and the meeting; whoever is there leaves."""
    put_away(meeting, by=by, now=now)
    for stay in stays_of(meeting):
        if stay.left_at is None:
            stay.left_at = now
    meeting.ended_at = now
    meeting.touch()
    db.session.flush()
    audit.record("meeting.end", meeting, by=by, now=now)


def check_may_see(item: MeetingItem, meeting: Meeting, by: Person) -> None:
    """Raises Forbidden for somebody who declared a conflict with the bid: another keeps the record of it."""
    wanted = (Conflict.application_id == item.application_id, Conflict.conflicted, Seat.person_id == by.id)
    if db.session.scalar(select(Conflict.id).join(Seat).where(*wanted).limit(1)) is not None:
        raise Forbidden("You declared a conflict with this bid. The secretary or another chair keeps its record.")


def _check_on(meeting: Meeting) -> None:
    if meeting.ended_at is not None:
        raise WrongMoment("This meeting has ended. Its minutes stay as they are.")
