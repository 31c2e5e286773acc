"""How fragile the edge is: the best set again and again with other assessors drawn from the same panel (a bootstrap), and
with the weights of the criteria swung.

Each draw takes as many assessors as there are, with replacement and from a fixed seed, so that anyone gets the same
picture. Each answer is exact (scoring.best_again).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .best_again import BestAgain
from .portfolio import POINTS, Candidate, Choice, worth_of

DRAWS, SEED = 200, 20260203
SWUNG = 0.2
"""A weight is moved by up to this share of itself: 20 may count as anything from 16 to 24."""

SURE = 0.9
"""In the set in at least this share of draws: in. In at most 1 - this: out. Between: fragile."""

Readings = Mapping[str, Mapping[int, float]]
"""{bid: {seat: that member's total out of 100}}."""


@dataclass(frozen=True)
class Edge:
    """`share` is how often each bid is in the best set (0 to 1); `low`, `high` hold nine of ten of its drawn points."""

    share: dict[str, float]
    low: dict[str, float]
    high: dict[str, float]
    draws: int

    def is_fragile(self, key: str) -> bool:
        return 1 - SURE < self.share[key] < SURE


@dataclass(frozen=True)
class Swing:
    """What the criteria weigh, and the mark that each bid has for each: {criterion: weight}, {bid: {criterion: mark 0 to 5}}."""

    weights: Mapping[str, float]
    marks: Mapping[str, Mapping[str, float]]


def drawn_points(bids: Sequence[Candidate], readings: Readings, draws: int = DRAWS, swing: Swing | None = None) -> np.ndarray:  # fmt: skip
    """Points of every bid in every draw: its own, moved by how the drawn members' mean differs from all its members' mean,
    and by what its marks come to when the weights are swung.

    A bid that none of the drawn members has read keeps its points.
    """
    seats = sorted({seat for given in readings.values() for seat in given})
    points = np.tile([bid.points for bid in bids], (draws, 1)).astype(float)
    chance = np.random.default_rng(SEED)
    if seats:
        times = np.array([np.bincount(chance.integers(0, len(seats), len(seats)), minlength=len(seats)) for _ in range(draws)])  # fmt: skip
        column = {seat: place for place, seat in enumerate(seats)}
        for place, bid in enumerate(bids):
            given = readings.get(bid.key, {})
            if given:
                totals = np.array(list(given.values()))
                weights = times[:, [column[seat] for seat in given]].astype(float)
                count = weights.sum(axis=1)
                mean = np.divide(weights @ totals, count, out=np.full(draws, totals.mean()), where=count > 0)
                points[:, place] += mean - totals.mean()
    if swing is not None and swing.weights:
        points += _swung(bids, swing, chance, draws)
    return np.clip(points, 0, 100)


def _swung(bids: Sequence[Candidate], swing: Swing, chance: np.random.Generator, draws: int) -> np.ndarray:
    """How each bid's points change in each draw when every weight is moved by chance, by at most SWUNG of itself."""
    weights = np.array(list(swing.weights.values()), dtype=float)
    drawn = weights * chance.uniform(1 - SWUNG, 1 + SWUNG, (draws, len(weights)))
    given = [swing.marks.get(bid.key, {}) for bid in bids]
    marks = np.array([[each.get(code, 0.0) for code in swing.weights] for each in given], dtype=float)
    applies = np.array([[code in each for code in swing.weights] for each in given], dtype=float)
    whole = np.maximum(applies @ weights, 1e-9)
    swung = np.maximum(drawn @ applies.T, 1e-9)
    return 20 * ((drawn @ marks.T) / swung - (marks @ weights) / whole)


def edge_of(
    bids: Sequence[Candidate], pot_pence: int, readings: Readings, *, aim: str = POINTS, draws: int = DRAWS,
    swing: Swing | None = None, **bounds,
) -> Edge:  # fmt: skip
    """Which bids stay in the best set whoever sits on the panel. Raises NoPortfolio when there is no set at all."""
    if not bids:
        return Edge({}, {}, {}, draws)
    choice, points = Choice(bids, pot_pence, **bounds), drawn_points(bids, readings, draws, swing)
    factor = np.array([bid.asks_pence / 100_000 for bid in bids]) if aim != POINTS else np.ones(len(bids))
    best, times = BestAgain(choice, worth_of(bids, aim)), np.zeros(len(bids))
    for worth, count in zip(*np.unique(points * factor, axis=0, return_counts=True), strict=True):
        times += count * (best.best(worth) > 0)
    low, high = np.percentile(points, [5, 95], axis=0)
    keys = [bid.key for bid in bids]
    return Edge(_by(keys, times / draws), _by(keys, low), _by(keys, high), draws)


def _by(keys, values) -> dict[str, float]:
    return dict(zip(keys, map(float, values), strict=True))
