"""THE scoring function. Every total on every page, list, export and letter comes from here.

A member's total is the sum over criteria of mark / 5 x weight, out of 100, to one decimal; a bid's mean is over the
members who are not recused, to two decimals; halves go up. A criterion that does not apply leaves the weights, so that
what remains still counts for 100. Where a round asks young and lived-experience members for views, these enter with the
weight that the round published.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Protocol

BEST_MARK = 5
ONE, TWO = Decimal("0.1"), Decimal("0.01")


class Weighed(Protocol):
    code: str
    weight: int


def weighted_total(marks: Mapping[str, int | None], criteria: Sequence[Weighed]) -> Decimal | None:
    """The total out of 100 of one member's marks, or of the agreed marks: Decimal, one decimal.

    A mark of None says "does not apply". A criterion without a mark yet gives no points and keeps its weight, so the
    total only grows while an assessor works. None when nothing applies.
    """
    applying = [each for each in criteria if marks.get(each.code, 0) is not None]
    points = sum((marks.get(each.code) or 0) * each.weight for each in applying)
    return total_of(points, sum(each.weight for each in applying))


@lru_cache(maxsize=8192)  # hundreds of members' totals on one page, and few different sums
def total_of(points: int, weight: int) -> Decimal | None:
    """The same total from sums that a query made: `points` is the sum of mark x weight, `weight` of what applies."""
    if not weight:
        return None
    return rounded(Decimal(100 * points) / (BEST_MARK * weight), ONE)


def mean_total(totals: Iterable[Decimal | None]) -> Decimal | None:
    """The mean of members' totals: Decimal, two decimals, halves up. None when nobody is counted."""
    counted = [each for each in totals if each is not None]
    return rounded(sum(counted, Decimal(0)) / len(counted), TWO) if counted else None


def with_views(
    total: Decimal | None, marks: Iterable[int], weight: int | None, step: Decimal = TWO
) -> Decimal | None:  # fmt: skip
    """A total with the views of young and lived-experience members in it: `weight` of 100 is theirs, the rest the panel's.

    `marks` are what their pictures stand for, on the scale from 0 to 5. Without a weight, without views, or without a
    total of the panel's own, the total stays as it is: a view that nobody gave takes nothing from a bid.
    """
    given = list(marks)
    if total is None or not weight or not given:
        return total
    view = Decimal(100 * sum(given)) / (BEST_MARK * len(given))
    return rounded((total * (100 - weight) + view * weight) / 100, step)


def spread(marks: Iterable[int | None]) -> int:
    """The highest minus the lowest mark that was given; 0 when fewer than two were."""
    given = [each for each in marks if each is not None]
    return max(given) - min(given) if given else 0


def to_moderate(marks_by_code: Mapping[str, Sequence[int | None]], flag_from: int = 2) -> list[str]:
    """Codes of the criteria whose marks are so far apart that the panel must talk (spread >= `flag_from`)."""
    return [code for code, marks in marks_by_code.items() if spread(marks) >= flag_from]


def rounded(value: Decimal, step: Decimal) -> Decimal:
    return value.quantize(step, ROUND_HALF_UP)
