"""Decision packs that were asked for: how far each is, and which file came out."""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fund.core.database import Key, Model, Moment, one_of, parent
from fund.core.files import StoredFile
from fund.tables import Person

PACK_STATES = {"waiting": "Waiting", "building": "Being made", "built": "Ready", "failed": "Not made"}


class DecisionPack(Model):
    """One pack. `strike` are words that the officer had taken out of the redacted copy; `percent` how much is drawn."""

    __tablename__ = "decision_pack"
    __table_args__ = (
        one_of("state", "state", PACK_STATES),
        CheckConstraint("(state = 'built') = (file_id is not null)", name="built_has_file"),
        CheckConstraint("percent between 0 and 100", name="percent_in_range"),
    )

    id: Mapped[Key]
    round_id: Mapped[int] = parent("round.id")
    redacted: Mapped[bool]
    strike: Mapped[list[str]]
    state: Mapped[str] = mapped_column(index=True)
    percent: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[Moment]
    asked_by_id: Mapped[int] = parent("person.id", index=False)
    started_at: Mapped[Moment | None]
    built_at: Mapped[Moment | None]
    file_id: Mapped[int | None] = parent("stored_file.id", index=False)

    asked_by: Mapped[Person] = relationship()
    file: Mapped[StoredFile | None] = relationship()

    def took(self) -> float | None:
        """How long the making took, in seconds."""
        return (self.built_at - self.started_at).total_seconds() if self.built_at and self.started_at else None
