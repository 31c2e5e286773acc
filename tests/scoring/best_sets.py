"""The portfolio against trying every set: random rounds with floors, ceilings and locks."""

from itertools import product
from random import Random

import pytest

from scoring.portfolio import Candidate, NoPortfolio, best_portfolio


def brute(bids, pot, floors, ceilings):
    """The most points of every set there is; None when no set meets the floors and ceilings."""
    best = None
    bounds = [(*bound, True) for bound in floors] + [(*bound, False) for bound in ceilings]
    for chosen in product((0, 1), repeat=len(bids)):
        taken = [bid for bid, yes in zip(bids, chosen, strict=True) if yes]
        if sum(bid.asks_pence for bid in taken) > pot:
            continue
        for kind, which, count, is_floor in bounds:
            has = sum(bid.kinds[kind] == which for bid in taken)
            if has < count if is_floor else has > count:
                break
        else:
            value = sum(bid.points for bid in taken)
            best = value if best is None else max(best, value)
    return best


def check_rounds(count: int, seed: int, most_bids: int) -> None:
    """`count` random rounds of up to `most_bids` bids: never better, never worse than trying every set."""
    chance = Random(seed)
    for _ in range(count):
        bids = [
            Candidate(str(n), chance.randint(1, 40) * 100_000, chance.randint(20, 95), {"priority": chance.choice("123")})
            for n in range(chance.randint(3, most_bids))
        ]  # fmt: skip
        pot = chance.randint(20, 120) * 100_000
        floors, ceilings = [("priority", "1", chance.randint(0, 2))], [("priority", "2", chance.randint(0, 3))]
        wanted = brute(bids, pot, floors, ceilings)
        if wanted is None:
            with pytest.raises(NoPortfolio):
                best_portfolio(bids, pot, floors=floors, ceilings=ceilings)
            continue
        found = best_portfolio(bids, pot, floors=floors, ceilings=ceilings)
        assert round(found.value, 6) == wanted
        assert found.proven
        assert found.pence <= pot
