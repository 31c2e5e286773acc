"""Bank details, tranches, payments and recoveries: always two people, never the same person twice."""

from datetime import date

from sqlalchemy import CheckConstraint, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fund.core.database import Key, Model, Moment, Pence, Versioned, one_of, parent
from fund.tables import Person

from .awards import Award

TRANCHE_STATES = ("planned", "prepared", "paid", "cancelled")
HOLDING_STATES = ("planned", "prepared")  # not paid yet, and still to be


class BankDetail(Model):
    """Encrypted; `ends_with` and `fingerprint` are what staff see and compare. A change is a new row, checked afresh.

    `is_unusual`: the banks' own arithmetic does not fit the pair; None where it was never looked at. Never a refusal.
    """

    __tablename__ = "bank_detail"
    __table_args__ = (
        CheckConstraint("checked_by_id is null or checked_by_id != entered_by_id", name="checker_did_not_enter"),
        CheckConstraint(
            "confirmed_by_id is null or (confirmed_by_id != checked_by_id and confirmed_by_id != entered_by_id)",
            name="four_eyes",
        ),
        CheckConstraint("confirmed_by_id is null or checked_by_id is not null", name="checked_before_confirmed"),
    )

    id: Mapped[Key]
    award_id: Mapped[int] = parent("award.id")
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    ends_with: Mapped[str]
    fingerprint: Mapped[str] = mapped_column(index=True)
    is_unusual: Mapped[bool | None]
    entered_at: Mapped[Moment]
    entered_by_id: Mapped[int] = parent("person.id", index=False)
    checked_at: Mapped[Moment | None]
    checked_by_id: Mapped[int | None] = parent("person.id", index=False)
    check_note: Mapped[str | None]
    confirmed_at: Mapped[Moment | None]
    confirmed_by_id: Mapped[int | None] = parent("person.id", index=False)
    replaced_at: Mapped[Moment | None]

    award: Mapped[Award] = relationship()
    entered_by: Mapped[Person] = relationship(foreign_keys=entered_by_id)


class PaymentRun(Model):
    """Payments released together: one file for the bank."""

    __tablename__ = "payment_run"

    id: Mapped[Key]
    partnership_id: Mapped[int] = parent("partnership.id")
    released_at: Mapped[Moment]
    released_by_id: Mapped[int] = parent("person.id", index=False)

    released_by: Mapped[Person] = relationship()


class Tranche(Versioned, Model):
    """One instalment. `waits_for` is "agreement", or "return-2" for the acceptance of the second return. `is_retention`
    marks what is kept back until the last return is accepted."""

    __tablename__ = "tranche"
    __table_args__ = (
        UniqueConstraint("award_id", "number"),
        one_of("status", "status", TRANCHE_STATES),
        CheckConstraint("amount_pence > 0", name="amount_positive"),
    )

    id: Mapped[Key]
    award_id: Mapped[int] = parent("award.id")
    number: Mapped[int]
    due_on: Mapped[date]
    amount_pence: Mapped[Pence]
    waits_for: Mapped[str]
    is_retention: Mapped[bool] = mapped_column(default=False)
    cleared_at: Mapped[Moment | None]
    status: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)

    award: Mapped[Award] = relationship()


class Payment(Model):
    """Money sent for one tranche: prepared by one person, released by another, once."""

    __tablename__ = "payment"
    __table_args__ = (
        CheckConstraint("released_by_id is null or released_by_id != prepared_by_id", name="four_eyes"),
        CheckConstraint("(released_by_id is null) = (run_id is null)", name="released_in_a_run"),
        UniqueConstraint("tranche_id"),
    )

    id: Mapped[Key]
    tranche_id: Mapped[int] = parent("tranche.id", index=False)
    bank_detail_id: Mapped[int] = parent("bank_detail.id")
    run_id: Mapped[int | None] = parent("payment_run.id")
    amount_pence: Mapped[Pence]
    reference: Mapped[str]
    prepared_at: Mapped[Moment]
    prepared_by_id: Mapped[int] = parent("person.id", index=False)
    released_at: Mapped[Moment | None]
    released_by_id: Mapped[int | None] = parent("person.id", index=False)

    tranche: Mapped[Tranche] = relationship()
    prepared_by: Mapped[Person] = relationship(foreign_keys=prepared_by_id)
    bank_detail: Mapped[BankDetail] = relationship()

    @property
    def award(self) -> Award:
        return self.tranche.award


class Recovery(Model):
    """Money to come back from a grantee, by a day; those asked for before there were days have none."""

    __tablename__ = "recovery"
    __table_args__ = (
        CheckConstraint("amount_pence > 0", name="amount_positive"),
        CheckConstraint("(received_at is null) = (received_by_id is null)", name="received_by_somebody"),
        CheckConstraint(
            "received_by_id is null or asked_by_id is null or received_by_id != asked_by_id", name="four_eyes"
        ),
    )

    id: Mapped[Key]
    award_id: Mapped[int] = parent("award.id")
    amount_pence: Mapped[Pence]
    why: Mapped[str]
    due_on: Mapped[date | None]
    asked_at: Mapped[Moment]
    asked_by_id: Mapped[int | None] = parent("person.id", index=False)
    received_at: Mapped[Moment | None]
    received_by_id: Mapped[int | None] = parent("person.id", index=False)

    award: Mapped[Award] = relationship()
