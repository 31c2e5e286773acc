"""Severity (rule 7) and agreement: the exact figures of the design, published examples, and honest refusals."""

from random import Random

import pytest

from scoring.reliability import alpha, icc, icc_one_way, nominal
from scoring.severity import CannotAdjust, fit

RULE_7 = {
    ("A", 1): 60, ("A", 2): 70, ("A", 3): 80, ("B", 2): 80, ("B", 3): 90, ("C", 1): 65, ("C", 2): 75, ("C", 3): 85,
}  # fmt: skip


def test_rule_7_severities_are_minus_5_plus_5_and_0_and_bid_1_goes_from_62_50_to_65_00():
    found = fit(RULE_7, least_bids=2)
    assert {name: round(each.value, 6) for name, each in found.severities.items()} == {"A": -5, "B": 5, "C": 0}
    assert found.raw[1] == 62.50
    assert round(found.adjusted[1], 6) == 65.00


def test_fewer_than_five_bids_and_unlinked_panels_are_refused():
    with pytest.raises(CannotAdjust, match="finished 3 of at least 5"):
        fit({key: total for key, total in RULE_7.items() if key[0] != "B"})
    apart = {(name, bid + 10 * place): 60 + bid for place, name in enumerate("AB") for bid in range(6)}
    with pytest.raises(CannotAdjust, match="share no bid"):
        fit(apart)


def test_planted_severities_are_found_within_half_a_point_and_intervals_hold_them_95_times_in_100():
    chance, planted = Random(7), {"A": -6.0, "B": 4.0, "C": 2.0, "D": 0.0}
    inside = whole = 0
    for _ in range(150):
        worth = {bid: chance.uniform(30, 90) for bid in range(60)}
        readings = {
            (name, bid): worth[bid] + planted[name] + chance.gauss(0, 1.5)
            for bid in worth
            for name in chance.sample(list(planted), 3)
        }
        found = fit(readings)
        for name, truth in planted.items():
            each = found.severities[name]
            assert abs(each.value - truth) < 1.2
            inside += each.low <= truth <= each.high
            whole += 1
    assert 0.92 <= inside / whole <= 0.98


def test_alpha_is_the_published_one():
    """Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section E: four observers, twelve units."""
    a = [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None]
    b = [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3]
    c = [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None]
    d = [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None]
    units = [[mark for mark in marks if mark is not None] for marks in zip(a, b, c, d, strict=True)]
    assert round(alpha(units, nominal), 3) == 0.743
    assert round(alpha(units), 3) == 0.849
    assert alpha([[3, 3], [3, 3]]) is None


SHROUT_AND_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]


def test_intraclass_correlation_is_the_published_one():
    """Shrout and Fleiss (1979), Psychological Bulletin 86, table 4: ICC(2,1) = .29, ICC(2,4) = .62."""
    found = icc(SHROUT_AND_FLEISS)
    assert (round(found["single"], 2), round(found["mean"], 2)) == (0.29, 0.62)
    assert icc([[1, 2]]) is None


def test_intraclass_correlation_of_bids_with_readers_of_their_own_is_the_published_one():
    """The same table of Shrout and Fleiss (1979): ICC(1,1) = .17, ICC(1,4) = .44. Missing readings move it, but not far."""
    found = icc_one_way(SHROUT_AND_FLEISS)
    assert (round(found["single"], 2), round(found["mean"], 2)) == (0.17, 0.44)
    fewer = icc_one_way([SHROUT_AND_FLEISS[0][:3], *SHROUT_AND_FLEISS[1:]])
    assert 0 < fewer["single"] < fewer["mean"] < 1
    assert icc_one_way([[1, 2]]) is None
    assert icc_one_way([[1], [2], [3]]) is None
