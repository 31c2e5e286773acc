"""How fragile the edge is: the best set again and again with other assessors drawn from the same panel (a bootstrap), and
with the weights of the criteria swung.

Each draw takes as many assessors as there are, with replacement and from a fixed seed, so that anyone gets the same
picture. Two hundred exact answers in a second: for each draw the best set found so far gives a value from below, prices on
the pot and the bounds give one from above, and only what could matter between the two is tried (scoring.trying).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

from .portfolio import POINTS, Candidate, Choice, worth_of
from .trying import Prices, allowed_by, best_of_all, options_of

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
    prices = _prices(choice, worth_of(bids, aim))
    found: dict[bytes, np.ndarray] = {}
    times = np.zeros(len(bids))
    drawn, often = np.unique(points * factor, axis=0, return_counts=True)
    for worth, count in zip(drawn, often, strict=True):
        chosen, shares = _best(choice, worth, prices, list(found.values()))
        found[shares.tobytes()] = shares
        times += count * chosen
    low, high = np.percentile(points, [5, 95], axis=0)
    keys = [bid.key for bid in bids]
    return Edge(_by(keys, times / draws), _by(keys, low), _by(keys, high), draws)


def _by(keys, values) -> dict[str, float]:
    return dict(zip(keys, map(float, values), strict=True))


def _prices(choice: Choice, worth: np.ndarray) -> tuple[float, np.ndarray]:
    """What a pound of the pot and one more of each bound are worth where bids may be cut anywhere (the dual prices)."""
    signs = np.array([-1.0 if np.isinf(high) else 1.0 for high in choice.high])
    limits = np.where(np.isinf(choice.high), -choice.low, choice.high)
    rows = np.vstack([choice.asks, choice.has * signs[:, None]]) if len(signs) else choice.asks[None, :]
    relaxed = linprog(-worth, A_ub=rows, b_ub=np.concatenate([[choice.pot], limits]), bounds=list(zip(choice.bottom, choice.top, strict=True)))  # fmt: skip
    if relaxed.status != 0:
        return 0.0, np.zeros(len(signs))
    prices = -relaxed.ineqlin.marginals
    return float(prices[0]), prices[1:] * signs


def _best(choice: Choice, worth: np.ndarray, prices: Prices, found: Sequence[np.ndarray]):
    """The best set for these points, exactly. Any prices give a bound; those of the first points give a good one.

    Sets that stay a little below the bound are tried first: when the best of them is that near, all others are farther.
    """
    if not len(found):
        return choice.solve(worth)[:2]
    reached = float((np.array(found) @ worth).max())
    above, penny = allowed_by(choice, worth, prices)
    whole = above - reached + 1e-6
    slack = whole / 16
    while True:
        options = options_of(choice, worth, (penny, prices[1]), slack)
        tried = best_of_all(choice, worth, options, slack)
        if tried is None:
            break
        if slack >= whole or float(tried[1] @ worth) >= above - slack:
            return tried
        slack *= 2
    options = options_of(choice, worth, (penny, prices[1]), whole)
    bottom = np.array([float(all(each.share for each in ways)) for ways in options])
    top = np.array([float(any(each.share for each in ways)) for ways in options])
    return choice.solve(worth, bottom, top)[:2]
