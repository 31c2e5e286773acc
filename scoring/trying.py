"""The best set by trying: prices settle all bids but a few, and every way to take those few is tried at once.

For given prices on the pot and on the bounds, a way with one bid loses so much against the best way with it, and what all
of them lose together is how far a set stays below what the prices allow (scoring.prices). So nothing is passed over that
could still beat the best set known: a set is dropped only when it has lost more than lies between the two, or when another
one costs no more, is worth no less and may go on in every way that it may (as Nemhauser and Ullmann 1969 do for knapsacks).
"""

from typing import NamedTuple

import numpy as np

from .portfolio import Choice
from .prices import GROWING, OUT

MOST = 60_000
"""Sets looked at side by side; with more the solver is asked instead."""

FEW, TIMES = 64, 4
"""Worse sets are looked for when there are more than FEW, and again when there are TIMES as many as were left."""

SAME = 1e-9
"""Points by which a set must be worth more to be better."""

NOBODY = -1
"""No bid of the set grows."""


class Sets(NamedTuple):
    """Sets side by side: what each costs in pence, is worth and has lost, how many bids of each bound it has (bound, set),
    and the bid of it that grows.

    `came` is the set that each came from when the last bid was asked, and `way` the way with that bid.
    """

    money: np.ndarray
    value: np.ndarray
    loss: np.ndarray
    counts: np.ndarray
    grows: np.ndarray
    came: np.ndarray
    way: np.ndarray

    def only(self, these: np.ndarray) -> "Sets":
        return Sets(*(each[..., these] for each in self))


class Coming(NamedTuple):
    """What the bids that are still to be asked could add: pence, and how many of each bound."""

    pence: float
    counts: np.ndarray


def best_of_all(choice: Choice, worth: np.ndarray, penny: float, losses: np.ndarray, slack: float) -> np.ndarray | None:
    """Which share of what it asks each bid gets in the set with the most worth of all sets that lose at most `slack`.

    No bid gets anything when none of the sets fits; None when there are too many to try. `penny` is the price that the
    losses go by. In a best set at most one bid gets a part between its least and the whole: the one that grows.
    """
    may = losses <= slack
    in_question = may.sum(axis=0) > 1
    ways = np.where(in_question, OUT, may.argmax(axis=0))
    asked = np.flatnonzero(in_question)
    asked = asked[np.argsort(-np.where(may, losses, 0).max(axis=0)[asked], kind="stable")]
    sets, steps, many = _settled(choice, worth, losses, ways, in_question), [], FEW
    for place, coming in zip(asked.tolist(), _coming(choice, asked), strict=True):
        sets = _with_one_more(choice, worth, losses[:, place], place, sets, slack)
        if len(sets.money) > many:
            sets = _without_worse(choice, sets.only(_may_fit(choice, penny, sets, coming, slack)), coming)
            many = max(FEW, TIMES * len(sets.money))
        if len(sets.money) > MOST:
            return None
        steps.append((place, sets.came, sets.way))
    fits = _may_fit(choice, penny, sets, Coming(0, 0 * choice.low), slack)
    if not fits.any():
        return np.zeros(len(worth))
    growth = np.clip(choice.pot - sets.money, 0, _room(choice)[sets.grows])
    at = int(np.where(fits, sets.value + growth * np.append(worth / choice.asks, 0)[sets.grows], -np.inf).argmax())
    extra = np.zeros(len(worth) + 1)
    extra[sets.grows[at]] = growth[at]
    for place, came, way in reversed(steps):
        ways[place], at = way[at], came[at]
    return (_pence(choice, ways) + extra[:-1]) / choice.asks


def _costs(choice: Choice) -> np.ndarray:
    """What each bid gets for certain, each way with it, in pence: (way, bid)."""
    return np.array([0 * choice.asks, choice.least, choice.least, choice.asks])


def _pence(choice: Choice, ways: np.ndarray) -> np.ndarray:
    """What each bid gets for certain the way that is taken with it."""
    return _costs(choice)[ways, np.arange(len(ways))]


def _room(choice: Choice) -> np.ndarray:
    """How many pence each bid may grow by; the last is for nobody."""
    return np.append(choice.asks - choice.least, 0)


def _settled(choice: Choice, worth: np.ndarray, losses: np.ndarray, ways: np.ndarray, in_question: np.ndarray) -> Sets:
    """The one set with which the search begins: the bids that have one way left."""
    pence = _pence(choice, ways)
    lost = float(np.where(in_question, 0, losses[ways, np.arange(len(ways))]).sum())
    nought = np.zeros(1, dtype=int)
    counts = (choice.has @ (pence > 0))[:, None]
    return Sets(np.array([pence.sum()]), np.array([worth / choice.asks @ pence]), np.array([lost]), counts, nought + NOBODY, nought, nought)  # fmt: skip


def _coming(choice: Choice, asked: np.ndarray) -> list[Coming]:
    """For each bid in question what those after it could add."""
    after = asked[::-1]
    pence = np.concatenate([[0], choice.asks[after].cumsum()])[:-1]
    counts = np.hstack([np.zeros((len(choice.low), 1)), choice.has[:, after].cumsum(axis=1)])[:, :-1]
    return [Coming(*each) for each in zip(pence[::-1], counts.T[::-1], strict=True)]


def _with_one_more(choice: Choice, worth: np.ndarray, loss: np.ndarray, place: int, sets: Sets, slack: float) -> Sets:
    """Every set so far with every way of one more bid, without those that cost too much or have lost too much."""
    cost = _costs(choice)[:, place]
    kept = (sets.money <= choice.pot - cost[:, None]) & (sets.loss <= slack - loss[:, None])
    kept[GROWING] &= sets.grows == NOBODY
    way, came = np.nonzero(kept)
    return Sets(
        sets.money[came] + cost[way],
        sets.value[came] + (cost * (worth[place] / choice.asks[place]))[way],
        sets.loss[came] + loss[way],
        sets.counts[:, came] + choice.has[:, place, None] * (way != OUT),
        np.where(way == GROWING, place, sets.grows[came]),
        came,
        way,
    )


def _may_fit(choice: Choice, penny: float, sets: Sets, coming: Coming, slack: float) -> np.ndarray:
    """Which sets may still hold the pot and the bounds, and not lose too much by what they would leave of the pot."""
    left = choice.pot - sets.money
    unspent = np.maximum(left - coming.pence - _room(choice)[sets.grows], 0)
    fits = (left >= 0) & (sets.loss + penny * unspent <= slack + SAME)
    for count, low, high, more in zip(sets.counts, choice.low, choice.high, coming.counts, strict=True):
        fits &= (count <= high) & (count >= low - more)
    return fits


def _without_worse(choice: Choice, sets: Sets, coming: Coming) -> Sets:
    """Without each set that costs no less than another which is worth no less and may go on in every way that it may.

    A floor that is reached, or a ceiling that the bids to come cannot reach, no longer tells sets apart.
    """
    if not len(sets.money):
        return sets
    kind, kinds = sets.grows + 1, len(choice.bids) + 1.0
    for count, low, high, more in zip(sets.counts, choice.low, choice.high, coming.counts, strict=True):
        matters = np.minimum(count, low) if np.isinf(high) else np.maximum(count, high - more)
        least, most = matters.min(), matters.max()
        if least < most:
            kinds *= most - least + 1
            kind = kind * int(most - least + 1) + (matters - least).astype(int)
    if kinds > 2**62:
        return sets
    order = np.lexsort((sets.money, kind))
    kind, value = kind[order], sets.value[order]
    # Each kind a storey above the one before, so that the most worth so far is one running maximum.
    storey = np.concatenate([[0], np.cumsum(kind[1:] != kind[:-1])])
    height = value + storey * (value.max() - value.min() + 1)
    better = np.concatenate([[True], height[1:] > np.maximum.accumulate(height)[:-1] + SAME])
    return sets.only(order[better])
