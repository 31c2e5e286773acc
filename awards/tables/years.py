"""How much of a round's pot belongs to which financial year. Home Office money does not cross 31 March."""

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fund.core.database import Key, Model, Moment, Pence, Versioned, parent


class YearShare(Versioned, Model):
    """`year` is the calendar year in which the financial year begins: 2026 is 1 April 2026 to 31 March 2027."""

    __tablename__ = "year_share"
    __table_args__ = (UniqueConstraint("round_id", "year"), CheckConstraint("pence >= 0", name="no_negatives"))

    id: Mapped[Key]
    round_id: Mapped[int] = parent("round.id")
    year: Mapped[int]
    pence: Mapped[Pence]
    set_at: Mapped[Moment]
    set_by_id: Mapped[int] = parent("person.id", index=False)
    version: Mapped[int] = mapped_column(default=1)
