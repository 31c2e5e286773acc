"""An assessor learns how their own totals lie, kindly: never early, never with a bid they stepped back from."""

import pytest

from fund.core import clock
from scoring import agreement, conflicts
from scoring.myself import about_myself
from tests.factories import scoring as make

LOW, HIGH = make.MARKS_OF_62, make.MARKS_OF_74
ADDRESS = "/assessing/rounds/{}/my-marks"


def scored(round, count, *sets):
    return [make.scored_bid(round, *sets) for _ in range(count)]


def me(rows):
    return rows[0][1][0].seat


def test_the_figure_is_the_chairs_and_said_in_plain_words(database, as_):
    round = make.round()
    rows = scored(round, 6, LOW, HIGH, HIGH)
    seat = me(rows)
    found = about_myself(seat, round, seat.person)
    theirs = next(each for each in agreement.agreement_in(round).members if each[0] == seat.label)
    assert f"{abs(found.severity.value):.1f} points" in theirs[2]
    assert found.severity.value == pytest.approx(-8.0)  # 62 against a mean of 70
    text = as_(seat.person).get(ADDRESS.format(round.id)).text
    assert "Your totals are 8.0 points lower than the panel&#39;s for the same bids, on average." in text
    assert "<svg" in text
    assert "-8.0" in text
    for other in (row.seat for row in rows[0][1][1:]):
        assert other.label not in text


def test_fewer_than_five_bids_are_refused_with_the_reason(database, as_):
    round = make.round()
    seat = me(scored(round, 4, LOW, HIGH, HIGH))
    assert "You have finished 4 of the 5 bids" in as_(seat.person).get(ADDRESS.format(round.id)).text


def test_another_members_few_bids_are_refused_without_naming_them(database):
    round = make.round()
    rows = scored(round, 5, LOW, HIGH, HIGH)
    late = make.seat(round, label="Member Latecomer")
    make.give(make.reading(make.make.put(rows[0][0], "in_scoring", None), late), HIGH)
    found = about_myself(me(rows), round, me(rows).person)
    assert found.refusal.startswith("Some members have finished fewer than 5 bids")
    assert "Latecomer" not in found.refusal


def test_an_unlinked_panel_is_refused(database):
    round = make.round(panel_quorum=2)
    rows = scored(round, 5, LOW, HIGH)
    others = [make.seat(round) for _ in range(2)]
    for _ in range(5):
        bid = make.bid(round, "in_scoring")
        for other in others:
            make.give(make.reading(bid, other), HIGH)
    assert "share no bid with the others" in about_myself(me(rows), round, me(rows).person).refusal


@pytest.mark.parametrize(
    ("visibility", "words"),
    [
        ("never", "members do not see others"),
        ("after_panel", "when the panel has agreed its bids"),
        ("always", ""),
        ("after_own", ""),
    ],
)
def test_the_rounds_setting_holds(database, visibility, words):
    round = make.round(visibility=visibility)
    seat = me(scored(round, 5, LOW, HIGH, HIGH))
    found = about_myself(seat, round, seat.person)
    assert words in found.refusal
    assert (found.severity is None) == bool(words)


@pytest.mark.parametrize("visibility", ["always", "after_own", "after_all_own", "after_panel"])
def test_nothing_opens_while_a_bid_of_ones_own_is_to_be_scored(database, visibility):
    round = make.round(visibility=visibility)
    seat = me(scored(round, 5, LOW, HIGH, HIGH))
    make.reading(make.bid(round, "in_scoring"), seat)
    assert "when you have finished all your bids" in about_myself(seat, round, seat.person).refusal


def test_a_bid_one_stepped_back_from_is_in_no_figure(database, as_):
    """The others' marks of that bid are far off; the figure is as if it were not there."""
    round = make.round()
    rows = scored(round, 6, LOW, HIGH, HIGH)
    seat = me(rows)
    before = about_myself(seat, round, seat.person).severity.value
    _bid, readings = make.scored_bid(round, HIGH, {**HIGH, "C1": 0, "C2": 0}, HIGH)
    assert about_myself(seat, round, seat.person).severity.value != pytest.approx(before)
    conflicts.declare_late(readings[0], "My sister", by=seat.person, now=clock.now())
    assert about_myself(seat, round, seat.person).severity.value == pytest.approx(before)
    assert "Without the bid you stepped back from." in as_(seat.person).get(ADDRESS.format(round.id)).text


def test_it_is_for_members_who_give_marks(database, as_):
    round = make.round(view_weight=10)
    assert as_(make.make.person()).get(ADDRESS.format(round.id)).status_code in (403, 404)
    assert as_(make.seat(round, "youth").person).get(ADDRESS.format(round.id)).status_code == 404
