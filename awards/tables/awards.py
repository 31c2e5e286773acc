"""Awards: what was promised to whom, its versions, its conditions, and who signed."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from applications.tables import Application
from fund.core.database import Json, Key, Model, Moment, Pence, Versioned, one_of, parent
from fund.tables import Organisation, Person, Round

from .decisions import Decision


class Award(Versioned, Model):
    """The promise. Its state is its application's status; its terms are its latest version."""

    __tablename__ = "award"
    __table_args__ = (
        CheckConstraint(
            "offered_pence >= 0 and committed_pence >= 0 and paid_pence >= 0 and recovered_pence >= 0",
            name="no_negatives",
        ),
        CheckConstraint("recovered_pence <= paid_pence", name="recovered_was_paid"),
    )

    id: Mapped[Key]
    application_id: Mapped[int] = parent("application.id", unique=True)
    decision_id: Mapped[int] = parent("decision.id")
    round_id: Mapped[int] = parent("round.id")
    organisation_id: Mapped[int] = parent("organisation.id")
    reference: Mapped[str] = mapped_column(unique=True)
    offered_at: Mapped[Moment]
    accept_by: Mapped[Moment]
    accepted_at: Mapped[Moment | None]
    ended_at: Mapped[Moment | None]
    # What the ledger's entries about this award add up to; only awards.money writes them, in the same statement's breath.
    offered_pence: Mapped[Pence] = mapped_column(default=0)
    committed_pence: Mapped[Pence] = mapped_column(default=0)
    paid_pence: Mapped[Pence] = mapped_column(default=0)
    recovered_pence: Mapped[Pence] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)

    application: Mapped[Application] = relationship()
    decision: Mapped[Decision] = relationship()
    round: Mapped[Round] = relationship()
    organisation: Mapped[Organisation] = relationship()


class AwardVersion(Model):
    """The terms at one time. A variation makes the next number; earlier ones stay.

    `schedule` is {"tranches": [[number, due_on, pence, waits_for]], "returns": [[number, starts_on, ends_on, due_on]]},
    days as text.
    """

    __tablename__ = "award_version"
    __table_args__ = (
        UniqueConstraint("award_id", "number"),
        CheckConstraint("amount_pence > 0", name="amount_positive"),
    )

    id: Mapped[Key]
    award_id: Mapped[int] = parent("award.id")
    number: Mapped[int]
    amount_pence: Mapped[Pence]
    purpose: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    schedule: Mapped[dict[str, Any]] = mapped_column(Json)
    why: Mapped[str | None]
    created_at: Mapped[Moment]
    created_by_id: Mapped[int | None] = parent("person.id", index=False)


class Condition(Model):
    """One numbered condition. `gate` holds payments back until somebody cleared it with evidence."""

    __tablename__ = "condition"
    __table_args__ = (UniqueConstraint("award_id", "number"),)

    id: Mapped[Key]
    award_id: Mapped[int] = parent("award.id")
    number: Mapped[int]
    title: Mapped[str]
    text: Mapped[str]
    gate: Mapped[bool] = mapped_column(default=False)
    evidence: Mapped[str | None]
    cleared_at: Mapped[Moment | None]
    cleared_by_id: Mapped[int | None] = parent("person.id", index=False)

    award: Mapped[Award] = relationship()
    cleared_by: Mapped[Person | None] = relationship()


class Signatory(Model):
    """Somebody named to sign for the grantee: one for a registered body, two unrelated people for an unincorporated group."""

    __tablename__ = "signatory"
    __table_args__ = (UniqueConstraint("award_id", "person_id"),)

    id: Mapped[Key]
    award_id: Mapped[int] = parent("award.id")
    person_id: Mapped[int] = parent("person.id")
    position: Mapped[int]

    person: Mapped[Person] = relationship()


class Acceptance(Model):
    """One signature: who, as what, when, and the SHA-256 of the letter they signed; `copy_id` when it is ink on paper."""

    __tablename__ = "acceptance"
    __table_args__ = (UniqueConstraint("award_id", "person_id", "letter_sha256"),)

    id: Mapped[Key]
    award_id: Mapped[int] = parent("award.id")
    person_id: Mapped[int] = parent("person.id")
    name: Mapped[str]
    role: Mapped[str]
    letter_sha256: Mapped[str]
    signed_at: Mapped[Moment]
    copy_id: Mapped[int | None] = parent("signed_copy.id")

    person: Mapped[Person] = relationship()


class Variation(Model):
    """A change of an award: asked for by one person with a reason, decided by another. Kept, whatever became of it.

    `changes` are those beside amount and purpose: {"kind", "key", "label", "old", "new"} for the purpose, the last day, targets, budget lines.
    """

    __tablename__ = "variation"
    __table_args__ = (
        CheckConstraint("new_pence > 0", name="amount_positive"),
        CheckConstraint("decided_by_id is null or decided_by_id != proposed_by_id", name="four_eyes"),
        CheckConstraint("(outcome is null) = (decided_by_id is null)", name="decided_by_somebody"),
        one_of("outcome", "outcome", ("approved", "refused")),
    )

    id: Mapped[Key]
    award_id: Mapped[int] = parent("award.id")
    old_pence: Mapped[Pence]
    new_pence: Mapped[Pence]
    purpose: Mapped[str]
    changes: Mapped[list[Any]] = mapped_column(Json, default=list)
    why: Mapped[str]
    proposed_at: Mapped[Moment]
    proposed_by_id: Mapped[int] = parent("person.id", index=False)
    decided_at: Mapped[Moment | None]
    decided_by_id: Mapped[int | None] = parent("person.id", index=False)
    outcome: Mapped[str | None]

    award: Mapped[Award] = relationship()
    proposed_by: Mapped[Person] = relationship(foreign_keys=proposed_by_id)
