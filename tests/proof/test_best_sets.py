"""Five hundred random rounds of up to fifteen bids with floors: the portfolio equals trying every set."""

from tests.scoring import best_sets


def test_five_hundred_random_rounds_equal_trying_every_set():
    best_sets.check_rounds(480, seed=81, most_bids=11)
    best_sets.check_rounds(20, seed=82, most_bids=15)
