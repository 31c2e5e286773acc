"""Random rounds at length: the portfolio equals trying every set, and the sets of the fragile band equal the solver's."""

import time

import pytest

from bench.simulation import band_of, some_bids
from tests.scoring import best_again, best_sets


def test_five_hundred_random_rounds_equal_trying_every_set():
    best_sets.check_rounds(480, seed=81, most_bids=11)
    best_sets.check_rounds(20, seed=82, most_bids=15)


def test_random_rounds_of_forty_bids_find_the_solver_s_set_again_and_again():
    assert best_again.check_rounds(150, seed=83, most_bids=40, draws=5) > 500


@pytest.mark.parametrize("bounded", [False, True])
def test_the_fragile_band_of_two_hundred_bids_takes_less_than_five_seconds_of_work(bounded):
    bids = some_bids(200)
    began = time.process_time()
    edge = band_of(bids, bounded=bounded)
    assert time.process_time() - began < 5
    assert edge.draws == 200
    assert any(edge.is_fragile(bid.key) for bid in bids)
