"""Ties at the cut-off (rule 9): floor first, then need, then a draw that anyone can repeat."""

from scoring.ties import Tied, break_ties, draw_number


def order(bids, **rules):
    given = {"floors": {}, "above": {}, "seed": "2026-02-03"} | rules
    return [(bid.reference, why) for bid, why in break_ties(bids, **given)]


def test_a_priority_below_its_floor_goes_first():
    bids = [Tied("A-1", "1", 1), Tied("A-2", "2", 9)]
    assert order(bids, floors={"2": 1}, above={"1": 3})[0] == ("A-2", "Priority 2 has 0 of at least 1 bids")
    assert order(bids, floors={"2": 1}, above={"2": 1})[0] == ("A-1", "Need rank 1")


def test_then_the_place_with_the_most_need():
    assert [ref for ref, _ in order([Tied("A-1", "1", 5), Tied("A-2", "1", 2), Tied("A-3", "1", None)])] == [
        "A-2",
        "A-1",
        "A-3",
    ]


def test_then_a_draw_that_does_not_depend_on_the_order_of_the_list():
    bids = [Tied(f"A-{number}", "1", 3) for number in range(6)]
    found = order(bids)
    assert found == order(bids[::-1])
    assert [ref for ref, _ in found] == sorted(
        (bid.reference for bid in bids), key=lambda ref: draw_number("2026-02-03", ref)
    )
    assert found != order(bids, seed="another")
    assert found[0][1] == "Drawn with the seed 2026-02-03"


def test_anyone_can_repeat_the_draw_with_sha_256():
    assert draw_number("seed", "A-1") == "a92670f35481008f2067b0d43c36033b882c6b75d8069bca0bb9f18c60858e5c"
