"""Indicators of the library, and what each award promised to move."""

from sqlalchemy import Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from awards.tables import Award
from fund.core.database import Key, Model, parent

DIRECTIONS = {"higher_better": "Higher is better", "lower_better": "Lower is better", "context": "For context"}


class Indicator(Model):
    """One indicator of the library (evaluation/library), with its licence caveat and source."""

    __tablename__ = "indicator"

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    domain: Mapped[str]
    linked_to: Mapped[str | None]
    unit: Mapped[str]
    direction: Mapped[str]
    level: Mapped[str]
    frequency: Mapped[str | None]
    collection: Mapped[str | None]
    source: Mapped[str | None]
    licence_caveat: Mapped[str | None]
    note: Mapped[str | None]
    position: Mapped[int]


class Promise(Model):
    """What one award said it would do for one indicator. Numbers keep two decimals; a baseline may still be unknown.

    `baseline_note` is what the bid or the grant manager says about it: when it will be taken, or why there is none.
    """

    __tablename__ = "promise"
    __table_args__ = (UniqueConstraint("award_id", "position"),)

    id: Mapped[Key]
    award_id: Mapped[int] = parent("award.id")
    indicator_id: Mapped[int | None] = parent("indicator.id")
    measure: Mapped[str]
    unit: Mapped[str]
    baseline: Mapped[float | None] = mapped_column(Numeric(14, 2, asdecimal=False))
    baseline_note: Mapped[str | None]
    target: Mapped[float] = mapped_column(Numeric(14, 2, asdecimal=False))
    position: Mapped[int]

    award: Mapped[Award] = relationship()
    indicator: Mapped[Indicator | None] = relationship()
