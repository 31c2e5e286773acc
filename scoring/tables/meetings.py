"""Meetings of a panel: their agenda with the time each bid took, who was there from when to when, and how a vote went."""

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from applications.tables import Application
from fund.core.database import Key, Model, Moment, Versioned, parent
from fund.tables import Round

from .criteria import Criterion
from .panels import Seat

_OPEN = text("ended_at is null")


class Meeting(Versioned, Model):
    """One meeting; a round has one at a time."""

    __tablename__ = "meeting"
    __table_args__ = (
        Index("uq_meeting_open", "round_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        CheckConstraint("ended_at is null or ended_at >= began_at", name="ends_after_beginning"),
    )

    id: Mapped[Key]
    round_id: Mapped[int] = parent("round.id")
    began_at: Mapped[Moment]
    began_by_id: Mapped[int] = parent("person.id", index=False)
    ended_at: Mapped[Moment | None]
    version: Mapped[int] = mapped_column(default=1)

    round: Mapped[Round] = relationship()


class MeetingItem(Model):
    """A bid on the agenda. `seconds` is the time spent on it before `on_since`, the moment from which it is on now.

    The votes are counts, never names; `present_count` is how many could vote at the last vote.
    """

    __tablename__ = "meeting_item"
    __table_args__ = (
        UniqueConstraint("meeting_id", "application_id"),
        CheckConstraint("votes_for >= 0 and votes_against >= 0 and abstained >= 0", name="no_negative_votes"),
        CheckConstraint("seconds >= 0", name="no_negative_time"),
    )

    id: Mapped[Key]
    meeting_id: Mapped[int] = parent("meeting.id")
    application_id: Mapped[int] = parent("application.id")
    position: Mapped[int]
    seconds: Mapped[int] = mapped_column(default=0)
    first_at: Mapped[Moment | None]
    on_since: Mapped[Moment | None]
    last_at: Mapped[Moment | None]
    present_count: Mapped[int | None]
    motion: Mapped[str | None]
    votes_for: Mapped[int | None]
    votes_against: Mapped[int | None]
    abstained: Mapped[int | None]
    voted_at: Mapped[Moment | None]

    application: Mapped[Application] = relationship()


class Attendance(Model):
    """One stay in the room. Who comes back has another row; stepping out for a conflict is no leaving and is in no row."""

    __tablename__ = "attendance"
    __table_args__ = (CheckConstraint("left_at is null or left_at >= came_at", name="leaves_after_coming"),)

    id: Mapped[Key]
    meeting_id: Mapped[int] = parent("meeting.id")
    seat_id: Mapped[int] = parent("seat.id")
    came_at: Mapped[Moment]
    left_at: Mapped[Moment | None]

    seat: Mapped[Seat] = relationship()


class AgreedChange(Model):
    """Each change of an agreed mark, kept for good: before, after, and the why at that moment."""

    __tablename__ = "agreed_change"

    id: Mapped[Key]
    application_id: Mapped[int] = parent("application.id")
    criterion_id: Mapped[int] = parent("criterion.id")
    was_agreed: Mapped[bool]
    before: Mapped[int | None]
    after: Mapped[int | None]
    reason: Mapped[str]
    at: Mapped[Moment]
    by_id: Mapped[int] = parent("person.id", index=False)

    criterion: Mapped[Criterion] = relationship()
