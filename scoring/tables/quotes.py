"""Quotes: sentences of a bid that an assessor holds beside a criterion."""

from sqlalchemy.orm import Mapped

from fund.core.database import Key, Model, Moment, parent


class Quote(Model):
    """Words of one answer, exactly as they stand there, kept by one reading for one criterion.

    `question_key` says which answer. The chair may lay a quote before the applicant: `shown_at` is when that was decided.
    """

    __tablename__ = "quote"

    id: Mapped[Key]
    assignment_id: Mapped[int] = parent("assignment.id")
    criterion_id: Mapped[int] = parent("criterion.id")
    question_key: Mapped[str]
    words: Mapped[str]
    added_at: Mapped[Moment]
    shown_at: Mapped[Moment | None]
