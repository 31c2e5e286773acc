"""The best set by trying: prices settle all bids but a few, and every way to take those few is tried at once.

For given prices on the pot and on the bounds, a choice for one bid loses so much against the best choice for it, and what
all choices of a set lose together is how far the set stays below what the prices allow. So nothing is passed over that
could still beat the best set known: a set is dropped only when it has lost more than lies between the two.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from .portfolio import Choice

MOST = 60_000
"""Sets looked at side by side; with more the solver is asked instead."""

SCALES = np.linspace(0.8, 1.25, 19)
FINER = np.linspace(-0.025, 0.025, 21)


class Option(NamedTuple):
    """One way with one bid: the share of what it asks (0: left out), and what that loses against the best way with it.

    `relief` is how much less it would lose if it were the one bid of the set that gets more than its least.
    """

    share: float
    loss: float
    relief: float = 0.0


Prices = tuple[float, np.ndarray]
"""Worth of a penny of the pot, and of one more of each bound."""


def allowed_by(choice: Choice, worth: np.ndarray, prices: Prices) -> tuple[float, float]:
    """What no set can be worth more than, and the price of a penny at which that is so: the best of several scales."""
    scale = SCALES[int(_above(choice, worth, prices, SCALES).argmin())]
    near = scale + FINER
    above = _above(choice, worth, prices, near)
    best = int(above.argmin())
    return float(above[best]), float(prices[0] * near[best])


def _above(choice: Choice, worth: np.ndarray, prices: Prices, scales: np.ndarray) -> np.ndarray:
    """What no set can be worth more than, for each scale of the price of a penny."""
    penny, bounds = prices
    gain = worth - penny * scales[:, None] * choice.asks
    gain = np.maximum(gain, choice.least / choice.asks * gain) - bounds @ choice.has
    free = np.where(choice.bottom > 0, gain, np.where(choice.top > 0, np.maximum(gain, 0), 0))
    limit = np.where(np.isinf(choice.high), choice.low, choice.high)
    return free.sum(axis=1) + penny * scales * choice.pot + bounds @ limit


def options_of(choice: Choice, worth: np.ndarray, prices: Prices, slack: float) -> list[list[Option]]:
    """For each bid the ways with it that lose at most `slack`: left out, at the least it works with, or whole."""
    penny, bounds = prices
    gains, others, least = worth - penny * choice.asks, bounds @ choice.has, choice.least / choice.asks
    found = []
    for place, gain in enumerate(gains.tolist()):
        ways = {} if choice.bottom[place] else {0.0: 0.0}
        if choice.top[place]:
            ways |= {share: share * gain - float(others[place]) for share in (float(least[place]), 1.0)}
        most, some = max(ways.values()), float(least[place])
        relief = max(ways[1.0] - ways[some], 0.0) if some < 1 and some in ways else 0.0
        options = [Option(share, most - value, relief if share == some else 0.0) for share, value in ways.items()]
        found.append([each for each in options if each.loss - each.relief <= slack])
    return found


def best_of_all(choice: Choice, worth: np.ndarray, options: Sequence[Sequence[Option]], slack: float):
    """Choices and shares with the most worth of all sets that lose at most `slack`; None when there are too many to try.

    In a best set at most one bid gets a part between its least and the whole: it is the one raised at the end.
    """
    settled = [place for place, ways in enumerate(options) if len(ways) == 1 and (choice.least[place] == choice.asks[place] or ways[0].share in (0, 1))]  # fmt: skip
    shares = np.zeros(len(worth))
    shares[settled] = [options[place][0].share for place in settled]
    still = sorted(set(range(len(worth))) - set(settled), key=lambda at: -max(each.loss for each in options[at]))
    lost = sum(options[place][0].loss for place in settled)
    sets = Sets(
        np.array([shares @ choice.asks]), np.array([shares @ worth]), np.array([lost]), np.zeros(1),
        (choice.has @ (shares > 0))[None, :], np.zeros((1, 0)),
    )  # fmt: skip
    for place in still:
        sets = _branch(choice, worth, options[place], place, slack, sets)
        if len(sets.money) > MOST:
            return None
    # Bids that are settled were put in without asking whether the pot holds them all.
    fits = (sets.money <= choice.pot + 1e-6) & (sets.kinds >= choice.low).all(axis=1) & (sets.kinds <= choice.high).all(axis=1)  # fmt: skip
    if not fits.any():
        return np.zeros(len(worth), dtype=bool), np.zeros(len(worth))
    raised, more = _raise_one(choice, worth, still, sets)
    at = int(np.where(fits, sets.value + raised.max(axis=1), -np.inf).argmax())
    shares[still] = sets.taken[at] + more[at] * (np.arange(len(still)) == raised[at].argmax())
    return shares > 0, shares


class Sets(NamedTuple):
    """Sets side by side: what each costs, is worth and has lost, the most relief one of its bids has, how many it has of
    each kind, and the share of each bid that was in question."""

    money: np.ndarray
    value: np.ndarray
    loss: np.ndarray
    relief: np.ndarray
    kinds: np.ndarray
    taken: np.ndarray


def _branch(choice: Choice, worth: np.ndarray, ways: Sequence[Option], place: int, slack: float, sets: Sets) -> Sets:
    """Every set so far with every way of one more bid, without those that cost too much or have lost too much."""
    grown = []
    for way in ways:
        cost, relief = way.share * choice.asks[place], np.maximum(sets.relief, way.relief)
        kept = (sets.money + cost <= choice.pot + 1e-6) & (sets.loss + way.loss - relief <= slack)
        share = np.full((int(kept.sum()), 1), way.share)
        grown.append(
            Sets(
                sets.money[kept] + cost,
                sets.value[kept] + way.share * worth[place],
                sets.loss[kept] + way.loss,
                relief[kept],
                sets.kinds[kept] + (choice.has[:, place] if way.share else 0),
                np.hstack([sets.taken[kept], share]),
            )
        )
    return Sets(*(np.concatenate(each) for each in zip(*grown, strict=True)))


def _raise_one(choice: Choice, worth: np.ndarray, still: Sequence[int], sets: Sets) -> tuple[np.ndarray, np.ndarray]:
    """For each set and bid in question: what the room that is left adds when this bid alone gets it, and that share."""
    asks, least = choice.asks[still], choice.least[still] / choice.asks[still]
    room = np.clip((choice.pot - sets.money)[:, None] / asks, 0, 1 - least)
    more = np.where(sets.taken == least, room, 0.0) if len(still) else np.zeros((len(sets.money), 1))
    return (more * worth[still], more) if len(still) else (more, more)
