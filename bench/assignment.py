"""Sharing out 500 bids three times over 30 assessors, with conflicts, wishes and limits: seconds of processor time, and whether proven best.

Run it by itself: python -m bench.assignment
"""

import time
from random import Random

from scoring.balance import Plan, share_out
from scoring.expertise import KNOWN, WISHED

SIZES = ((60, 12, 40), (200, 20, 150), (500, 30, 500))
READERS = 3
WANT, CAN, UNSAID = 0, 2 * WISHED, 3 * WISHED


def case(bids: int, readers: int, conflicts: int, seed: int = 5):
    """A round as it comes: random conflicts, every member wants a tenth of the bids, can read a tenth, cannot a twentieth.

    Each knows the field of a fifth of them.
    """
    chance = Random(seed)
    barred, costs = set(), {}
    while len(barred) < conflicts:
        barred.add((chance.randrange(bids), chance.randrange(readers)))
    for reader in range(readers):
        said = chance.sample(range(bids), bids // 4)
        for bid in said[: bids // 10]:
            costs[bid, reader] = WANT
        for bid in said[bids // 10 : bids // 5]:
            costs[bid, reader] = CAN
        barred |= {(bid, reader) for bid in said[bids // 5 :]}
        for bid in chance.sample(range(bids), bids // 5):  # fields that the member knows
            costs[bid, reader] = costs.get((bid, reader), UNSAID) - KNOWN
    limits = dict.fromkeys(range(0, readers, 3), bids * READERS // readers + 2)
    return barred, costs, limits


def timed(bids: int, readers: int, conflicts: int) -> tuple[float, Plan, dict]:
    barred, costs, limits = case(bids, readers, conflicts)
    begun = time.process_time()
    plan = share_out(range(bids), range(readers), READERS, barred=barred, costs=costs, usual_cost=UNSAID, limits=limits)
    return time.process_time() - begun, plan, costs


def main() -> None:
    for bids, readers, conflicts in SIZES:
        seconds, plan, costs = timed(bids, readers, conflicts)
        met = sum(costs.get((bid, reader), UNSAID) <= WANT for bid, given in plan.readers.items() for reader in given)
        print(
            f"{bids:4} bids x {READERS} over {readers:3} members: {seconds:6.3f} s, loads within {plan.gap}, "
            f"{'linked' if plan.linked else 'NOT LINKED'}, {met} wishes met, {'proven best' if plan.proven else 'not proven'}, "
            f"{sum(plan.unmet.values())} readings unmet"
        )


if __name__ == "__main__":
    main()
