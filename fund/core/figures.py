"""What a figure in a chart may be, how it is said, and the table that says the same as the chart.

A figure is a number; None reads "not known"; a text (a small number that is withheld, such as "<5" or "[c]") is shown
as it is and draws nothing. show turns a number into words, for example pence into pounds.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from fund.core.svg import drawing, text

Figure = float | int | str | None
# Whoever draws a chart knows what its figures are (whole pence, a rate, a count) and gives a function for just those.
Show = Callable[[Any], str]

LABEL = 26  # characters of a label that fit beside its figure on a phone
MISSING = "not known"


def plain(value: float) -> str:
    """A number with commas, without a needless decimal part."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def words(value: Figure, show: Show = plain) -> str:
    """A figure as a reader sees it."""
    if value is None:
        return MISSING
    return value if isinstance(value, str) else show(value)


def size(value: Figure) -> float:
    """How much of the figure can be drawn: nothing for a missing, withheld or negative one."""
    return 0 if value is None or isinstance(value, str) else max(float(value), 0)


@dataclass(frozen=True)
class ChartTable:
    """The figures of a chart as a table: headers, and rows of texts whose first cell names the row."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, headers: Iterable[str], rows: Iterable[Sequence[object]], show: Show = plain) -> "ChartTable":
        """A table from the rows a chart was drawn from; lists of marks become one cell each."""
        return cls(tuple(headers), tuple((str(row[0]), *(cls.cell(value, show) for value in row[1:])) for row in rows))

    @staticmethod
    def cell(value: object, show: Show) -> str:
        if isinstance(value, list | tuple):
            return ", ".join(words(mark, show) for mark in value) or MISSING
        return words(value, show)  # type: ignore[arg-type]


def nothing(title: str, description: str, ident: str, kind: str) -> Markup:
    """A chart without rows says so."""
    return drawing(title, description, ident, 32, [text("No figures yet", 0, 20, "quiet")], kind)
