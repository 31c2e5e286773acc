"""Portfolio (rule 8): the design's figures, and never worse than trying every set."""

from random import Random

from scoring.portfolio import POINTS_BY_POUND, Candidate, best_portfolio, price_of_floors
from tests.scoring import best_sets

RULE_8 = [
    Candidate(key, asks * 100_000, points)
    for key, asks, points in (("a", 40, 80), ("b", 35, 74), ("c", 30, 70), ("d", 25, 66), ("e", 5, 50), ("f", 5, 48))
]
POT = 10_000_000


def test_rule_8_most_points_is_b_c_d_e_f_with_308():
    found = best_portfolio(RULE_8, POT)
    assert (sorted(found.awards), found.value, found.pence, found.proven) == (list("bcdef"), 308, POT, True)


def test_rule_8_most_points_by_pound_is_a_b_d_with_7440_and_with_e_and_f_required_6830():
    found = best_portfolio(RULE_8, POT, aim=POINTS_BY_POUND)
    assert (sorted(found.awards), round(found.value, 6)) == (list("abd"), 7440)
    found = best_portfolio(RULE_8, POT, aim=POINTS_BY_POUND, locked_in=("e", "f"))
    assert (sorted(found.awards), round(found.value, 6)) == (list("bcdef"), 6830)


def test_fifty_random_rounds_equal_trying_every_set():
    best_sets.check_rounds(50, seed=8, most_bids=9)


def test_a_part_award_fills_the_pot_but_never_goes_below_what_is_viable():
    bids = [Candidate("a", 1_000_000, 80), Candidate("b", 1_000_000, 60, viable_pence=500_000)]
    assert best_portfolio(bids, 1_600_000).awards == {"a": 1_000_000, "b": 600_000}
    assert best_portfolio(bids, 1_400_000).awards == {"a": 1_000_000}


def test_each_floor_has_its_price():
    bids = [
        Candidate("a", 5, 90, {"priority": "1"}),
        Candidate("b", 5, 80, {"priority": "1"}),
        Candidate("c", 5, 50, {"priority": "2"}),
    ]
    floor = ("priority", "2", 1)
    assert price_of_floors(bids, 10, [floor]) == {floor: 30}


def test_two_hundred_bids_with_floors_and_part_awards_take_less_than_five_seconds():
    import time

    chance = Random(9)
    bids = [Candidate(str(n), chance.randint(20, 400) * 10_000, chance.randint(20, 95), {"priority": chance.choice("1234")}, viable_pence=None if n % 3 else 150_000) for n in range(200)]  # fmt: skip
    start = time.process_time()
    found = best_portfolio(bids, 70_000_000, floors=[("priority", which, 3) for which in "1234"])
    assert time.process_time() - start < 5
    assert found.proven
