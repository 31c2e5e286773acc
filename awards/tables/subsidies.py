"""Minimal Financial Assistance: the notice before it is given, what the recipient declared, and the confirmation (domain guide, section 7)."""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fund.core.database import Key, Model, Moment, Pence, parent


class Subsidy(Model):
    """One award that is given as Minimal Financial Assistance. `declared_pence` is what others gave in the three years."""

    __tablename__ = "subsidy"
    __table_args__ = (
        CheckConstraint("(declared_at is null) = (declared_by_id is null)", name="declared_by_somebody"),
        CheckConstraint("(declared_at is null) = (declared_pence is null)", name="declared_an_amount"),
        CheckConstraint("declared_pence is null or declared_pence >= 0", name="no_negatives"),
        # 315,000 pounds: Subsidy Control Act 2022, section 36.
        CheckConstraint(
            "declared_pence is null or declared_pence + ours_pence + pence <= 31500000", name="within_limit"
        ),
    )

    id: Mapped[Key]
    award_id: Mapped[int] = parent("award.id", unique=True)
    pence: Mapped[Pence]
    ours_pence: Mapped[Pence] = mapped_column(default=0)
    noticed_at: Mapped[Moment]
    noticed_by_id: Mapped[int] = parent("person.id", index=False)
    declared_pence: Mapped[Pence | None]
    declared_at: Mapped[Moment | None]
    declared_by_id: Mapped[int | None] = parent("person.id", index=False)
