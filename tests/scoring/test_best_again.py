"""The best set again and again: the solver's answer every time, ties or none, and no set that asks too much."""

from random import Random

import numpy as np

from scoring.best_again import BestAgain
from scoring.portfolio import Candidate, Choice
from scoring.trying import best_of_all
from tests.scoring import best_again


def test_random_rounds_get_the_solver_s_answer_with_floors_ceilings_locks_and_part_awards():
    assert best_again.check_rounds(12, seed=5, most_bids=25, draws=4) > 30


def test_where_too_many_sets_stay_open_the_solver_is_asked(monkeypatch):
    monkeypatch.setattr("scoring.trying.MOST", 3)
    asked = []
    plain = Choice.solve
    monkeypatch.setattr(Choice, "solve", lambda *given: asked.append(1) or plain(*given))
    choice, worth = best_again.some_choice(Random(11), 30)
    again = BestAgain(choice, worth)
    asked.clear()
    shares = again.best(worth[::-1])
    assert asked
    best_again.hold_against_solver(choice, worth[::-1], shares)


def test_two_hundred_bids_that_ask_the_same_need_no_solver(monkeypatch):
    """Copies of a bid tie by the thousand: of sets that cost the same and are worth the same, one is followed."""
    bids = [Candidate(str(n), 1_000_000 + 500_000 * (n % 4), 40.0 + n % 5 * 10) for n in range(200)]
    worth = np.array([bid.points for bid in bids])
    again, chance = BestAgain(Choice(bids, 50_000_000), worth), np.random.default_rng(3)
    monkeypatch.setattr(Choice, "solve", lambda *given: 1 / 0)
    for _ in range(20):
        assert (
            again.best(np.clip(worth + chance.choice([-4.0, 0.0, 4.0], 200), 0, 100)) @ again.choice.asks <= 50_000_000
        )


def test_bids_that_prices_settle_are_no_set_when_the_pot_does_not_hold_them():
    """With every bid settled nothing was left that asked for the pot: a set above it passed for the best."""
    choice = Choice([Candidate("a", 100, 50.0), Candidate("b", 100, 40.0)], 150)
    losses = np.full((4, 2), np.inf)
    losses[-1] = 0  # the whole of both, or no set
    assert best_of_all(choice, np.array([50.0, 40.0]), 0.0, losses, 1.0).tolist() == [0, 0]


def test_the_one_bid_that_grows_takes_what_is_left_of_the_pot():
    choice = Choice([Candidate("a", 100, 50.0, viable_pence=40), Candidate("b", 100, 60.0, viable_pence=40)], 170)
    assert BestAgain(choice, np.array([50.0, 60.0])).best(np.array([60.0, 50.0])).tolist() == [1.0, 0.7]


def test_prices_that_leave_no_room_do_not_search_for_ever():
    """Where bids may be cut anywhere and none is, what the best set stays below is a rounding error, even below nothing."""
    choice = Choice([Candidate("a", 100, 50.0), Candidate("b", 100, 40.0)], 200)
    again = BestAgain(choice, np.array([50.0, 40.0]))
    again.usual = -1e-12
    assert again.best(np.array([51.0, 39.0])).tolist() == [1.0, 1.0]
