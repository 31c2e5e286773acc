"""The best set of awards under the pot: bids with points, floors and ceilings by kind, bids locked in or out, part-awards (rule 8).

Solved to proven optimality by SciPy's HiGHS, which the extra [optimise] installs. Importing this module imports SciPy
(seconds), so only what solves imports it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

POINTS, POINTS_BY_POUND = "points", "points by pound"


@dataclass(frozen=True)
class Candidate:
    """A bid that could be funded. Money in pence. `kinds` are {"priority": "1", "district": ("Darlington", "Durham"), ...}.

    `viable_pence` is the least it can work with; None means all or nothing. A part-award earns points in proportion.
    """

    key: str
    asks_pence: int
    points: float
    kinds: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    viable_pence: int | None = None

    def is_of(self, kind: str, which: str) -> bool:
        mine = self.kinds.get(kind, ())
        return mine == which if isinstance(mine, str) else which in mine


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


class Choice:
    """The question as arrays, to be asked of several sets of points. One column for each bid says chosen or not; one more
    for each bid that takes a part says which share of what it asks.
    """

    def __init__(
        self, bids: Sequence[Candidate], pot_pence: int, *, floors: Collection[Bound] = (),
        ceilings: Collection[Bound] = (), locked_in: Collection[str] = (), locked_out: Collection[str] = (),
    ):  # fmt: skip
        self.bids, self.pot = bids, pot_pence
        self.asks = np.array([bid.asks_pence for bid in bids], dtype=float)
        self.least = np.array([bid.asks_pence if bid.viable_pence is None else bid.viable_pence for bid in bids], dtype=float)  # fmt: skip
        self.parts = [place for place in range(len(bids)) if self.least[place] < self.asks[place]]
        self.bottom = np.array([bid.key in locked_in for bid in bids], dtype=float)
        self.top = np.array([bid.key not in locked_out for bid in bids], dtype=float)
        if np.any(self.bottom > self.top):
            raise NoPortfolio("A bid is locked in and out at once.")
        self.bounds = [(*bound, True) for bound in floors] + [(*bound, False) for bound in ceilings]
        self.has = np.array([[bid.is_of(kind, which) for bid in bids] for kind, which, *_ in self.bounds], dtype=float)
        self.has = self.has.reshape(len(self.bounds), len(bids))
        self.low = np.array([count if floor else 0 for *_, count, floor in self.bounds], dtype=float)
        self.high = np.array([np.inf if floor else count for *_, count, floor in self.bounds], dtype=float)
        self.rows, self.least_rows, self.most_rows = self._lines()

    def _lines(self):
        n, m = len(self.bids), len(self.parts)
        money = np.concatenate([self.asks, self.asks[self.parts]])
        money[self.parts] = 0
        links = np.zeros((2 * m, n + m))
        for number, place in enumerate(self.parts):  # share <= choice, and share >= least / asks x choice
            links[2 * number, [place, n + number]] = 1, -1
            links[2 * number + 1, [place, n + number]] = -self.least[place] / self.asks[place], 1
        rows = np.vstack([money, links, np.hstack([self.has, np.zeros((len(self.bounds), m))])])
        low = np.concatenate([[0], np.zeros(2 * m), self.low])
        return rows, low, np.concatenate([[self.pot], np.full(2 * m, np.inf), self.high])

    def solve(self, worth: np.ndarray, bottom: np.ndarray | None = None, top: np.ndarray | None = None):
        """Choices and shares with the most worth, and whether that is proven. `bottom` and `top` narrow the choices."""
        m = len(self.parts)
        bottom = self.bottom if bottom is None else bottom
        top = self.top if top is None else top
        wanted = np.concatenate([-worth, -worth[self.parts]])
        wanted[self.parts] = 0
        found = milp(
            c=wanted, constraints=LinearConstraint(csr_array(self.rows), self.least_rows, self.most_rows),
            integrality=np.concatenate([np.ones(len(self.bids)), np.zeros(m)]),
            bounds=Bounds(np.concatenate([bottom, np.zeros(m)]), np.concatenate([top, np.ones(m)])),
            options={"mip_rel_gap": 0.0},
        )  # fmt: skip
        if found.x is None:
            raise NoPortfolio("No set of awards meets all the floors and locks under this pot.")
        chosen = found.x[: len(self.bids)] > 0.5
        shares = chosen.astype(float)
        shares[self.parts] *= np.minimum(found.x[len(self.bids) :], 1.0)
        return chosen, shares, found.status == 0 and not found.mip_gap

    def in_pence(self, chosen: np.ndarray, shares: np.ndarray) -> dict[str, int]:
        """Whole pence, rounded down so that the pot is never exceeded and up to what a bid needs at least."""
        awards = {}
        for place in np.flatnonzero(chosen):
            part = max(int(shares[place] * self.asks[place] + 1e-6), int(self.least[place]))
            awards[self.bids[place].key] = self.bids[place].asks_pence if shares[place] > 1 - 1e-9 else part
        return awards


def best_portfolio(bids: Sequence[Candidate], pot_pence: int, *, aim: str = POINTS, **bounds) -> Portfolio:
    """The set with the most points (or points x £) under the pot; `bounds` as for Choice. Raises NoPortfolio when there is none."""
    if not bids:
        return Portfolio({}, 0.0, 0, True)
    choice = Choice(bids, pot_pence, **bounds)
    worth = worth_of(bids, aim)
    chosen, shares, proven = choice.solve(worth)
    awards = choice.in_pence(chosen, shares)
    value = sum(worth[place] * awards[bid.key] / bid.asks_pence for place, bid in enumerate(bids) if bid.key in awards)
    return Portfolio(awards, float(value), sum(awards.values()), proven)


def worth_of(bids: Sequence[Candidate], aim: str) -> np.ndarray:
    """What each bid adds: its points, or its points times what it asks in thousands of pounds."""
    points = np.array([bid.points for bid in bids], dtype=float)
    return points * [bid.asks_pence / 100_000 for bid in bids] if aim == POINTS_BY_POUND else points


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
