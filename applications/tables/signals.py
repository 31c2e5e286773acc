"""Signals for staff about a bid: what it has in common with a bid of another organisation, or with a name of a list."""

from typing import Any

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fund.core.database import Key, Model, Moment, one_of, parent
from fund.tables import Person

from .applications import Application

SIGNAL_KINDS = ("bank", "name", "text", "address", "phone", "signatory", "sanctions")
SIGNAL_ANSWERS = {"fine": "Not a problem", "held": "Held"}


class BidPrint(Model):
    """What the long texts of a sent bid are compared by: some of the fingerprints of their runs of words, by question key."""

    __tablename__ = "bid_print"

    id: Mapped[Key]
    application_id: Mapped[int] = parent("application.id", unique=True)
    prints: Mapped[dict[str, Any]]
    made_at: Mapped[Moment]


class Signal(Model):
    """One thing two bids have in common; `other_id` is None where the other side is a name of a list.

    `digest` stands for the facts of both organisations, so that an answer holds wherever the same facts meet again;
    `mark` makes one row of one finding. `gone_at` is set while it is not found any more.
    """

    __tablename__ = "signal"
    __table_args__ = (
        one_of("kind", "kind", SIGNAL_KINDS),
        CheckConstraint("other_id is null or other_id < application_id", name="later_bid_first"),
    )

    id: Mapped[Key]
    application_id: Mapped[int] = parent("application.id")
    other_id: Mapped[int | None] = parent("application.id")
    kind: Mapped[str]
    facts: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(index=True)
    mark: Mapped[str] = mapped_column(unique=True)
    found_at: Mapped[Moment]
    gone_at: Mapped[Moment | None]

    application: Mapped[Application] = relationship(foreign_keys=application_id)
    other: Mapped[Application | None] = relationship(foreign_keys=other_id)


class SignalAnswer(Model):
    """What an officer said of a signal. A changed mind is a further row; the latest counts."""

    __tablename__ = "signal_answer"
    __table_args__ = (one_of("answer", "answer", SIGNAL_ANSWERS),)

    id: Mapped[Key]
    signal_id: Mapped[int] = parent("signal.id")
    answer: Mapped[str]
    reason: Mapped[str]
    answered_at: Mapped[Moment]
    answered_by_id: Mapped[int] = parent("person.id", index=False)

    signal: Mapped[Signal] = relationship()
    answered_by: Mapped[Person] = relationship()
