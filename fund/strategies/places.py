"""The places of a partnership and the needs figures by place and year.

`areas(slug)` are what an applicant may choose from; `needs(slug)` are the figures, a row per place and year, ready for
a database; `needs_by_area(slug)` is the same summed up with a rank, for the panel. Where there is no table the answer
is empty. Counts are whole and may be small: whoever shows them to the public hides small numbers first.
"""

import csv
import dataclasses
import functools
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from fund.strategies.loader import HERE, load_pack
from fund.strategies.need import NeedsTable
from fund.strategies.reading import PackError

AREAS = HERE / "areas"
NEEDS = HERE / "needs"
AREA_COLUMNS = ("name", "kind", "district", "source")
LONG_COLUMNS = ("area", "period", "measure", "count", "source")
YEAR_PREFIX = "y"  # the ward table's columns are y2018_19, y2019_20, …


@dataclasses.dataclass(frozen=True)
class Area:
    """A place of a partnership; `kind` is ward, place label, local authority, county or partnership area."""

    name: str
    kind: str
    district: str
    source: str


@dataclasses.dataclass(frozen=True)
class NeedsFigure:
    """One count for one place in one financial year, such as 2022-23. `invented` figures are for demonstration only."""

    area: str
    period: str
    measure: str
    count: int
    source: str
    scope: str
    invented: bool
    note: str = ""


@dataclasses.dataclass(frozen=True)
class AreaNeeds:
    """All years of one place. `rank` 1 is the highest total; equal totals share a rank."""

    area: str
    counts: tuple[tuple[str, int], ...]  # (period, count), oldest first
    total: int
    rank: int
    rank_of: int
    change_pct: Decimal | None  # first year to last, one decimal; None when the first year is 0
    measure: str
    scope: str
    source: str
    invented: bool
    note: str


@functools.cache
def areas(slug: str) -> tuple[Area, ...]:
    """The places of a partnership, wards first as the file has them. Raises PackError when the file is not right."""
    load_pack(slug)
    path = AREAS / f"{slug}.csv"
    found = tuple(Area(*(row[column] for column in AREA_COLUMNS)) for row in _rows(path, AREA_COLUMNS))
    if len({area.name for area in found}) != len(found):
        raise PackError(f"{path.name}: a name is there twice")
    return found


@functools.cache
def needs(slug: str) -> tuple[NeedsFigure, ...]:
    """The needs figures of a partnership; empty when its pack has no table. Raises PackError for a bad file."""
    table = load_pack(slug).needs.table
    if not isinstance(table, NeedsTable):
        return ()
    reader = {"long": _long, "ward_years": _ward_years}[table.shape]
    return tuple(reader(NEEDS / table.file, table))


@functools.cache
def needs_by_area(slug: str) -> dict[str, AreaNeeds]:
    """The figures summed up by place, highest total first."""
    rows: dict[str, list[NeedsFigure]] = {}
    for figure in needs(slug):
        rows.setdefault(figure.area, []).append(figure)
    totals = {area: sum(figure.count for figure in figures) for area, figures in rows.items()}
    ordered = sorted(rows, key=lambda area: (-totals[area], area))
    return {area: _area_needs(rows[area], list(totals.values())) for area in ordered}


def _area_needs(figures: list[NeedsFigure], totals: list[int]) -> AreaNeeds:
    figures = sorted(figures, key=lambda figure: figure.period)
    first, total = figures[0], sum(figure.count for figure in figures)
    return AreaNeeds(
        area=first.area,
        counts=tuple((figure.period, figure.count) for figure in figures),
        total=total,
        rank=1 + sum(other > total for other in totals),
        rank_of=len(totals),
        change_pct=_change(first.count, figures[-1].count),
        measure=first.measure,
        scope=first.scope,
        source=first.source,
        invented=first.invented,
        note=first.note,
    )


def _change(before: int, after: int) -> Decimal | None:
    if before == 0:
        return None
    return (Decimal(after - before) * 100 / before).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _long(path: Path, table: NeedsTable) -> Iterator[NeedsFigure]:
    for number, row in enumerate(_rows(path, LONG_COLUMNS), start=2):
        count = _count(row["count"], path, number, "count")
        yield NeedsFigure(row["area"], row["period"], row["measure"], count, row["source"], table.scope, table.invented)


def _ward_years(path: Path, table: NeedsTable) -> Iterator[NeedsFigure]:
    for number, row in enumerate(_rows(path, ("ward", "source", "note")), start=2):
        for column in (name for name in row if name.startswith(YEAR_PREFIX) and name[1:5].isdecimal()):
            count = _count(row[column], path, number, column)
            period = column.removeprefix(YEAR_PREFIX).replace("_", "-")
            yield NeedsFigure(
                row["ward"], period, table.measure, count, row["source"], table.scope, table.invented, row["note"]
            )


def _rows(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    if not path.exists():
        raise PackError(f"{path.name}: there is no such file")
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        missing = [column for column in columns if column not in (reader.fieldnames or ())]
        if missing:
            raise PackError(f"{path.name}: the column {missing[0]} is missing")
        rows = list(reader)
    for number, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            raise PackError(f"{path.name}: row {number} has more or fewer cells than the first row")
    return rows


def _count(text: str, path: Path, number: int, column: str) -> int:
    if not (text.isascii() and text.isdecimal()):
        raise PackError(f"{path.name}: row {number}, column {column} must be a whole number, not {text!r}")
    return int(text)
