"""An application, the people who write it, and the places it is for."""

from datetime import date

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fund.core.database import Key, Model, Moment, Pence, Versioned, one_of, parent
from fund.tables import Area, Organisation, Person, Priority, Round

from .forms import Form
from .voices import VoiceNote

COLLABORATOR_ROLES = {"lead": "Lead", "editor": "Editor", "budget": "Money only", "viewer": "Viewer"}
SUBMITTED_STATES = (
    "submitted", "eligible", "ineligible", "in_scoring", "moderated", "reserved", "offered", "unsuccessful", "accepted",
    "declined", "lapsed", "in_delivery", "closed", "terminated",
)  # fmt: skip


class Application(Versioned, Model):
    """One bid. The columns from `title` down to `beneficiaries_count` repeat facts of the answers for lists and sums;
    only saving an answer writes them."""

    __tablename__ = "application"
    __table_args__ = (
        one_of("status", "status", ("draft", "withdrawn", *SUBMITTED_STATES)),
        one_of("track", "track", ("full", "short")),
        CheckConstraint("status in ('draft', 'withdrawn') or submitted_at is not null", name="submitted_has_moment"),
        CheckConstraint("status != 'draft' or submitted_at is null", name="draft_has_no_moment"),
    )

    id: Mapped[Key]
    round_id: Mapped[int] = parent("round.id")
    form_id: Mapped[int] = parent("form.id")
    organisation_id: Mapped[int] = parent("organisation.id")
    reference: Mapped[str] = mapped_column(unique=True)
    status: Mapped[str] = mapped_column(index=True)
    source: Mapped[str] = mapped_column(default="online")
    track: Mapped[str] = mapped_column(default="full")  # which form it answers; `tracks` decides
    title: Mapped[str | None]
    requested_pence: Mapped[Pence | None]
    priority_id: Mapped[int | None] = parent("priority.id")
    prevention_level: Mapped[str | None]
    strand_id: Mapped[str | None]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    beneficiaries_count: Mapped[int | None]
    late_until: Mapped[Moment | None]
    submitted_at: Mapped[Moment | None]
    created_at: Mapped[Moment]
    created_by_id: Mapped[int] = parent("person.id", index=False)
    once: Mapped[str | None] = mapped_column(unique=True)  # a double click starts one bid
    version: Mapped[int] = mapped_column(default=1)

    form: Mapped[Form] = relationship()
    round: Mapped[Round] = relationship()
    organisation: Mapped[Organisation] = relationship()
    priority: Mapped[Priority | None] = relationship()
    collaborators: Mapped[list["Collaborator"]] = relationship(order_by="Collaborator.id", viewonly=True)
    # Those in the bid now; `applications.voices` reads them, once a request.
    voice_notes: Mapped[list[VoiceNote]] = relationship(
        primaryjoin="and_(VoiceNote.application_id == Application.id, VoiceNote.removed_at.is_(None))", order_by="VoiceNote.id",
        viewonly=True,
    )  # fmt: skip


class ApplicationPlace(Model):
    __tablename__ = "application_place"
    __table_args__ = (UniqueConstraint("application_id", "area_id"),)

    id: Mapped[Key]
    application_id: Mapped[int] = parent("application.id")
    area_id: Mapped[int] = parent("area.id")

    area: Mapped[Area] = relationship()


class Collaborator(Model):
    __tablename__ = "collaborator"
    __table_args__ = (UniqueConstraint("application_id", "person_id"), one_of("role", "role", COLLABORATOR_ROLES))

    id: Mapped[Key]
    application_id: Mapped[int] = parent("application.id")
    person_id: Mapped[int] = parent("person.id")
    role: Mapped[str]
    added_at: Mapped[Moment]
    added_by_id: Mapped[int | None] = parent("person.id", index=False)
    removed_at: Mapped[Moment | None]

    person: Mapped[Person] = relationship(foreign_keys=person_id)


class ReferenceCounter(Model):
    """The last number given under one prefix. Counting up the row makes the next reference, one at a time."""

    __tablename__ = "reference_counter"

    id: Mapped[Key]
    prefix: Mapped[str] = mapped_column(unique=True)
    last: Mapped[int]


class Extension(Model):
    """More time for one applicant, with the reason. The latest is repeated in Application.late_until."""

    __tablename__ = "extension"

    id: Mapped[Key]
    application_id: Mapped[int] = parent("application.id")
    until: Mapped[Moment]
    reason: Mapped[str]
    granted_at: Mapped[Moment]
    granted_by_id: Mapped[int] = parent("person.id", index=False)

    granted_by: Mapped[Person] = relationship()
