"""Random rounds for the sets that are found again and again: every answer is held against the solver's."""

from random import Random

import numpy as np

from scoring.best_again import BestAgain
from scoring.portfolio import Candidate, Choice, NoPortfolio, worth_of


def some_bid(name: str, chance: Random, alike: bool) -> Candidate:
    """`alike` bids ask and are worth one of three figures, so that many sets tie."""
    asks = chance.choice([400_000, 1_000_000, 2_500_000]) if alike else chance.randint(20, 400) * 9_973
    points = chance.choice([40.0, 60.0, 80.0]) if alike else chance.randint(0, 1000) / 10
    viable = int(asks * chance.uniform(0.2, 1)) if chance.random() < 0.35 else None
    return Candidate(name, asks, points, {"priority": chance.choice("12"), "district": (chance.choice("xy"), "x")}, viable)  # fmt: skip


def some_choice(chance: Random, most_bids: int) -> tuple[Choice, np.ndarray]:
    """A round with floors, ceilings and locks, and what each bid is worth; some hold no set at all."""
    alike = chance.random() < 0.4
    bids = [some_bid(f"b{number}", chance, alike) for number in range(chance.randint(1, most_bids))]

    def some(kind: str, which: str) -> int:
        return sum(bid.is_of(kind, which) for bid in bids)

    pot = int(sum(bid.asks_pence for bid in bids) * chance.uniform(0.05, 1.1))
    floors = [(*kind, chance.randint(0, max(1, some(*kind) // 3))) for kind in (("priority", "1"), ("district", "x")) if chance.random() < 0.5]  # fmt: skip
    ceilings = [(*kind, chance.randint(1, max(1, some(*kind)))) for kind in (("priority", "2"), ("district", "y")) if chance.random() < 0.4]  # fmt: skip
    keys = chance.sample([bid.key for bid in bids], len(bids))
    locks = {"locked_in": keys[: chance.choice([0, 0, 1])], "locked_out": keys[1 : chance.choice([1, 1, 3])]}
    return Choice(bids, pot, floors=floors, ceilings=ceilings, **locks), worth_of(bids, chance.choice(["points", "points by pound"]))  # fmt: skip


def hold_against_solver(choice: Choice, worth: np.ndarray, shares: np.ndarray) -> None:
    """The set keeps the pot, every bid's least, every bound and lock, and is worth what the solver's best set is worth."""
    chosen = shares > 0
    assert shares @ choice.asks <= choice.pot + 1e-3
    assert (shares <= 1 + 1e-12).all()
    assert (shares[chosen] >= choice.least[chosen] / choice.asks[chosen] - 1e-9).all()
    counts = choice.has @ chosen
    assert ((choice.low <= counts) & (counts <= choice.high)).all()
    assert ((choice.bottom <= chosen) & (chosen <= choice.top)).all()
    plain = choice.solve(worth)[1]
    assert abs(shares @ worth - plain @ worth) < 1e-6 * max(100, plain @ worth)


def check_rounds(count: int, seed: int, most_bids: int, draws: int) -> int:
    """Hold `draws` answers in each of `count` random rounds against the solver; how many answers there were."""
    chance, drawn, answers = Random(seed), np.random.default_rng(seed), 0
    for _ in range(count):
        choice, worth = some_choice(chance, most_bids)
        try:
            again = BestAgain(choice, worth)
        except NoPortfolio:
            continue
        for _ in range(draws):
            other = np.clip(worth * drawn.uniform(0.7, 1.3, len(worth)) + drawn.normal(0, 2, len(worth)), 0, None)
            hold_against_solver(choice, other, again.best(other))
            answers += 1
    return answers
