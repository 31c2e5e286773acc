"""The criteria of a bid in short, for the chair: where the members' marks lie apart, what is agreed, what to unfold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .moderation import Reading
from .tables import AgreedScore, Criterion
from .totals import spread

MANY = 10  # with more criteria than this, those on which members are close begin folded


@dataclass(frozen=True)
class Line:
    """One criterion: the members' lowest and highest mark (None when nobody gave one), and what the panel agreed."""

    criterion: Criterion
    low: int | None
    high: int | None
    agreed: AgreedScore | None
    is_apart: bool
    is_open: bool

    @property
    def marks(self) -> str:
        if self.low is None:
            return "no marks"
        return f"marks {self.low}" if self.low == self.high else f"marks {self.low} to {self.high}"

    @property
    def state(self) -> str:
        """What is agreed, in two words; empty before."""
        row = self.agreed
        if row is None or (row.mark is None and not row.not_applicable):
            return ""
        return "does not apply" if row.not_applicable else f"agreed {row.mark}"


def outline_of(
    criteria: Sequence[Criterion], done: Sequence[Reading], agreed: Mapping[int, AgreedScore], *, flag: int,
    wrong: frozenset[str],
) -> dict[int, Line]:  # fmt: skip
    """The lines by criterion, in order. `flag` is the spread from which one talks; `wrong` the fields that have a problem."""
    lines = {}
    for each in criteria:
        marks = [reading.marks.get(each.code) for reading in done]
        given = [mark for mark in marks if mark is not None]
        is_apart = spread(marks) >= flag
        is_open = len(criteria) <= MANY or is_apart or not wrong.isdisjoint({f"mark-{each.id}", f"reason-{each.id}"})
        lines[each.id] = Line(
            each, min(given, default=None), max(given, default=None), agreed.get(each.id), is_apart, is_open
        )
    return lines
