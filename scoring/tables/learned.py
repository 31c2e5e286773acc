"""The words that a person signs for a round's page "what we learned"."""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fund.core.database import Key, Model, Moment, Versioned, parent
from fund.tables import Person


class LearnedNote(Versioned, Model):
    """Only what is signed is public; changing the words takes the signature away. `signed_as` is the role that stands below."""

    __tablename__ = "learned_note"
    __table_args__ = (CheckConstraint("(signed_at is null) = (signed_by_id is null)", name="signed_by_somebody"),)

    id: Mapped[Key]
    round_id: Mapped[int] = parent("round.id", unique=True)
    words: Mapped[str]
    signed_as: Mapped[str | None]
    signed_at: Mapped[Moment | None]
    signed_by_id: Mapped[int | None] = parent("person.id", index=False)
    version: Mapped[int] = mapped_column(default=1)

    signed_by: Mapped[Person | None] = relationship()
