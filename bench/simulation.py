"""Rounds with planted truth: `python -m bench.simulation` says how well severity finds it, and how fast the best sets are found.

Each simulated round has bids of known worth, assessors of known severity and chance on top; what the product makes of it is
compared with what was planted. The seeds are fixed, so everybody gets these figures.
"""

import time
from dataclasses import dataclass
from math import sqrt
from random import Random

from scoring.fragility import Edge, edge_of
from scoring.portfolio import Candidate, NoPortfolio, best_portfolio, price_of_floors
from scoring.severity import CannotAdjust, fit

POT_PENCE = 70_000_000
DISTRICTS = ("Durham", "Darlington", "Easington")
FLOORS = [*(("priority", which, 3) for which in "1234"), ("district", "Easington", 5)]


@dataclass(frozen=True)
class Plan:
    """So many bids, readers for each and assessors; `chance` is the standard deviation of one total, in points."""

    bids: int
    readers: int
    assessors: int
    chance: float

    def __str__(self) -> str:
        return f"{self.bids} bids × {self.readers} readers, {self.assessors} assessors, chance {self.chance:g}"


PLANS = (Plan(60, 3, 4, 1.5), Plan(60, 3, 12, 5), Plan(25, 4, 4, 5), Plan(200, 3, 12, 8), Plan(20, 2, 4, 5))


@dataclass(frozen=True)
class Found:
    """`bias`: the worst assessor's mean error over all rounds. `typical`: the root mean square of single errors, in points.

    `covered` is how often the 95 % interval held the truth; `gain` by how much the adjusted totals lie nearer to the worth
    than the raw ones (1 would be no error left).
    """

    bias: float
    typical: float
    covered: float
    gain: float


def planted(assessors: int, chance: Random) -> dict[str, float]:
    """Severities in points that add up to zero."""
    drawn = [chance.uniform(-10, 10) for _ in range(assessors)]
    middle = sum(drawn) / assessors
    return {f"Member {number}": value - middle for number, value in enumerate(drawn, 1)}


def readings(plan: Plan, strict: dict[str, float], worth: dict[int, float], chance: Random) -> dict:
    """Every bid read by the members who have read least so far, chance deciding between equals: loads stay within one."""
    load = dict.fromkeys(strict, 0)
    found = {}
    for bid, value in worth.items():
        for name in sorted(strict, key=lambda name: (load[name], chance.random()))[: plan.readers]:
            load[name] += 1
            found[name, bid] = value + strict[name] + chance.gauss(0, plan.chance)
    return found


def recover(plan: Plan, rounds: int, seed: int = 1) -> Found:
    """Simulate `rounds` rounds and compare what was found with what was planted."""
    chance = Random(seed)
    strict = planted(plan.assessors, chance)
    errors: dict[str, list[float]] = {name: [] for name in strict}
    inside = raw_squares = squares = 0.0
    for _ in range(rounds):
        worth = {bid: chance.uniform(20, 90) for bid in range(plan.bids)}
        found = fit(readings(plan, strict, worth, chance))
        for name, each in found.severities.items():
            errors[name].append(each.value - strict[name])
            inside += each.low is not None and each.low <= strict[name] <= (each.high or 0)
        raw_squares += sum((found.raw[bid] - worth[bid]) ** 2 for bid in worth)
        squares += sum((found.adjusted[bid] - worth[bid]) ** 2 for bid in worth)
    every = [error for each in errors.values() for error in each]
    return Found(
        bias=max(abs(sum(each) / rounds) for each in errors.values()),
        typical=sqrt(sum(error**2 for error in every) / len(every)),
        covered=inside / len(every),
        gain=1 - sqrt(squares / raw_squares),
    )


def refused_when_unlinked(rounds: int, seed: int = 2) -> int:
    """Of so many panels in two or three groups that share no bid, how many are refused."""
    chance, refused = Random(seed), 0
    for _ in range(rounds):
        groups = [[f"{group}{member}" for member in range(chance.randint(1, 4))] for group in "ABC"[: chance.randint(2, 3)]]  # fmt: skip
        totals = {
            (name, f"{place}-{bid}"): chance.uniform(20, 90)
            for place, group in enumerate(groups) for bid in range(chance.randint(5, 15)) for name in group
        }  # fmt: skip
        try:
            fit(totals)
        except CannotAdjust as why:
            refused += "share no bid" in why.sentence
    return refused


def some_bids(count: int, hard: bool = False, seed: int = 9) -> list[Candidate]:
    """Bids of four priorities and three districts; every third works with a part of what it asks.

    The `hard` ones have points that go with what they ask, plus a constant, and none takes a part: nothing but trying
    tells one set from the next (the strongly correlated knapsacks of Pisinger, 2005).
    """
    chance = Random(seed)
    found = []
    for number in range(count):
        asks = chance.randint(20, 400) * 10_000
        points = asks / 50_000 + 15 if hard else chance.randint(200, 950) / 10
        kinds = {"priority": chance.choice("1234"), "district": tuple(chance.sample(DISTRICTS, chance.randint(1, 2)))}
        found.append(Candidate(f"B-{number:03d}", asks, points, kinds, None if hard or number % 3 else 150_000))
    return found


def solve(count: int, hard: bool = False) -> tuple[float, float, bool, int]:
    """Seconds for the best set, seconds with the price of every floor, whether it is proven, and how many it funds."""
    bids = some_bids(count, hard)
    start = time.perf_counter()
    try:
        found = best_portfolio(bids, POT_PENCE, floors=FLOORS)
    except NoPortfolio:
        return time.perf_counter() - start, 0, False, 0
    alone = time.perf_counter() - start
    price_of_floors(bids, POT_PENCE, FLOORS)
    return alone, time.perf_counter() - start, found.proven, len(found.awards)


def band_of(bids: list[Candidate], *, bounded: bool = True, seed: int = 10) -> Edge:
    """The fragile band of these bids, each read by three of thirty members whose totals differ by 8 points or so."""
    chance = Random(seed)
    given = {bid.key: {seat: min(100.0, max(0.0, bid.points + chance.gauss(0, 8))) for seat in chance.sample(range(30), 3)} for bid in bids}  # fmt: skip
    return edge_of(bids, POT_PENCE, given, floors=FLOORS if bounded else [])


def main(rounds: int = 400) -> None:
    print(f"Severity, {rounds} simulated rounds of each plan:\n")
    print("| plan | mean error, worst assessor | error of one round | 95 % intervals hold | totals nearer the truth by |\n|---|---:|---:|---:|---:|")  # fmt: skip
    for plan in PLANS:
        found = recover(plan, rounds)
        print(
            f"| {plan} | {found.bias:.2f} | {found.typical:.2f} | {found.covered:.1%} | {found.gain:.0%} |", flush=True
        )
    print(f"\nUnlinked panels refused: {refused_when_unlinked(rounds)} of {rounds}.")
    print("\n| bids with five floors and part-awards | seconds | with each floor's price | gap zero | funded |\n|---|---:|---:|---|---:|")  # fmt: skip
    for count, hard in ((60, False), (200, False), (500, False), (200, True), (500, True)):
        alone, priced, proven, funded = solve(count, hard)
        print(
            f"| {count}{', points that go with the money, all or nothing' if hard else ''} | {alone:.2f} | {priced:.2f} | {'yes' if proven else 'no'} | {funded} |",
            flush=True,
        )
    print("\n| fragile band, 200 draws | seconds | with five floors | fragile |\n|---|---:|---:|---:|")
    for count in (60, 200, 500):
        bids, took = some_bids(count), []
        for bounded in (False, True):
            start = time.perf_counter()
            edge = band_of(bids, bounded=bounded)
            took.append(time.perf_counter() - start)
        fragile = sum(edge.is_fragile(bid.key) for bid in bids)
        print(f"| {count} | {took[0]:.2f} | {took[1]:.2f} | {fragile} |", flush=True)


if __name__ == "__main__":
    main()
