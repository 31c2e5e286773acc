"""The order of an agenda: people leave the room least often, as trying every order shows."""

from itertools import permutations
from random import Random

from scoring.agenda import exits, fewest_exits

A, B = frozenset("A"), frozenset("B")


def test_bids_for_which_the_same_people_are_out_stand_together_and_the_full_room_comes_first():
    bids = [("1", A), ("2", frozenset()), ("3", A), ("4", frozenset()), ("5", A | B)]
    order = fewest_exits(bids)
    assert order == ["2", "4", "1", "3", "5"]
    outs = dict(bids)
    assert exits([outs[key] for key in order]) == 2
    assert exits([outs[key] for key, _ in bids]) == 4


def test_the_order_is_as_good_as_any_on_many_random_agendas():
    chance = Random(4)
    for _ in range(120):
        bids = [
            (place, frozenset(chance.sample("ABCD", chance.randint(0, 2)))) for place in range(chance.randint(1, 6))
        ]
        outs = dict(bids)
        best = min(exits([outs[key] for key in each]) for each in permutations(outs))
        assert exits([outs[key] for key in fewest_exits(bids)]) == best


def test_a_long_agenda_of_many_groups_is_never_worse_than_as_it_came():
    chance = Random(5)
    for _ in range(4):
        bids = [(place, frozenset(chance.sample("ABCDEFGHIJ", chance.randint(0, 3)))) for place in range(60)]
        order, outs = fewest_exits(bids), dict(bids)
        assert sorted(order) == sorted(outs)
        assert exits([outs[key] for key in order]) < exits([out for _, out in bids]) * 0.7
    assert fewest_exits([]) == []
