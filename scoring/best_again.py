"""The best set again and again for other points of the same bids, exactly: two hundred answers in a second or a few.

For each, the best set found so far gives a value from below, prices on the pot and the bounds give one from above, and only
what could matter between the two is tried (scoring.prices, scoring.trying).
"""

import numpy as np

from .portfolio import Choice
from .prices import OUT, allowed_by, losses_of, prices_of
from .trying import best_of_all

HAIR = 1e-6
"""Points that make no difference."""


class BestAgain:
    """Best sets for points near to `worth`, which gives the first prices and the first set.

    Raises NoPortfolio when there is no set at all.
    """

    def __init__(self, choice: Choice, worth: np.ndarray):
        self.choice, self.prices = choice, prices_of(choice, worth)
        self.found = {shares.tobytes(): shares for shares in [choice.solve(worth)[1]]}
        self.usual = 0.0
        """How far below what the prices allow the best sets usually stay."""

    def best(self, worth: np.ndarray) -> np.ndarray:
        """Which share of what it asks each bid gets in the best set for these points."""
        if self.choice.bounds:  # one scale for all the prices is near enough only where the pot alone has one
            self.prices = prices_of(self.choice, worth)
        above, penny = allowed_by(self.choice, worth, self.prices)
        reached = float((np.array(list(self.found.values())) @ worth).max())
        shares = self._tried(worth, penny, above, above - reached + HAIR)
        self.found[shares.tobytes()] = shares
        self.usual += (above - float(shares @ worth) - self.usual) / min(len(self.found), 5)
        return shares

    def _tried(self, worth: np.ndarray, penny: float, above: float, whole: float) -> np.ndarray:
        """Sets that stay a little below are tried first: when the best of them is that near, all others are farther."""
        losses = losses_of(self.choice, worth, (penny, self.prices[1]))
        slack = min(max(1.3 * self.usual, whole / 512), whole)
        while (shares := best_of_all(self.choice, worth, penny, losses, slack)) is not None:
            lost = above - float(shares @ worth)
            if slack >= min(whole, lost):
                return shares
            slack = min(2 * slack, lost + HAIR)
        may = losses <= whole
        return self.choice.solve(worth, (~may[OUT]).astype(float), may[OUT + 1 :].any(axis=0).astype(float))[1]
