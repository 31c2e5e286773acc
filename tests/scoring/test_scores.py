"""Scores: no mark without a reason at the seal, one's own before others', and two windows never lose each other's work."""

import pytest

from fund.core import clock
from fund.core.problems import Forbidden, Problem, Stale, WrongMoment
from scoring import criteria, scores
from scoring.tables import Seal
from scoring.visibility import may_see_others
from tests.factories import scoring as make
from tests.kept import kept


@pytest.fixture
@kept
def round(database):
    return make.round()


@pytest.fixture
@kept
def row(round):
    bid = make.bid(round)
    rows = [make.reading(bid, make.seat(round)) for _ in range(3)]
    make.start(bid)
    return rows[0]


def save(row, criterion, mark, reason="Because.", **facts):
    return scores.save_score(row, criterion, mark=mark, reason=reason, by=row.seat.person, now=clock.now(), **facts)


def test_half_a_score_is_kept_and_the_seal_says_what_is_missing(row):
    first, *others = criteria.criteria_of(row.application.round)
    save(row, first, 4, "")
    with pytest.raises(scores.NotFinished) as refused:
        scores.seal(row, by=row.seat.person, now=clock.now())
    assert refused.value.missing[0] == (f"reason-{first.id}", "Give your reason for “Local need, evidenced”")
    assert len(refused.value.missing) == 1 + 2 * len(others)


def test_a_sealed_bid_is_closed_to_its_assessor_until_the_chair_opens_it(row, round):
    make.give(row, make.MARKS_OF_62)
    first = criteria.criteria_of(round)[0]
    with pytest.raises(WrongMoment, match="The chair can open"):
        save(row, first, 0)
    with pytest.raises(Forbidden):
        scores.unseal(row, "I want to", by=row.seat.person, now=clock.now())
    chair = make.seat(round, "chair").person
    scores.unseal(row, "A slip on need", by=chair, now=clock.now())
    save(row, first, 5, "Read again.")
    scores.seal(row, by=row.seat.person, now=clock.now())
    seals = make.db.session.query(Seal).order_by(Seal.number).all()
    assert [each.total for each in seals] == ["62.0", "70.0"]
    assert seals[0].marks["C1"]["mark"] == 3


def test_two_windows_on_different_criteria_both_keep_theirs(row):
    first, second, *_ = criteria.criteria_of(row.application.round)
    save(row, first, 4, "From one window.", seen_version=0)
    save(row, second, 2, "From the other.", seen_version=0)
    assert scores.marks_of(row) == {"C1": 4, "C2": 2}


def test_two_windows_on_one_criterion_show_both_texts(row):
    first = criteria.criteria_of(row.application.round)[0]
    save(row, first, 4, "From one window.", seen_version=0)
    with pytest.raises(Stale) as refused:
        save(row, first, 2, "From the other.", seen_version=0)
    assert refused.value.theirs.reason == "From one window."
    assert refused.value.yours == (2, False, "From the other.")
    save(row, first, 4, "From one window.", seen_version=0)  # the same text again is no conflict


def test_does_not_apply_is_for_the_criterion_and_priority_that_allow_it(row, database):
    found = {each.code: each for each in criteria.criteria_of(row.application.round)}
    with pytest.raises(Problem, match="applies to every bid"):
        save(row, found["C4"], None, not_applicable=True)
    row.application.priority.code = "4"
    assert save(row, found["C4"], None, "All at home.", not_applicable=True).not_applicable
    with pytest.raises(Problem, match="applies to every bid"):
        save(row, found["C1"], None, not_applicable=True)


@pytest.mark.parametrize("mark", [-1, 6])
def test_a_mark_outside_the_scale_is_refused(row, mark):
    with pytest.raises(Problem, match="from 0 to 5"):
        save(row, criteria.criteria_of(row.application.round)[0], mark)


@pytest.mark.parametrize(
    ("setting", "before", "after_own", "after_panel"),
    [
        ("never", False, False, False),
        ("after_own", False, True, True),
        ("after_all_own", False, True, True),
        ("after_panel", False, False, True),
        ("always", True, True, True),
    ],
)
def test_the_rounds_five_steps_of_seeing_others_scores(row, round, setting, before, after_own, after_panel):
    round.visibility = setting
    assert may_see_others(row) is before
    make.give(row, make.MARKS_OF_62)
    assert may_see_others(row) is after_own
    make.make.put(row.application, "moderated", None)
    assert may_see_others(row) is after_panel


def test_abstaining_opens_nothing_even_where_all_scores_are_always_open(row, round):
    round.visibility = "always"
    make.assignments.excuse(row, "Ill", by=make.seat(round, "chair").person, now=clock.now())
    assert may_see_others(row) is False
