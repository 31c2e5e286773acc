"""Sharing bids out: every bid its readers, loads within one of each other, the panel linked, nothing moved without need."""

from collections import Counter
from random import Random

from scoring.balance import are_linked, islands, share_out


def loads_of(plan):
    return Counter(reader for given in plan.readers.values() for reader in given)


def test_sixty_bids_three_readers_twelve_assessors_forty_conflicts():
    bids, readers = list(range(60)), [f"r{n}" for n in range(12)]
    chance = Random(5)
    barred = set()
    while len(barred) < 40:
        barred.add((chance.choice(bids), chance.choice(readers)))
    plan = share_out(bids, readers, 3, barred=barred)
    assert all(len(set(given)) == 3 for given in plan.readers.values())
    assert not barred & {(bid, reader) for bid, given in plan.readers.items() for reader in given}
    assert plan.gap <= 1
    assert plan.linked
    assert share_out(bids, readers, 3, barred=barred).readers == plan.readers


def test_when_one_drops_out_only_their_bids_move():
    bids, readers = list(range(60)), [f"r{n}" for n in range(12)]
    before = share_out(bids, readers, 3).readers
    kept = {bid: [reader for reader in given if reader != "r4"] for bid, given in before.items()}
    after = share_out(bids, [reader for reader in readers if reader != "r4"], 3, kept=kept)
    assert len(after.added) == sum("r4" in given for given in before.values())
    assert all(set(kept[bid]) <= set(given) for bid, given in after.readers.items())
    assert after.gap <= 1


def test_a_chain_of_moves_evens_out_what_conflicts_push_to_one_side():
    plan = share_out(["a", "b", "c"], ["x", "y"], 1, barred={("a", "y"), ("b", "y")})
    assert plan.loads == {"x": 2, "y": 1}


def test_what_cannot_be_met_is_said():
    plan = share_out(["a", "b"], ["x", "y"], 2, barred={("a", "y")})
    assert plan.unmet == {"a": 1}
    assert sorted(plan.readers["b"]) == ["x", "y"]


def test_five_hundred_bids_stay_within_one():
    plan = share_out(list(range(500)), list(range(30)), 3)
    assert plan.gap <= 1
    assert set(loads_of(plan).values()) == {50}


def test_readers_who_share_no_bid_are_islands():
    assert not are_linked([["a", "b"], ["c", "d"]], "abcd")
    assert islands([["a", "b"], ["c", "d"]], "abcd") == [["a", "b"], ["c", "d"]]
    assert are_linked([["a", "b"], ["b", "c"], ["c", "d"]], "abcd")
