"""Conflicts: declared before opening they close the bid; declared late they void scores, and the record keeps them (rule 5)."""

from decimal import Decimal

import pytest

from fund.core import audit, clock
from fund.core.problems import Problem, WrongMoment
from scoring import assignments, conflicts
from scoring.moderation import bids_on_the_table
from scoring.ranking import ranked_list
from scoring.tables import Score
from scoring.totals import mean_total
from tests.factories import scoring as make
from tests.kept import kept


@pytest.fixture
@kept
def round(database):
    return make.round()


def test_rule_5_a_late_conflict_takes_62_out_of_62_71_74_and_the_mean_goes_from_69_00_to_72_50(round, database):
    _bid, rows = make.scored_bid(round, make.MARKS_OF_62, make.MARKS_OF_71, make.MARKS_OF_74)
    [before] = ranked_list(round)
    assert (before.members_total, before.counted) == (Decimal("69.00"), 3)

    conflicts.declare_late(rows[0], "My sister works there", by=rows[0].seat.person, now=clock.now())

    [after] = ranked_list(round)
    assert (after.members_total, after.counted) == (Decimal("72.50"), 2)
    [table] = bids_on_the_table(round)
    assert [each.total for each in table.readings] == [None, Decimal("71.0"), Decimal("74.0")]
    assert table.mean == mean_total([Decimal("71.0"), Decimal("74.0")])
    void = database.session.query(Score).filter_by(assignment_id=rows[0].id).all()
    assert len(void) == 7
    assert all(each.voided_at is not None and each.mark is not None for each in void)
    [line] = [each for each in audit.lines_about(rows[0]) if each.action == "scores.void"]
    assert line.details == {"total": "62.0", "scores": 7}
    assert rows[0].status == "recused"
    assert audit.verify() is None


def test_a_conflict_declared_before_opening_recuses_and_needs_its_reason(round):
    bid, seat = make.bid(round), make.seat(round)
    row = make.reading(bid, seat, declared=False)
    with pytest.raises(Problem, match="what the conflict is"):
        conflicts.declare(row, True, " ", by=seat.person, now=clock.now())
    conflicts.declare(row, True, "I am a trustee", by=seat.person, now=clock.now())
    assert row.status == "recused"
    assert conflicts.recused_from(seat.person, round) == {bid.id}


def test_each_bid_is_answered_once(round):
    row = make.reading(make.bid(round), make.seat(round))
    with pytest.raises(WrongMoment, match="answered for this bid already"):
        conflicts.declare(row, True, "Changed my mind", by=row.seat.person, now=clock.now())


def test_after_the_panel_agreed_a_late_conflict_goes_to_the_chair(round):
    bid, rows = make.scored_bid(round, make.MARKS_OF_62, make.MARKS_OF_71, make.MARKS_OF_74, status="in_scoring")
    make.make.put(bid, "moderated", None)
    with pytest.raises(WrongMoment, match="Tell the chair"):
        conflicts.declare_late(rows[0], "My sister works there", by=rows[0].seat.person, now=clock.now())


def test_whoever_declared_a_conflict_is_given_the_bid_by_no_plan_and_no_hand(round):
    bid, seats = make.bid(round), [make.seat(round) for _ in range(4)]
    row = make.reading(bid, seats[0], declared=False)
    conflicts.declare(row, True, "I am a trustee", by=seats[0].person, now=clock.now())
    plan, _, _ = assignments.plan_for(round)
    assert (bid.id, seats[0].id) not in plan.added
    assert len(plan.added) == 3
    with pytest.raises(Problem, match="declared a conflict"):
        assignments.assign(bid, seats[0], by=None, now=clock.now())


def test_a_conflict_counts_as_having_assessed_and_a_stranger_has_not(round):
    bid, seat, stranger = make.bid(round), make.seat(round), make.make.person()
    row = make.reading(bid, seat, declared=False)
    conflicts.declare(row, True, "I am a trustee", by=seat.person, now=clock.now())
    assert assignments.has_assessed(seat.person, bid)
    assert not assignments.has_assessed(stranger, bid)
    assert not assignments.has_assessed(None, bid)
