"""Prices on the pot and on the bounds of a portfolio: what no set of awards can be worth more than, and what each way with a
bid loses against that (Lagrange multipliers of the pot and the bounds).
"""

import numpy as np
from scipy.optimize import linprog

from .portfolio import Choice

OUT, LEAST, GROWING, WHOLE = range(4)
"""The ways with a bid: left out, at the least it works with, at that and what is left of the pot, or all that it asks."""

SCALES = np.linspace(0.8, 1.25, 19)
FINER = np.linspace(-0.025, 0.025, 21)

Prices = tuple[float, np.ndarray]
"""Worth of a penny of the pot, and of one more of each bound."""


def prices_of(choice: Choice, worth: np.ndarray) -> Prices:
    """The prices where bids may be cut anywhere (the dual prices); none when there is no set even so."""
    signs = np.array([-1.0 if np.isinf(high) else 1.0 for high in choice.high])
    limits = np.where(np.isinf(choice.high), -choice.low, choice.high)
    rows = np.vstack([choice.asks, choice.has * signs[:, None]])
    relaxed = linprog(-worth, A_ub=rows, b_ub=np.concatenate([[choice.pot], limits]), bounds=np.column_stack([choice.bottom, choice.top]))  # fmt: skip
    if relaxed.status != 0:
        return 0.0, np.zeros(len(signs))
    prices = -relaxed.ineqlin.marginals
    return float(prices[0]), prices[1:] * signs


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


def losses_of(choice: Choice, worth: np.ndarray, prices: Prices) -> np.ndarray:
    """The least that each way with each bid loses against the best way with it: (way, bid), infinite where it may not be."""
    penny, bounds = prices
    gain, others = worth - penny * choice.asks, bounds @ choice.has
    least, whole = choice.least / choice.asks * gain - others, gain - others
    value = np.array([np.zeros(len(worth)), least, np.maximum(least, whole), whole])
    value[OUT, choice.bottom > 0] = -np.inf
    value[LEAST:, choice.top == 0] = -np.inf
    value[LEAST:WHOLE, choice.least == choice.asks] = -np.inf
    return value.max(axis=0) - value
