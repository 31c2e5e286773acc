"""The best set of awards under the pot: bids with points, floors and ceilings by kind, bids locked in or out, part-awards (rule 8).

Solved to proven optimality by SciPy's HiGHS, which the extra [optimise] installs. Importing this module imports SciPy (two
seconds), so only what solves imports it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

POINTS, POINTS_BY_POUND = "points", "points by pound"


@dataclass(frozen=True)
class Candidate:
    """A bid that could be funded. Money in pence. `kinds` are {"priority": "1", "district": "Darlington", ...}.

    `viable_pence` is the least it can work with; None means all or nothing. A part-award earns points in proportion.
    """

    key: str
    asks_pence: int
    points: float
    kinds: Mapping[str, str] = field(default_factory=dict)
    viable_pence: int | None = None


@dataclass(frozen=True)
class Portfolio:
    """`awards` is {key: pence}; `value` what was maximised; `proven` that no better set exists."""

    awards: dict[str, int]
    value: float
    pence: int
    proven: bool


class NoPortfolio(Exception):
    """No set of awards meets all the floors and locks under this pot."""


Bound = tuple[str, str, int]
"""A floor or ceiling: (kind, which, how many bids), such as ("priority", "1", 2)."""


def best_portfolio(
    bids: Sequence[Candidate], pot_pence: int, *, aim: str = POINTS, floors: Collection[Bound] = (),
    ceilings: Collection[Bound] = (), locked_in: Collection[str] = (), locked_out: Collection[str] = (),
) -> Portfolio:  # fmt: skip
    """The set with the most points (or points x £) under the pot. Raises NoPortfolio when there is none at all."""
    if not bids:
        return Portfolio({}, 0.0, 0, True)
    n = len(bids)
    asks = np.array([bid.asks_pence for bid in bids], dtype=float)
    least = np.array(
        [bid.viable_pence if bid.viable_pence is not None else bid.asks_pence for bid in bids], dtype=float
    )
    worth = np.array([bid.points for bid in bids]) * (asks / 100_000 if aim == POINTS_BY_POUND else 1.0)
    # Variables: n choices (0 or 1), then n shares of what is asked. share <= choice, share >= least/asks x choice.
    lines, low, high = [], [], []

    def add(choices, shares, floor, ceiling):
        lines.append(np.concatenate([choices, shares]))
        low.append(floor)
        high.append(ceiling)

    nothing = np.zeros(n)
    add(nothing, asks, 0, pot_pence)
    for place in range(n):
        one = np.zeros(n)
        one[place] = 1.0
        add(one, -one, 0, np.inf)
        add(-one * (least[place] / asks[place]), one, 0, np.inf)
    for bounds, is_floor in ((floors, True), (ceilings, False)):
        for kind, which, count in bounds:
            has = np.array([1.0 if bid.kinds.get(kind) == which else 0.0 for bid in bids])
            add(has, nothing, count if is_floor else 0, np.inf if is_floor else count)
    bottom = np.array([1.0 if bid.key in locked_in else 0.0 for bid in bids] + [0.0] * n)
    top = np.array([0.0 if bid.key in locked_out else 1.0 for bid in bids] + [1.0] * n)
    if np.any(bottom > top):
        raise NoPortfolio("A bid is locked in and out at once.")
    found = milp(
        c=np.concatenate([nothing, -worth]), constraints=LinearConstraint(csr_array(np.array(lines)), low, high),
        integrality=np.concatenate([np.ones(n), np.zeros(n)]), bounds=Bounds(bottom, top), options={"mip_rel_gap": 0.0},
    )  # fmt: skip
    if found.x is None:
        raise NoPortfolio("No set of awards meets all the floors and locks under this pot.")
    awards = _in_pence(bids, found.x, asks, least)
    value = sum(worth[place] * awards[bid.key] / bid.asks_pence for place, bid in enumerate(bids) if bid.key in awards)
    return Portfolio(awards, float(value), sum(awards.values()), found.status == 0 and not found.mip_gap)


def _in_pence(bids, x, asks, least) -> dict[str, int]:
    """Whole pence, rounded down so that the pot is never exceeded and up to what a bid needs at least."""
    n, awards = len(bids), {}
    for place, bid in enumerate(bids):
        if x[place] > 0.5:
            share = min(x[n + place], 1.0)
            awards[bid.key] = (
                bid.asks_pence if share > 1 - 1e-9 else max(int(share * asks[place] + 1e-6), int(least[place]))
            )
    return awards


def price_of_floors(
    bids: Sequence[Candidate], pot_pence: int, floors: Collection[Bound], **settings
) -> dict[Bound, float]:
    """What each floor costs: the value that the best set would gain if this floor alone were dropped."""
    whole = best_portfolio(bids, pot_pence, floors=floors, **settings).value
    return {
        floor: best_portfolio(bids, pot_pence, floors=[each for each in floors if each != floor], **settings).value
        - whole
        for floor in floors
    }
