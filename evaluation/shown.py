"""What a release consists of: tables of figures from which page, chart and file are made, and the headline above them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from markupsafe import Markup

from fund.core import charts
from fund.core.charts import ChartTable
from fund.core.figures import Figure
from fund.core.money import pounds

from .figures import number


@dataclass(frozen=True)
class Table:
    """One set of figures. `rows` hold numbers or the signs of hidden ones; `drawn` makes the chart from the same rows."""

    key: str
    title: str
    note: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Figure, ...], ...]
    drawn: Callable[["Table"], Markup] | None = None
    total: tuple[Figure, ...] | None = None
    money: frozenset[int] = field(default_factory=frozenset)
    links: tuple[str, ...] = ()

    @property
    def chart(self) -> Markup | None:
        return self.drawn(self) if self.drawn and self.rows else None

    @property
    def whole(self) -> tuple[tuple[Figure, ...], ...]:
        return (*self.rows, self.total) if self.total else self.rows

    @property
    def words(self) -> ChartTable:
        """The rows as a reader sees them."""
        return ChartTable(
            self.headers, tuple(tuple(self._cell(at, cell) for at, cell in enumerate(row)) for row in self.whole)
        )

    def _cell(self, at: int, cell: Figure) -> str:
        return pounds(cell) if at in self.money and isinstance(cell, int) else number(cell)

    @property
    def exported(self) -> Iterable[tuple]:
        """The rows for a file: pounds with pence, numbers plain, hidden ones as their sign."""
        for row in self.whole:
            yield tuple(
                f"{cell / 100:.2f}" if at in self.money and isinstance(cell, int) else cell
                for at, cell in enumerate(row)
            )


@dataclass(frozen=True)
class Headline:
    """The figures on top of the page. Whatever is a text is a hidden small number."""

    reached: Figure
    promised: int
    spent_pence: int
    awarded_pence: int
    pence_a_person: int | None
    rate: Figure
    rate_measure: str
    response: Figure


@dataclass(frozen=True)
class Release:
    headline: Headline
    tables: dict[str, Table]


def pairs(table: Table) -> Markup:
    rows = [(str(row[0]), row[2], row[3]) for row in table.rows]
    return charts.paired_bars(table.title, "People expected and people reached.", rows, chart_id=f"chart-{table.key}")


def drawable(value: Figure) -> Figure:
    return None if isinstance(value, str) else value
