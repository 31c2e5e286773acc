"""The panel's list as rows: the same figures as the objects that moderation makes, in three statements."""

import pytest

from fund.core import clock
from scoring import conflicts
from scoring.agreement import agreement_in
from scoring.criteria import criteria_of
from scoring.disagreement import bids_by_disagreement
from scoring.moderation import bids_on_the_table
from scoring.reliability import alpha, icc_one_way
from tests.factories import scoring as make
from tests.kept import kept


@pytest.fixture
@kept
def round(database):
    return make.round()


@pytest.fixture
@kept
def bids(round, database):
    """Three bids that members read differently, the last with one reading open and one recused; one not read."""
    for marks in (make.MARKS_OF_71, {**make.MARKS_OF_71, "C2": 1}):
        make.scored_bid(round, make.MARKS_OF_62, marks, make.MARKS_OF_74)
    bid, rows = make.scored_bid(round, make.MARKS_OF_62, {**make.MARKS_OF_71, "C4": 0}, make.MARKS_OF_74)
    conflicts.declare_late(rows[0], "My sister works there", by=rows[0].seat.person, now=clock.now())
    make.reading(bid, make.seat(round))
    make.bid(round, status="in_scoring")
    database.session.flush()
    return bid


def test_rows_say_what_the_readings_say(round, bids):
    rows = bids_by_disagreement(round, criteria_of(round))
    objects = bids_on_the_table(round)
    assert [row.reference for row in rows] == [each.application.reference for each in objects]
    for row, each in zip(rows, objects, strict=True):
        said = (row.mean, row.apart, row.widest, row.talk_about, row.finished, row.expected, row.recused)
        assert said == (each.mean, each.apart, each.widest, each.talk_about, each.finished, each.expected, each.recused)
    assert {row.recused for row in rows} == {0, 1}
    assert rows[-1].mean is None


def test_who_has_yet_to_score_a_bid_does_not_find_it_here(round, bids):
    seat = make.seat(round, "chair")
    bid, _ = make.scored_bid(round, make.MARKS_OF_62, make.MARKS_OF_74, make.MARKS_OF_71)
    make.reading(bid, seat)
    shown = {row.application_id for row in bids_by_disagreement(round, criteria_of(round), seat.person)}
    assert bid.id not in shown
    assert len(shown) == 4


def test_ready_needs_everybody_left_and_the_quorum_and_ends_with_the_agreement(round, bids):
    row = next(each for each in bids_by_disagreement(round, criteria_of(round)) if each.finished == 3)
    assert (row.finished, row.expected) == (3, 3)
    assert row.is_ready(3)
    assert not row.is_ready(4)
    row.status = "moderated"
    assert not row.is_ready(3)


def test_three_statements_whatever_the_round_holds(round, bids, statements):
    criteria = criteria_of(round)
    with statements() as seen:
        bids_by_disagreement(round, criteria)
    assert len(seen) == 3


def test_agreement_from_counts_is_the_agreement_of_the_readings(round, bids, statements):
    """The database counts marks and totals; the objects that moderation makes say the same."""
    table = bids_on_the_table(round)
    sealed = [[each for each in bid.readings if each.status == "sealed"] for bid in table]
    units = [
        [each.marks[code] for each in readings if each.marks[code] is not None]
        for readings in sealed
        for code in (readings[0].marks if readings else ())
    ]
    with statements() as seen:
        found = agreement_in(round)
    assert len(seen) <= 4, seen
    assert found.alpha == f"{alpha(units):.2f}"
    relied = icc_one_way([float(each.total) for each in readings] for readings in sealed)
    assert (found.single, found.mean) == (f"{relied['single']:.2f}", f"{relied['mean']:.2f}")
    assert found.readings == sum(map(len, sealed))
    without = agreement_in(round, [bids.id])
    assert without.readings == found.readings - 2
    assert without.alpha != found.alpha


def test_the_pages_of_the_chair_ask_ten_times_at_most(round, bids, as_, statements):
    chair, secretary = make.seat(round, "chair").person, make.seat(round, "secretary").person
    for person in (chair, secretary):
        client = as_(person)
        for address in (f"/panel/bids/{bids.id}", f"/panel/rounds/{round.id}", f"/panel/rounds/{round.id}/agreement"):
            client.get(address)
            with statements() as seen:
                assert client.get(address).status_code == 200
            assert len(seen) <= 10 + (person is secretary), (address, seen)
