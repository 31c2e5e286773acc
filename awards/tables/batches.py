"""Batches of letters: the decisions that one person approved together, and how far each has come."""

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from fund.core.database import Key, Model, Moment, one_of, parent
from fund.tables import Person, Round

from .decisions import Decision
from .letters import Letter

WAITING, SENT, FAILED = "waiting", "sent", "failed"


class LetterBatch(Model):
    """Letters that go out together. It is finished when none of its items waits."""

    __tablename__ = "letter_batch"

    id: Mapped[Key]
    round_id: Mapped[int] = parent("round.id")
    started_at: Mapped[Moment]
    started_by_id: Mapped[int] = parent("person.id", index=False)
    finished_at: Mapped[Moment | None]

    round: Mapped[Round] = relationship()
    started_by: Mapped[Person] = relationship()


class LetterBatchItem(Model):
    """One decision of a batch: it waits, its letter is made and its message queued, or it failed with a sentence."""

    __tablename__ = "letter_batch_item"
    __table_args__ = (
        UniqueConstraint("batch_id", "decision_id"),
        one_of("state", "state", (WAITING, SENT, FAILED)),
        CheckConstraint("(state = 'failed') = (problem is not null)", name="failed_has_problem"),
        CheckConstraint("(state = 'sent') = (letter_id is not null)", name="sent_has_letter"),
    )

    id: Mapped[Key]
    batch_id: Mapped[int] = parent("letter_batch.id")
    decision_id: Mapped[int] = parent("decision.id")
    state: Mapped[str]
    problem: Mapped[str | None]
    letter_id: Mapped[int | None] = parent("letter.id")
    done_at: Mapped[Moment | None]

    batch: Mapped[LetterBatch] = relationship()
    decision: Mapped[Decision] = relationship()
    letter: Mapped[Letter | None] = relationship()
