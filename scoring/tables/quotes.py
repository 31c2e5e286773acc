"""Quotes: sentences of a bid that an assessor holds beside a criterion."""

from sqlalchemy.orm import Mapped

from fund.core.database import Key, Model, Moment, parent


class Quote(Model):
    """Words of one answer as they stand there, kept by one reading for one criterion. `question_key` says which answer."""

    __tablename__ = "quote"

    id: Mapped[Key]
    assignment_id: Mapped[int] = parent("assignment.id")
    criterion_id: Mapped[int] = parent("criterion.id")
    question_key: Mapped[str]
    words: Mapped[str]
    added_at: Mapped[Moment]
