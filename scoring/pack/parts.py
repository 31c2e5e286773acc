"""The chapters of the pack, in order: each gathers its facts from the tables and says them in blocks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fund.core.clock import speak_moment
from fund.core.pdf.blocks import Block
from fund.tables import Round

from .names import Names


@dataclass(frozen=True)
class Part:
    """One chapter. `facts` answers plain JSON values in a fixed order; `words` takes those and nothing else."""

    order: int
    key: str
    title: str
    facts: Callable[[Round, Names], Any]
    words: Callable[[Any], Sequence[Block]]


PARTS: dict[str, Part] = {}


def add_part(order: int, key: str, title: str, facts, words) -> None:
    """Add a chapter; a package that comes later in the house adds its own (decisions, for one)."""
    PARTS[key] = Part(order, key, title, facts, words)


def in_order() -> list[Part]:
    return sorted(PARTS.values(), key=lambda part: (part.order, part.key))


def iso(moment: datetime | None) -> str | None:
    """A moment as the facts keep it, in UTC to the microsecond: the same on both databases."""
    return None if moment is None else moment.astimezone(UTC).isoformat(timespec="microseconds")


def said(moment: str | None) -> str:
    """A moment of the facts as people read it, in London."""
    return speak_moment(datetime.fromisoformat(moment)) if moment else ""
