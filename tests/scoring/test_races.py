"""Two windows that save at the same instant; tests/proof/ runs forty pairs."""

from tests.scoring import races


def test_of_six_pairs_of_simultaneous_saves_on_one_reading_nothing_is_lost(tmp_path):
    races.pairs(tmp_path, 6)


def test_of_six_pairs_of_simultaneous_saves_on_a_calibration_bid_nothing_is_lost(tmp_path):
    races.calibration_pairs(tmp_path, 6)
