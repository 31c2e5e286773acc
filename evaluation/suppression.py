"""Small numbers (design rule 15): the one function through which every published count of people passes.

A count from 1 to below the threshold is shown as "<5". Where totals would give it away, further cells are shown as "[c]"
until no hidden cell can be worked out from what is left. Nothing is rounded and no nought is hidden without need.

Whether a cell can be worked out is asked exactly. A table with its totals is a circulation: each cell carries its count
from its row to its column, each row total brings the row's people in, each column total takes them out. A hidden cell can
have another value when its flow can be sent round another way through hidden cells, within what their signs allow.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count

SECOND = "[c]"
Shown = int | str
MANY = 10**9


@dataclass
class _Cell:
    source: object
    target: object
    count: int
    is_total: bool
    sign: str = ""  # "" while the count itself is shown

    def bounds(self, threshold: int) -> tuple[int, int]:
        """What a reader knows about the count: the figure itself, below the threshold, or nothing."""
        if not self.sign:
            return self.count, self.count
        return (0, MANY) if self.sign == SECOND else (1, threshold - 1)


def suppress_row(counts: Sequence[int], total: int, threshold: int = 5) -> tuple[list[Shown], Shown]:
    """One row of counts and its total, as they may be shown. Raises ValueError when they do not add up."""
    if sum(counts) != total:
        raise ValueError(f"{list(counts)} do not add up to {total}")
    parts = [_Cell("row", "end", count, False) for count in counts]
    whole = _Cell("end", "row", total, True)
    _hide([*parts, whole], threshold)
    return [_shown(cell) for cell in parts], _shown(whole)


def suppress_table(
    rows: Sequence[Sequence[int]], threshold: int = 5
) -> tuple[list[list[Shown]], list[Shown], list[Shown], Shown]:
    """A table with row totals, column totals and their sum: (cells, row totals, column totals, sum) as may be shown."""
    width = len(rows[0]) if rows else 0
    inside = [
        [_Cell(("row", r), ("column", c), count, False) for c, count in enumerate(row)] for r, row in enumerate(rows)
    ]
    of_rows = [_Cell("all columns", ("row", r), sum(row), True) for r, row in enumerate(rows)]
    of_columns = [_Cell(("column", c), "all rows", sum(row[c] for row in rows), True) for c in range(width)]
    whole = _Cell("all rows", "all columns", sum(map(sum, rows)), True)
    _hide([*(cell for row in inside for cell in row), *of_rows, *of_columns, whole], threshold)
    return (
        [[_shown(cell) for cell in row] for row in inside],
        [_shown(cell) for cell in of_rows],
        [_shown(cell) for cell in of_columns],
        _shown(whole),
    )


def suppress_count(people: int | None, threshold: int = 5) -> Shown | None:
    """A count that stands alone, with no total beside it."""
    return f"<{threshold}" if people is not None and 0 < people < threshold else people


def _shown(cell: _Cell) -> Shown:
    return cell.sign or cell.count


def _hide(cells: list[_Cell], threshold: int) -> None:
    """Sign the small cells, then hide what else it takes until none of the hidden ones can be worked out."""
    for cell in cells:
        if 0 < cell.count < threshold:
            cell.sign = f"<{threshold}" if threshold > 2 else SECOND
    for cell in cells:
        if cell.sign:
            _protect(cell, cells, threshold)


def _protect(cell: _Cell, cells: list[_Cell], threshold: int) -> None:
    """Hide as few and as small cells as it takes for this one to have a second possible value (often none)."""
    least, most = cell.bounds(threshold)
    ways = []
    if cell.count < most:
        ways.append(_cheapest_way(cell.target, cell.source, cell, cells, threshold))
    if cell.count > least:
        ways.append(_cheapest_way(cell.source, cell.target, cell, cells, threshold))
    found = min((way for way in ways if way is not None), key=lambda way: way[0], default=None)
    for other in found[1] if found else ():
        other.sign = SECOND


def _cheapest_way(start: object, goal: object, without: _Cell, cells: list[_Cell], threshold: int):
    """(cost, cells to hide) of sending one more person from start to goal; None when there is no way (Dijkstra)."""
    tie = count()
    waiting: list[tuple[int, int, object, tuple[_Cell, ...]]] = [(0, next(tie), start, ())]
    done = set()
    while waiting:
        cost, _, here, hidden = heappop(waiting)
        if here == goal:
            return cost, hidden
        if here in done:
            continue
        done.add(here)
        for cell in cells:
            if cell is without or here not in (cell.source, cell.target):
                continue
            least, most = cell.bounds(threshold)
            gains = here == cell.source
            if not gains and not cell.count:
                continue
            free = bool(cell.sign) and (cell.count < most if gains else cell.count > least)
            step = (cost, hidden) if free else (cost + _price(cell), (*hidden, cell))
            heappush(waiting, (step[0], next(tie), cell.target if gains else cell.source, step[1]))
    return None


def _price(cell: _Cell) -> int:
    """What it costs a reader to lose this cell: its people; noughts, "<5" and totals only when nothing else helps."""
    return 1 + cell.count + 10**6 * (cell.count == 0) + 10**7 * bool(cell.sign) + 10**9 * cell.is_total
