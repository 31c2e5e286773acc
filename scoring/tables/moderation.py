"""What the panel agreed, and each ranking that was made from it."""

from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fund.core.database import Json, Key, Model, Moment, Versioned, parent

from .criteria import Criterion


class AgreedScore(Versioned, Model):
    """The panel's mark for one criterion of one bid, with its why. The members' own marks stay as they were."""

    __tablename__ = "agreed_score"
    __table_args__ = (
        UniqueConstraint("application_id", "criterion_id"),
        CheckConstraint("mark is null or mark between 0 and 5", name="mark_in_range"),
    )

    id: Mapped[Key]
    application_id: Mapped[int] = parent("application.id")
    criterion_id: Mapped[int] = parent("criterion.id")
    mark: Mapped[int | None]
    not_applicable: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str]
    agreed_at: Mapped[Moment]
    agreed_by_id: Mapped[int] = parent("person.id", index=False)
    version: Mapped[int] = mapped_column(default=1)

    criterion: Mapped[Criterion] = relationship()


class Moderation(Versioned, Model):
    """The panel's words about one bid: what was strong, what would make it better, and the note of the talk."""

    __tablename__ = "moderation"

    id: Mapped[Key]
    application_id: Mapped[int] = parent("application.id", unique=True)
    strengths: Mapped[str | None]
    improvements: Mapped[str | None]
    note: Mapped[str | None]
    saved_at: Mapped[Moment]
    saved_by_id: Mapped[int] = parent("person.id", index=False)
    version: Mapped[int] = mapped_column(default=1)


class RankingRun(Model):
    """A ranking as it was made: inputs hashed, method named, result kept."""

    __tablename__ = "ranking_run"

    id: Mapped[Key]
    round_id: Mapped[int] = parent("round.id")
    method: Mapped[str]
    inputs_sha256: Mapped[str]
    result: Mapped[list[Any]] = mapped_column(Json)
    made_at: Mapped[Moment]
    made_by_id: Mapped[int | None] = parent("person.id", index=False)
