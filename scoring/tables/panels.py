"""Panels, who sits on them, which bids they were given, and what they declared."""

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from applications.tables import Application
from fund.core.database import Key, Model, Moment, Versioned, one_of, parent
from fund.tables import Person, Round

SEAT_KINDS = {
    "assessor": "Assessor",
    "chair": "Chair",
    "secretary": "Secretary",
    "lived_experience": "Lived-experience member",
    "youth": "Youth member",
    "observer": "Observer",
}
VIEW_SEATS = (
    "lived_experience",
    "youth",
)  # give a view in four pictures where the round says so, else marks like the others
SCORING_SEATS = ("assessor", "chair", "lived_experience", "youth")
WISHES = {"want": "I want to read it", "can": "I can read it", "cannot": "I cannot read it"}
INVITATION_ANSWERS = ("accepted", "declined", "withdrawn")
ASSIGNMENT_STATES = ("assigned", "sealed", "recused", "excused")


class Panel(Model):
    __tablename__ = "panel"

    id: Mapped[Key]
    round_id: Mapped[int] = parent("round.id", unique=True)
    name: Mapped[str]
    terms: Mapped[str | None]
    created_at: Mapped[Moment]

    round: Mapped[Round] = relationship()


class Seat(Model):
    """`label` is how the person appears where names are not shown ("Member Wren"). `bids_limit` is the most they read.

    `knows` are fields the member says they know, as "priority:1", "strand:mentoring", "level:primary"; `finish_at` is when
    they wish to be done.
    """

    __tablename__ = "seat"
    __table_args__ = (UniqueConstraint("panel_id", "person_id"), one_of("kind", "kind", SEAT_KINDS))

    id: Mapped[Key]
    panel_id: Mapped[int] = parent("panel.id")
    person_id: Mapped[int] = parent("person.id")
    kind: Mapped[str]
    label: Mapped[str]
    perspective: Mapped[str | None]
    expertise: Mapped[str | None]
    bids_limit: Mapped[int | None]
    knows: Mapped[list[str] | None]
    finish_at: Mapped[Moment | None]
    terms_agreed_at: Mapped[Moment | None]
    appointed_at: Mapped[Moment]
    left_at: Mapped[Moment | None]

    panel: Mapped[Panel] = relationship()
    person: Mapped[Person] = relationship()


class SeatInvitation(Model):
    """A seat offered to an address. The link's token is kept as its hash; it answers this invitation and nothing else."""

    __tablename__ = "seat_invitation"
    __table_args__ = (
        one_of("kind", "kind", SEAT_KINDS),
        one_of("answer", "answer", INVITATION_ANSWERS),
        CheckConstraint("(answer is null) = (answered_at is null)", name="answered_has_moment"),
    )

    id: Mapped[Key]
    panel_id: Mapped[int] = parent("panel.id")
    email: Mapped[str]
    kind: Mapped[str]
    label: Mapped[str]
    perspective: Mapped[str | None]
    token_hash: Mapped[str] = mapped_column(unique=True)
    invited_at: Mapped[Moment]
    invited_by_id: Mapped[int] = parent("person.id", index=False)
    expires_at: Mapped[Moment]
    answer: Mapped[str | None]
    answered_at: Mapped[Moment | None]
    reason: Mapped[str | None]
    words: Mapped[str | None]
    person_id: Mapped[int | None] = parent("person.id")

    panel: Mapped[Panel] = relationship()


class Wish(Model):
    """What a member says about reading one bid before bids are shared out."""

    __tablename__ = "wish"
    __table_args__ = (UniqueConstraint("application_id", "seat_id"), one_of("wish", "wish", WISHES))

    id: Mapped[Key]
    application_id: Mapped[int] = parent("application.id")
    seat_id: Mapped[int] = parent("seat.id")
    wish: Mapped[str]
    said_at: Mapped[Moment]


class KeptApart(Model):
    """Two members who never read the same bid, such as partners or a manager and her colleague; and why."""

    __tablename__ = "kept_apart"
    __table_args__ = (
        UniqueConstraint("first_seat_id", "second_seat_id"),
        CheckConstraint("first_seat_id < second_seat_id", name="lower_first"),
    )

    id: Mapped[Key]
    first_seat_id: Mapped[int] = parent("seat.id")
    second_seat_id: Mapped[int] = parent("seat.id")
    why: Mapped[str]
    said_at: Mapped[Moment]
    said_by_id: Mapped[int] = parent("person.id", index=False)

    first: Mapped[Seat] = relationship(foreign_keys=first_seat_id)
    second: Mapped[Seat] = relationship(foreign_keys=second_seat_id)


class Assignment(Versioned, Model):
    """One assessor's reading of one bid. Sealed when every mark and reason is in; others' scores open only then."""

    __tablename__ = "assignment"
    __table_args__ = (
        UniqueConstraint("application_id", "seat_id"),
        one_of("status", "status", ASSIGNMENT_STATES),
        CheckConstraint("(status = 'sealed') = (sealed_at is not null)", name="sealed_has_moment"),
    )

    id: Mapped[Key]
    application_id: Mapped[int] = parent("application.id")
    seat_id: Mapped[int] = parent("seat.id")
    status: Mapped[str]
    comment: Mapped[str | None]
    assigned_at: Mapped[Moment]
    sealed_at: Mapped[Moment | None]
    version: Mapped[int] = mapped_column(default=1)

    application: Mapped[Application] = relationship()
    seat: Mapped[Seat] = relationship()


class Conflict(Model):
    """What a seat holder declared about one bid before opening it: a conflict with its reason, or none."""

    never_withheld = True  # it says what is kept from whom

    __tablename__ = "conflict"
    __table_args__ = (
        UniqueConstraint("application_id", "seat_id"),
        CheckConstraint("lifted_by_id is null or lifted_by_id <> lift_asked_by_id", name="lifted_by_a_second"),
        CheckConstraint("lifted_at is null or not conflicted", name="lifted_or_standing"),
    )

    id: Mapped[Key]
    application_id: Mapped[int] = parent("application.id")
    seat_id: Mapped[int] = parent("seat.id")
    conflicted: Mapped[bool]
    reason: Mapped[str | None]
    declared_at: Mapped[Moment]
    late: Mapped[bool] = mapped_column(default=False)
    lift_reason: Mapped[str | None]
    lift_asked_at: Mapped[Moment | None]
    lift_asked_by_id: Mapped[int | None] = parent("person.id", index=False)
    lifted_at: Mapped[Moment | None]
    lifted_by_id: Mapped[int | None] = parent("person.id", index=False)

    application: Mapped[Application] = relationship()
    seat: Mapped[Seat] = relationship()


class NotAConflict(Model):
    """A hint at a conflict that somebody answered for good: `kind` of hint, and because of what it is none."""

    __tablename__ = "not_a_conflict"
    __table_args__ = (UniqueConstraint("application_id", "seat_id", "kind"),)

    id: Mapped[Key]
    application_id: Mapped[int] = parent("application.id")
    seat_id: Mapped[int] = parent("seat.id")
    kind: Mapped[str]
    because: Mapped[str]
    said_at: Mapped[Moment]
    said_by_id: Mapped[int] = parent("person.id", index=False)


class StandIn(Model):
    """The member who chairs one bid from which the chair is recused, until `ended_at`."""

    __tablename__ = "stand_in"

    id: Mapped[Key]
    application_id: Mapped[int] = parent("application.id")
    seat_id: Mapped[int] = parent("seat.id")
    named_at: Mapped[Moment]
    named_by_id: Mapped[int] = parent("person.id", index=False)
    ended_at: Mapped[Moment | None]

    seat: Mapped[Seat] = relationship()
