"""The library of indicators: every promise of a sample bid can be counted, and each partnership finds its own."""

import csv

from applications.sample.reader import sample_bids
from evaluation.library.reader import FILE, common_indicators, indicator, indicators, indicators_for
from fund.strategies.loader import all_packs, load_pack


def ids(found):
    return [each.indicator_id for each in found]


def test_the_file_is_read_whole_and_square():
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, strict=True))
    assert {len(row) for row in rows} == {13}
    assert len(indicators()) == len(rows) - 1 == 90


def test_each_thing_a_round_can_fund_has_an_indicator():
    without = [
        (pack.slug, each.code) for pack in all_packs() for each in pack.fundable if not indicators_for(pack, each.code)
    ]
    assert without == []


def test_every_domain_a_pack_names_is_in_the_library():
    domains = {each.domain for each in indicators()}
    assert {domain for pack in all_packs() for domain in pack.indicator_domains} <= domains


def test_a_code_finds_only_its_own_partnerships_indicators():
    """Durham's priority 1 and a questionnaire's "1" are Durham's; nobody else's pack may find them."""
    assert ids(indicators_for(load_pack("durham-darlington"), "1"))[:2] == ["DUR-1a", "DUR-1b"]
    assert indicators_for(load_pack("dorset"), "1") == ()
    assert ids(indicators_for(load_pack("dorset"), "SV01")) == ["DORSET-SV01a", "DORSET-SV01b"]


def test_a_priority_with_grouped_outcomes_finds_theirs():
    assert ids(indicators_for(load_pack("cambridgeshire-peterborough"), "PEOPLE")) == ["PE1", "PE2", "PE3", "PE4"]


def test_codes_are_split_and_directions_known():
    assert indicator("SWEMWBS").linked_to == ("1", "3", "4")
    assert indicator("SDQ-PRO").direction == "higher_better"
    assert indicator("SDQ-TOT").direction == "lower_better"
    assert indicator("OUT-SAFE").direction == "context"


def test_percentages_are_known_from_the_unit():
    assert indicator("DUR-1b").is_percentage
    assert not indicator("DUR-3a").is_percentage


def test_common_indicators_serve_every_partnership():
    assert "OUT-COMP" in ids(common_indicators())
    assert "SWEMWBS" in ids(common_indicators())
    assert "DUR-1a" not in ids(common_indicators())


def test_every_indicator_a_sample_bid_promises_is_in_the_library():
    promised = {outcome.indicator_id for bid in sample_bids() for outcome in bid.outcomes}
    assert {each for each in promised if indicator(each) is None} == set()


def test_an_unknown_indicator_is_none():
    assert indicator("JOY") is None
