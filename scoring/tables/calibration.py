"""A calibration bid: everybody scores it first and then sees how the panel means its marks. It counts for nothing."""

from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fund.core.database import Json, Key, Model, Moment, Versioned, parent

from .criteria import Criterion
from .panels import Seat


class Calibration(Versioned, Model):
    """The calibration bid of a round. `parts` are [{"section", "question", "words"}], copied from an old bid or written.

    `application_id` is the old bid it was copied from, so that nobody reads it here who declared a conflict with it.
    """

    __tablename__ = "calibration"

    id: Mapped[Key]
    round_id: Mapped[int] = parent("round.id", unique=True)
    title: Mapped[str]
    parts: Mapped[list[Any]] = mapped_column(Json)
    application_id: Mapped[int | None] = parent("application.id")
    comes_first: Mapped[bool] = mapped_column(default=True)
    opened_at: Mapped[Moment | None]
    set_at: Mapped[Moment]
    set_by_id: Mapped[int] = parent("person.id", index=False)
    version: Mapped[int] = mapped_column(default=1)


class CalibrationAnchor(Model):
    """The mark that a criterion deserves on the calibration bid, and the note that says why."""

    __tablename__ = "calibration_anchor"
    __table_args__ = (
        UniqueConstraint("calibration_id", "criterion_id"),
        CheckConstraint("mark between 0 and 5", name="mark_in_range"),
    )

    id: Mapped[Key]
    calibration_id: Mapped[int] = parent("calibration.id")
    criterion_id: Mapped[int] = parent("criterion.id")
    mark: Mapped[int]
    note: Mapped[str]

    criterion: Mapped[Criterion] = relationship()


class CalibrationReading(Versioned, Model):
    """What one member gave it: {criterion key as text: {"mark", "reason"}}. Kept apart from every score of the round."""

    __tablename__ = "calibration_reading"
    __table_args__ = (UniqueConstraint("calibration_id", "seat_id"),)

    id: Mapped[Key]
    calibration_id: Mapped[int] = parent("calibration.id")
    seat_id: Mapped[int] = parent("seat.id")
    marks: Mapped[dict[str, Any]] = mapped_column(Json)
    saved_at: Mapped[Moment]
    finished_at: Mapped[Moment | None]
    version: Mapped[int] = mapped_column(default=1)

    seat: Mapped[Seat] = relationship()
