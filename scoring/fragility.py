"""How fragile the edge is: the best set again and again with other assessors drawn from the same panel (a bootstrap).

Each draw takes as many assessors as there are, with replacement and from a fixed seed, so that anyone gets the same
picture. Two hundred exact answers in seconds: for each draw the best set found so far gives a value from below, prices on
the pot and the bounds give one from above, and whatever cannot matter between the two is settled before the solver asks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

from .portfolio import POINTS, Candidate, Choice, worth_of

DRAWS, SEED = 200, 20260203
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


def drawn_points(bids: Sequence[Candidate], readings: Readings, draws: int = DRAWS) -> np.ndarray:
    """Points of every bid in every draw: its own, moved by how the drawn members' mean differs from all its members' mean.

    A bid that none of the drawn members has read keeps its points.
    """
    seats = sorted({seat for given in readings.values() for seat in given})
    points = np.tile([bid.points for bid in bids], (draws, 1)).astype(float)
    if not seats:
        return points
    chance = np.random.default_rng(SEED)
    times = np.array([np.bincount(chance.integers(0, len(seats), len(seats)), minlength=len(seats)) for _ in range(draws)])  # fmt: skip
    for place, bid in enumerate(bids):
        given = readings.get(bid.key, {})
        if given:
            columns = [seats.index(seat) for seat in given]
            totals, weights = np.array(list(given.values())), times[:, columns].astype(float)
            count = weights.sum(axis=1)
            mean = np.divide(weights @ totals, count, out=np.full(draws, totals.mean()), where=count > 0)
            points[:, place] += mean - totals.mean()
    return np.clip(points, 0, 100)


def edge_of(
    bids: Sequence[Candidate], pot_pence: int, readings: Readings, *, aim: str = POINTS, draws: int = DRAWS, **bounds
) -> Edge:
    """Which bids stay in the best set whoever sits on the panel. Raises NoPortfolio when there is no set at all."""
    if not bids:
        return Edge({}, {}, {}, draws)
    choice, points = Choice(bids, pot_pence, **bounds), drawn_points(bids, readings, draws)
    factor = np.array([bid.asks_pence / 100_000 for bid in bids]) if aim != POINTS else np.ones(len(bids))
    prices = _prices(choice, worth_of(bids, aim))
    found: list[np.ndarray] = []
    times = np.zeros(len(bids))
    for worth in points * factor:
        chosen, shares = _best(choice, worth, prices, found)
        found.append(shares)
        times += chosen
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


def _best(choice: Choice, worth: np.ndarray, prices, found: list[np.ndarray]):
    """The best set for these points, exactly. Any prices give a bound; those of the first points give a good one."""
    if not found:
        return choice.solve(worth)[:2]
    reached = max(float(shares @ worth) for shares in {each.tobytes(): each for each in found[-50:]}.values())
    pound, bounds = prices
    least = choice.least / choice.asks
    best = None
    for scale in np.linspace(0.8, 1.25, 19):
        gain = worth - pound * scale * choice.asks
        gain = np.maximum(gain, least * gain) - bounds @ choice.has
        free = np.where(choice.bottom > 0, gain, np.where(choice.top > 0, np.maximum(gain, 0), 0))
        limit = np.where(np.isinf(choice.high), choice.low, choice.high)
        above = float(free.sum() + pound * scale * choice.pot + bounds @ limit)
        if best is None or above < best[0]:
            best = above, gain
    slack = best[0] - reached + 1e-6
    bottom = np.where((best[1] > slack) & (choice.top > 0), 1.0, choice.bottom)
    top = np.where((best[1] < -slack) & (choice.bottom < 1), 0.0, choice.top)
    return choice.solve(worth, bottom, top)[:2]
