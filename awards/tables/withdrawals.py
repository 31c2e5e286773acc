"""The letter about a withdrawal before it is a letter: who proposed it with which words, and who approved it."""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fund.core.database import Key, Model, Moment, parent
from fund.tables import Person

from .awards import Award


class WithdrawalLetter(Model):
    """One for each withdrawn award. `note` is what the officer adds; the letter itself stands among the letters once approved."""

    __tablename__ = "withdrawal_letter"
    __table_args__ = (
        CheckConstraint("(approved_at is null) = (approved_by_id is null)", name="approved_by_somebody"),
        CheckConstraint("approved_by_id is null or approved_by_id <> proposed_by_id", name="two_people"),
    )

    id: Mapped[Key]
    award_id: Mapped[int] = parent("award.id", unique=True)
    note: Mapped[str] = mapped_column(default="")
    proposed_at: Mapped[Moment]
    proposed_by_id: Mapped[int] = parent("person.id", index=False)
    approved_at: Mapped[Moment | None]
    approved_by_id: Mapped[int | None] = parent("person.id", index=False)

    award: Mapped[Award] = relationship()
    proposed_by: Mapped[Person] = relationship(foreign_keys=[proposed_by_id])
