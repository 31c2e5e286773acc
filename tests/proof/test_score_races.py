"""Forty pairs of simultaneous saves on one assessment: nothing is lost, and the second of two is shown both texts."""

from tests.scoring import races


def test_of_forty_pairs_of_simultaneous_saves_on_one_reading_nothing_is_lost(tmp_path):
    races.pairs(tmp_path, 40)
