"""Scores: one mark with its reason per assignment and criterion, and what they were each time they were sealed."""

from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fund.core.database import Json, Key, Model, Moment, Versioned, parent

from .criteria import Criterion
from .panels import Assignment


class Score(Versioned, Model):
    """A mark from 0 to 5, or explained as not applicable. `voided_at` is set by a late conflict; the mark stays."""

    __tablename__ = "score"
    __table_args__ = (
        UniqueConstraint("assignment_id", "criterion_id"),
        CheckConstraint("mark is null or mark between 0 and 5", name="mark_in_range"),
        CheckConstraint("not_applicable or mark is not null or reason is not null", name="says_something"),
    )

    id: Mapped[Key]
    assignment_id: Mapped[int] = parent("assignment.id")
    criterion_id: Mapped[int] = parent("criterion.id")
    mark: Mapped[int | None]
    not_applicable: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str | None]
    saved_at: Mapped[Moment]
    voided_at: Mapped[Moment | None]
    version: Mapped[int] = mapped_column(default=1)

    assignment: Mapped[Assignment] = relationship()
    criterion: Mapped[Criterion] = relationship()


class Seal(Model):
    """The scores as they stood when an assessor finished a bid. Opened and sealed again, the first seal stays (rule 6).

    `marks` is {criterion code: {"mark", "not_applicable", "reason"}}; `total` is the weighted total as text, "61.0".
    """

    __tablename__ = "seal"
    __table_args__ = (UniqueConstraint("assignment_id", "number"),)

    id: Mapped[Key]
    assignment_id: Mapped[int] = parent("assignment.id")
    number: Mapped[int]
    marks: Mapped[dict[str, Any]] = mapped_column(Json)
    total: Mapped[str]
    sealed_at: Mapped[Moment]
