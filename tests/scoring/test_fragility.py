"""How fragile the edge is: fixed seed, the same exact answers as asking the solver plainly, and quick enough for a meeting."""

import time
from random import Random

import numpy as np

from scoring import fragility
from scoring.best_again import BestAgain
from scoring.portfolio import POINTS, Candidate, Choice, worth_of
from tests.scoring.best_again import hold_against_solver

POT, FLOORS, CEILINGS = 70_000_000, [("priority", which, 3) for which in "1234"], [("priority", "2", 9)]


def some_round(count: int, parts: bool = False):
    chance = Random(9)
    bids = [
        Candidate(f"B-{n}", chance.randint(100, 400) * 10_000, chance.randint(200, 950) / 10, {"priority": chance.choice("1234")}, 800_000 if parts and n % 5 == 0 else None)
        for n in range(count)
    ]  # fmt: skip
    readings = {bid.key: {seat: min(100, bid.points + chance.gauss(0, 8)) for seat in chance.sample(range(8), 3)} for bid in bids}  # fmt: skip
    return bids, readings


def test_every_draw_of_a_round_gets_the_solver_s_answer():
    bids, readings = some_round(40, parts=True)
    choice = Choice(bids, POT // 2, floors=FLOORS, ceilings=CEILINGS)
    again = BestAgain(choice, worth_of(bids, POINTS))
    for worth in fragility.drawn_points(bids, readings, 25):
        hold_against_solver(choice, worth, again.best(worth))


def test_the_same_panel_gives_the_same_picture_every_time():
    bids, readings = some_round(12)
    one, other = (fragility.edge_of(bids, POT // 5, readings, draws=30) for _ in range(2))
    assert one == other


def test_members_who_agree_move_nothing_and_members_who_do_not_make_the_edge_fragile():
    bids = [Candidate("a", 100, 60.0), Candidate("b", 100, 59.0)]
    agreed = {"a": {1: 60.0, 2: 60.0, 3: 60.0}, "b": {1: 59.0, 2: 59.0, 3: 59.0}}
    assert fragility.edge_of(bids, 100, agreed).share == {"a": 1.0, "b": 0.0}
    apart = {"a": {1: 80.0, 2: 60.0, 3: 40.0}, "b": {1: 39.0, 2: 59.0, 3: 79.0}}
    edge = fragility.edge_of(bids, 100, apart)
    assert edge.is_fragile("a")
    assert edge.is_fragile("b")
    assert edge.low["a"] < 60 < edge.high["a"]


def test_weights_that_are_swung_move_uneven_marks_by_less_than_a_fifth_and_even_marks_not_at_all():
    bids = [Candidate("even", 1, 60.0), Candidate("uneven", 1, 60.0), Candidate("one", 1, 80.0)]
    marks = {"even": {"C1": 3, "C2": 3}, "uneven": {"C1": 5, "C2": 1}, "one": {"C2": 4}}
    swing = fragility.Swing({"C1": 50, "C2": 50}, marks)
    points = fragility.drawn_points(bids, {}, 500, swing)
    assert np.allclose(points[:, 0], 60)
    assert np.allclose(points[:, 2], 80), "a criterion that does not apply swings nothing"
    # at the most C1 counts 60 and C2 40 of 100: (60 x 5 + 40 x 1) / 5 = 68 points
    assert 51.9 < points[:, 1].min() < 53
    assert 67 < points[:, 1].max() < 68.1
    same = fragility.edge_of(bids, 2, {}, draws=50, swing=swing)
    assert same == fragility.edge_of(bids, 2, {}, draws=50, swing=swing)
    assert same.is_fragile("uneven")


def test_a_bid_that_no_drawn_member_has_read_keeps_its_points():
    points = fragility.drawn_points([Candidate("a", 1, 50.0), Candidate("b", 1, 70.0)], {"a": {1: 40.0, 2: 60.0}})
    assert set(np.unique(points[:, 0])) == {40.0, 50.0, 60.0}
    assert set(points[:, 1]) == {70.0}


def test_two_hundred_draws_of_sixty_bids_take_less_than_five_seconds_of_work():
    bids, readings = some_round(60)
    began = time.process_time()
    fragility.edge_of(bids, POT, readings, floors=FLOORS, ceilings=CEILINGS)
    assert time.process_time() - began < 5


def test_no_draw_of_two_hundred_bids_gives_more_than_the_pot():
    chance = np.random.default_rng(7)
    bids = [Candidate(f"b{n}", int(1e5 * chance.integers(10, 40)), float(chance.integers(300, 900)) / 10) for n in range(200)]  # fmt: skip
    choice, points = Choice(bids, 50_000_000), np.array([each.points for each in bids])
    again = BestAgain(choice, points)
    for _ in range(12):
        worth = np.clip(points + chance.normal(0, 2, len(bids)), 0, 100)
        hold_against_solver(choice, worth, again.best(worth))
