"""Scenarios of where the line could be drawn, and draws that break a tie at it."""

from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fund.core.database import Json, Key, Model, Moment, Pence, Versioned, parent
from fund.tables import Person


class Scenario(Model):
    """A named set of floors, ceilings and locks, with the best awards as they were when it was saved.

    `settings` and `result` are what scoring.planning makes of them: plain JSON, money in pence.
    """

    __tablename__ = "scenario"
    __table_args__ = (UniqueConstraint("round_id", "name"),)

    id: Mapped[Key]
    round_id: Mapped[int] = parent("round.id")
    name: Mapped[str]
    settings: Mapped[dict[str, Any]] = mapped_column(Json)
    result: Mapped[dict[str, Any]] = mapped_column(Json)
    pot_pence: Mapped[Pence]
    made_at: Mapped[Moment]
    made_by_id: Mapped[int] = parent("person.id", index=False)
    shared_at: Mapped[Moment | None]

    made_by: Mapped[Person] = relationship()


class ViableAt(Versioned, Model):
    """The least a bid still works with, as the panel heard it, with the why. Money in pence."""

    __tablename__ = "viable_at"
    __table_args__ = (CheckConstraint("pence > 0", name="positive"),)

    id: Mapped[Key]
    application_id: Mapped[int] = parent("application.id", unique=True)
    pence: Mapped[Pence]
    reason: Mapped[str]
    recorded_at: Mapped[Moment]
    recorded_by_id: Mapped[int] = parent("person.id", index=False)
    version: Mapped[int] = mapped_column(default=1)


class Draw(Model):
    """A draw between tied bids (rule 9): its seed is published before, two different people sign what came out.

    `references` are the tied bids and `result` their order with what decided each; it is set when the draw is held.
    """

    __tablename__ = "draw"
    __table_args__ = (
        CheckConstraint("signed_by_id is null or signed_by_id <> held_by_id", name="two_people"),
        CheckConstraint("(held_at is null) = (held_by_id is null)", name="held_by_somebody"),
        CheckConstraint("(signed_at is null) = (signed_by_id is null)", name="signed_by_somebody"),
    )

    id: Mapped[Key]
    round_id: Mapped[int] = parent("round.id")
    seed: Mapped[str]
    published_at: Mapped[Moment]
    published_by_id: Mapped[int] = parent("person.id", index=False)
    floors: Mapped[dict[str, Any]] = mapped_column(Json)
    result: Mapped[list[Any] | None] = mapped_column(Json)
    held_at: Mapped[Moment | None]
    held_by_id: Mapped[int | None] = parent("person.id", index=False)
    signed_at: Mapped[Moment | None]
    signed_by_id: Mapped[int | None] = parent("person.id", index=False)

    held_by: Mapped[Person | None] = relationship(foreign_keys=held_by_id)
    signed_by: Mapped[Person | None] = relationship(foreign_keys=signed_by_id)
