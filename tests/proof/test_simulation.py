"""Severity against planted truth, and the time that the best set takes: the figures of `python -m bench.simulation`."""

import pytest

from bench import simulation
from bench.simulation import PLANS

ROUNDS = 400


@pytest.mark.parametrize("plan", PLANS, ids=str)
def test_planted_severities_are_found_within_half_a_point_and_95_percent_intervals_hold_93_to_97(plan):
    found = simulation.recover(plan, ROUNDS)
    assert found.bias <= 0.5
    assert 0.93 <= found.covered <= 0.97
    assert found.gain > -0.01


def test_without_chance_the_planted_severities_come_back_exactly():
    found = simulation.recover(simulation.Plan(60, 3, 12, 0), 5)
    assert found.bias < 1e-9
    assert found.gain > 0.999999


def test_unlinked_panels_are_always_refused():
    assert simulation.refused_when_unlinked(ROUNDS) == ROUNDS


@pytest.mark.parametrize("hard", [False, True])
def test_two_hundred_bids_with_floors_and_part_awards_take_less_than_five_seconds_with_gap_zero(hard):
    alone, _, proven, funded = simulation.solve(200, hard)
    assert alone < 5
    assert proven
    assert funded
