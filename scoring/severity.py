"""How strict each assessor is, measured from bids that several read, and totals adjusted for it (rule 7).

A total is taken as the bid's worth plus the assessor's severity (below zero: stricter than the panel) plus chance; worths and
severities are the least-squares fit, severities adding up to zero. Nothing is adjusted where the panel is not linked by shared
bids, or where somebody read too few: then the raw totals count. Raw totals always stay.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

from .balance import are_linked

LEAST_BIDS = 5
Z = 1.959963984540054  # 97.5 % of the normal distribution
SMALL_T = {1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776}


class CannotAdjust(Exception):
    """The data does not say how strict people are; `sentence` says why."""

    def __init__(self, sentence: str):
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Severity:
    """In points out of 100; `low` and `high` are the 95 % interval, None when there is too little to say."""

    value: float
    low: float | None
    high: float | None
    bids: int


@dataclass(frozen=True)
class Fit:
    severities: dict[str, Severity]
    raw: dict[str, float]
    adjusted: dict[str, float]
    residual_points: float | None


def fit(totals: Mapping[tuple[str, str], float], least_bids: int = LEAST_BIDS) -> Fit:
    """Severities and adjusted totals from {(assessor, bid): total out of 100}. Raises CannotAdjust with its sentence."""
    by_bid, by_assessor = defaultdict(dict), defaultdict(dict)
    for (assessor, bid), total in totals.items():
        by_bid[bid][assessor] = float(total)
        by_assessor[assessor][bid] = float(total)
    _check(by_bid, by_assessor, least_bids)
    names = list(by_assessor)
    inverse = _inverse(_laplacian(names, by_bid))
    pull = [sum(total - _mean(by_bid[bid].values()) for bid, total in by_assessor[name].items()) for name in names]
    values = [sum(row[j] * pull[j] for j in range(len(names))) for row in inverse]
    strict = dict(zip(names, values, strict=True))
    adjusted = {bid: _mean(total - strict[name] for name, total in given.items()) for bid, given in by_bid.items()}
    freedom = len(totals) - len(names) - len(by_bid) + 1
    squares = sum((total - adjusted[bid] - strict[name]) ** 2 for (name, bid), total in totals.items())
    chance = sqrt(squares / freedom) if freedom > 0 else None
    severities = {}
    for place, name in enumerate(names):
        reach = None
        if chance is not None:
            reach = _t(freedom) * chance * sqrt(max(inverse[place][place] - 1 / len(names), 0))
        value = strict[name]
        severities[name] = Severity(
            value,
            None if reach is None else value - reach,
            None if reach is None else value + reach,
            len(by_assessor[name]),
        )
    return Fit(severities, {bid: _mean(given.values()) for bid, given in by_bid.items()}, adjusted, chance)


def _check(by_bid, by_assessor, least_bids: int) -> None:
    if len(by_assessor) < 2:
        raise CannotAdjust("One assessor alone cannot be compared with anybody. The raw totals count.")
    if not are_linked((given.keys() for given in by_bid.values()), by_assessor):
        raise CannotAdjust("Cannot adjust: some assessors share no bid with the others. The raw totals count.")
    for name, bids in by_assessor.items():
        if len(bids) < least_bids:
            raise CannotAdjust(
                f"Cannot adjust: {name} has finished {len(bids)} of at least {least_bids} bids. The raw totals count."
            )


def _laplacian(names, by_bid) -> list[list[float]]:
    """The normal equations once bids are eliminated, with 1/n added everywhere so that severities add up to zero."""
    place = {name: at for at, name in enumerate(names)}
    rows = [[1 / len(names)] * len(names) for _ in names]
    for given in by_bid.values():
        for name in given:
            rows[place[name]][place[name]] += 1
            for other in given:
                rows[place[name]][place[other]] -= 1 / len(given)
    return rows


def _inverse(rows: list[list[float]]) -> list[list[float]]:
    """Gauss and Jordan with the largest pivot; a linked panel's matrix always has one."""
    size = len(rows)
    work = [[*row, *(1.0 if at == place else 0.0 for at in range(size))] for place, row in enumerate(rows)]
    for at in range(size):
        best = max(range(at, size), key=lambda row: abs(work[row][at]))
        work[at], work[best] = work[best], work[at]
        pivot = work[at][at]
        work[at] = [value / pivot for value in work[at]]
        for row in range(size):
            if row != at and work[row][at]:
                times = work[row][at]
                work[row] = [value - times * lead for value, lead in zip(work[row], work[at], strict=True)]
    return [row[size:] for row in work]


def _t(freedom: int) -> float:
    """97.5 % of Student's t: a table for the smallest, else Cornish and Fisher's expansion (Abramowitz & Stegun 26.7.5)."""
    if freedom in SMALL_T:
        return SMALL_T[freedom]
    z = Z
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3


def _mean(values) -> float:
    found = list(values)
    return sum(found) / len(found)
