"""How far members agree: Krippendorff's alpha for incomplete readings, and the intraclass correlation of Shrout and Fleiss."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import permutations


def alpha(units: Iterable[Sequence[float]], distance: Callable[[float, float], float] | None = None) -> float | None:
    """Krippendorff's alpha; each unit is the marks that one thing got (missing marks left out). Default: interval distance.

    1 is full agreement, 0 is chance. None when fewer than two marks can be paired, or all marks are the same.
    """
    return alpha_of(Counter(tuple(sorted(marks)) for marks in units), distance)


def alpha_of(units: Mapping[tuple[float, ...], int], distance: Callable[[float, float], float] | None = None) -> float | None:  # fmt: skip
    """The same from {the marks that a thing got: how many things got just these}: hundreds of bids get few different ones."""
    apart = distance or interval
    paired = {marks: times for marks, times in units.items() if len(marks) > 1}
    count: Counter[float] = Counter()
    observed = 0.0
    for marks, times in paired.items():
        for mark in marks:
            count[mark] += times
        pairs = sum(apart(marks[first], marks[second]) for first, second in permutations(range(len(marks)), 2))
        observed += times * pairs / (len(marks) - 1)
    whole = sum(count.values())
    expected = sum(count[a] * count[b] * apart(a, b) for a in count for b in count)
    if whole < 2 or not expected:
        return None
    return 1 - (whole - 1) * observed / expected


def interval(a: float, b: float) -> float:
    return (a - b) ** 2


def nominal(a: float, b: float) -> float:
    return float(a != b)


def icc(rows: Sequence[Sequence[float]]) -> dict[str, float] | None:
    """ICC(2,1) and ICC(2,k) of Shrout and Fleiss (1979): bids in rows, assessors in columns, every cell filled.

    "single": how far one assessor's total can be relied on; "mean": how far the mean of all can. None with too few.
    """
    n, k = len(rows), len(rows[0]) if rows else 0
    if n < 2 or k < 2:
        return None
    grand = sum(map(sum, rows)) / (n * k)
    row_means = [sum(row) / k for row in rows]
    column_means = [sum(row[at] for row in rows) / n for at in range(k)]
    between = k * sum((mean - grand) ** 2 for mean in row_means) / (n - 1)
    judges = n * sum((mean - grand) ** 2 for mean in column_means) / (k - 1)
    error = sum(
        (rows[i][j] - row_means[i] - column_means[j] + grand) ** 2 for i in range(n) for j in range(k)
    ) / ((n - 1) * (k - 1))  # fmt: skip
    single = between + (k - 1) * error + k * (judges - error) / n
    mean = between + (judges - error) / n
    return {"single": (between - error) / single, "mean": (between - error) / mean} if single and mean else None


def icc_one_way(rows: Iterable[Sequence[float]]) -> dict[str, float] | None:
    """ICC(1,1) and ICC(1,k) of Shrout and Fleiss (1979): each bid read by members of its own, not all of them by all.

    Bids may have different numbers of readings; k is then their weighted mean (Snedecor and Cochran, 1980, 13.3).
    "single": how far one member's total can be relied on; "mean": how far a bid's mean can. None with too few.
    """
    bids = [list(totals) for totals in rows if len(totals) > 0]
    n, whole = len(bids), sum(map(len, bids))
    if n < 2 or whole <= n:
        return None
    grand = sum(map(sum, bids)) / whole
    means = [sum(totals) / len(totals) for totals in bids]
    between = sum(len(totals) * (mean - grand) ** 2 for totals, mean in zip(bids, means, strict=True)) / (n - 1)
    within = sum((total - mean) ** 2 for totals, mean in zip(bids, means, strict=True) for total in totals) / (
        whole - n
    )
    k = (whole - sum(len(totals) ** 2 for totals in bids) / whole) / (n - 1)
    if not between:
        return None
    return {"single": (between - within) / (between + (k - 1) * within), "mean": (between - within) / between}
