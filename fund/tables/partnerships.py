"""Partnerships and what their strategies say: all of it data, loaded from a strategy pack and versioned."""

from datetime import date
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fund.core.database import Key, Model, Moment, parent


class Partnership(Model):
    """Who holds the money. Names, letterhead and contact are settings, because functions move between bodies."""

    __tablename__ = "partnership"

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    short_name: Mapped[str]
    area: Mapped[str]
    funder_name: Mapped[str]
    email: Mapped[str]
    phone: Mapped[str]
    letterhead: Mapped[list[str]]
    giving_prefix: Mapped[
        str | None
    ]  # from registration with 360Giving; open data is marked as unregistered without it


class Strategy(Model):
    """One version of a partnership's strategy. `pack` is the whole pack as loaded, for the page that shows all of it."""

    __tablename__ = "strategy"
    __table_args__ = (UniqueConstraint("partnership_id", "number"),)

    id: Mapped[Key]
    partnership_id: Mapped[int] = parent("partnership.id")
    number: Mapped[int]
    title: Mapped[str | None]
    vision: Mapped[str | None]
    objective: Mapped[str | None]
    ends_on: Mapped[date | None]
    source: Mapped[str]
    pack: Mapped[dict[str, Any]]
    pack_sha256: Mapped[str]
    loaded_at: Mapped[Moment]
    superseded_at: Mapped[Moment | None]

    partnership: Mapped[Partnership] = relationship()


class Priority(Model):
    """What a round can fund. `code` is the partnership's own ("1", "SV03", "PEOPLE"); `title` is quoted exactly."""

    __tablename__ = "priority"
    __table_args__ = (UniqueConstraint("strategy_id", "code"),)

    id: Mapped[Key]
    strategy_id: Mapped[int] = parent("strategy.id")
    code: Mapped[str]
    title: Mapped[str]
    strand: Mapped[str | None]
    target_group: Mapped[dict[str, Any]]
    levels: Mapped[list[str]]
    position: Mapped[int]


class Outcome(Model):
    __tablename__ = "outcome"
    __table_args__ = (UniqueConstraint("strategy_id", "code"),)

    id: Mapped[Key]
    strategy_id: Mapped[int] = parent("strategy.id")
    code: Mapped[str]
    title: Mapped[str]
    group: Mapped[str | None]
    position: Mapped[int]


class Board(Model):
    __tablename__ = "board"

    id: Mapped[Key]
    strategy_id: Mapped[int] = parent("strategy.id")
    name: Mapped[str]
    role: Mapped[str | None]
    position: Mapped[int]


class Measure(Model):
    """A success measure that the strategy names, such as the three Home Office measures."""

    __tablename__ = "measure"

    id: Mapped[Key]
    strategy_id: Mapped[int] = parent("strategy.id")
    code: Mapped[str | None]
    title: Mapped[str]
    position: Mapped[int]
