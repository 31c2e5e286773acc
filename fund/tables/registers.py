"""What registers answered: each answer as it was read, each look on behalf of one number, and the looks still to come."""

from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fund.core.database import Key, Model, Moment, one_of, parent

from .organisations import Identifier
from .people import Person

LOOK_WHYS = {"entered": "Asked when the number was new", "officer": "An officer asked", "weekly": "Asked as every week"}
LOOK_OUTCOMES = ("confirmed", "removed", "not_found", "by_hand", "no_answer")


class RegisterAnswer(Model):
    """What a register said of a number, as `fund.registers.said.Said` reads it. Used again for a week, kept for ever."""

    __tablename__ = "register_answer"
    __table_args__ = (Index("ix_register_answer_scheme_number", "scheme", "number"),)

    id: Mapped[Key]
    scheme: Mapped[str]
    number: Mapped[str]
    answered_at: Mapped[Moment]
    facts: Mapped[dict[str, Any]]


class RegisterLook(Model):
    """One look at a register for one number of one organisation: who asked, why, what came of it.

    `was_sent`: the register itself was asked, rather than an answer used again; these count towards our own limit.
    `name_given` is what the organisation was called at that moment, `name_score` how like the register's name it is (0 to 100).
    `changes` are sentences: what the register says now and did not say before; `is_to_tell` until officers were told.
    """

    __tablename__ = "register_look"
    __table_args__ = (
        one_of("why", "why", LOOK_WHYS),
        one_of("outcome", "outcome", LOOK_OUTCOMES),
        Index("ix_register_look_scheme_asked_at", "scheme", "asked_at"),
    )

    id: Mapped[Key]
    identifier_id: Mapped[int] = parent("identifier.id", ondelete="CASCADE")
    scheme: Mapped[str]
    why: Mapped[str]
    asked_at: Mapped[Moment]
    asked_by_id: Mapped[int | None] = parent("person.id", index=False)
    was_sent: Mapped[bool]
    outcome: Mapped[str]
    sentence: Mapped[str]
    failure: Mapped[str | None]
    answer_id: Mapped[int | None] = parent("register_answer.id")
    name_given: Mapped[str]
    name_score: Mapped[int | None]
    changes: Mapped[list[str]]
    is_to_tell: Mapped[bool] = mapped_column(index=True)

    identifier: Mapped[Identifier] = relationship()
    asked_by: Mapped[Person | None] = relationship()
    answer: Mapped[RegisterAnswer | None] = relationship()


class QueuedLook(Model):
    """A number that waits to be asked about. One row for each number; it goes when the register has answered."""

    __tablename__ = "queued_look"
    __table_args__ = (one_of("why", "why", LOOK_WHYS),)

    id: Mapped[Key]
    identifier_id: Mapped[int] = parent("identifier.id", ondelete="CASCADE", unique=True)
    why: Mapped[str]
    due_at: Mapped[Moment] = mapped_column(index=True)
    tries_count: Mapped[int] = mapped_column(default=0)
