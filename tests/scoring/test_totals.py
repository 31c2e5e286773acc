"""One scoring function: the 25 scored sample bids give the totals that their file states."""

from collections import defaultdict
from decimal import Decimal

import pytest

from applications.sample.reader import sample_bids, sample_round
from scoring.totals import mean_total, spread, to_moderate, weighted_total


class Weighed:
    def __init__(self, code, weight):
        self.code, self.weight = code, weight


CRITERIA = [Weighed(each.id, each.weight) for each in sample_round().criteria]
SCORED = [bid for bid in sample_bids() if bid.panel]


def test_there_are_25_scored_sample_bids():
    assert len(SCORED) == 25


@pytest.mark.parametrize("bid", SCORED, ids=lambda bid: bid.id)
def test_every_sample_bid_gives_the_totals_that_the_file_states(bid):
    totals, by_code = [], defaultdict(list)
    for member in bid.panel.scores:
        if member.recused:
            continue
        marks = {mark.criterion: mark.score for mark in member.scores}
        total = weighted_total(marks, CRITERIA)
        assert total == Decimal(str(member.weighted_total))
        totals.append(total)
        for code, mark in marks.items():
            by_code[code].append(mark)
    assert len(totals) == bid.panel.expected_members_counted
    assert mean_total(totals) == Decimal(str(bid.panel.expected_mean_weighted_total))
    assert to_moderate(by_code) == list(bid.panel.expected_moderation_criteria)


def test_a_criterion_that_does_not_apply_leaves_the_weights():
    marks = {"C1": 5, "C2": 5, "C3": 5, "C4": None, "C5": 5, "C6": 5, "C7": 5}
    assert weighted_total(marks, CRITERIA) == Decimal("100.0")
    assert weighted_total(marks | {"C4": 0}, CRITERIA) == Decimal("80.0")


def test_a_criterion_without_a_mark_yet_gives_nothing_and_keeps_its_weight():
    assert weighted_total({"C1": 5}, CRITERIA) == Decimal("20.0")
    assert weighted_total({}, CRITERIA) == Decimal("0.0")


def test_halves_go_up_and_nobody_counted_is_no_mean():
    assert mean_total([Decimal("70.0"), Decimal("70.1"), Decimal("70.0"), Decimal("70.0")]) == Decimal("70.03")
    assert mean_total([None]) is None
    assert weighted_total({"C1": None}, [Weighed("C1", 20)]) is None
    assert spread([3, None, 5]) == 2
