"""When an offer is accepted its bid becomes promises, periods and a profile that adds up to the penny."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from applications.workflow import APPLICATION
from evaluation.periods import people_shared, periods_of, spend_profile
from evaluation.promises import correct_target, load_promise, prepare_delivery, promises_of, read_baseline, set_baseline
from evaluation.tables import BudgetHeading
from fund.core import clock
from fund.core.problems import Problem, WrongMoment
from tests.factories import evaluation as make
from tests.factories import fund as people

pytestmark = pytest.mark.usefixtures("letters_undrawn")


def test_acceptance_makes_periods_with_a_profile_that_adds_up(database):
    award = make.award(amount_pence=1_825_000)
    periods = periods_of(award)
    assert [(each.starts_on, each.ends_on, each.due_on) for each in periods] == [
        (date(2025, 1, 1), date(2025, 3, 31), date(2025, 4, 14)),
        (date(2025, 4, 1), date(2025, 6, 30), date(2025, 7, 14)),
        (date(2025, 7, 1), date(2025, 9, 30), date(2025, 10, 14)),
    ]
    assert [each.profile_pence for each in periods] == [601_648, 608_333, 615_019]
    assert sum(each.profile_pence for each in periods) == 1_825_000
    assert [each.people_expected for each in periods] == [14, 14, 14]


@given(some.integers(1, 4_000_000), some.lists(some.integers(1, 400), min_size=1, max_size=9))
def test_a_profile_is_exact_whatever_the_amount_and_the_days(pence, lengths):
    spans = [(date(2025, 1, 1), date.fromordinal(date(2025, 1, 1).toordinal() + days - 1)) for days in lengths]
    profile = spend_profile(pence, spans)
    assert sum(profile) == pence
    assert min(profile) >= 0


def test_people_are_shared_whole():
    assert people_shared(42, 5) == [9, 9, 8, 8, 8]
    assert people_shared(None, 2) == [None, None]


def test_promises_come_from_the_bids_outcomes(database):
    award = make.award()
    completing, wellbeing = promises_of(award)
    assert (completing.indicator.code, completing.target, completing.baseline) == ("OUT-COMP", 30, 0)
    assert (wellbeing.indicator.code, wellbeing.target, wellbeing.baseline, wellbeing.unit) == ("SWEMWBS", 60, 40, "%")
    headings = database.session.query(BudgetHeading).filter_by(award_id=award.id).order_by(BudgetHeading.position)
    assert [(row.heading, row.amount_pence) for row in headings] == [("Salaries", 1_200_000), ("Travel", 600_000)]


def test_preparing_twice_changes_nothing(database):
    award = make.award()
    prepare_delivery(award, by=None, now=clock.now())
    assert len(periods_of(award)) == 3
    assert len(promises_of(award)) == 2


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("45%", "%", (45.0, "45%")),
        ("45 per cent", "%", (45.0, "45 per cent")),
        ("to be set in first month", "%", (None, "to be set in first month")),
        ("12 months of records", "%", (None, "12 months of records")),
        ("12 of last year's group", "people", (12.0, "12 of last year's group")),
        ("", "people", (0.0, "Counted from the first day of the award")),
        (None, "%", (None, None)),
    ],
)
def test_a_baseline_is_read_as_far_as_it_is_a_number(text, unit, expected):
    assert read_baseline(text, unit) == expected


def test_delivery_cannot_start_while_a_baseline_is_neither_known_nor_explained(database):
    outcomes = [{"indicator": "SWEMWBS", "measure": "better wellbeing", "baseline": "", "target": 60, "unit": "%"}]
    award = make.award(outcomes=outcomes, status="accepted")
    need, manager = APPLICATION.needs["baselines_set"], people.staff("grant_manager", award.round)
    with pytest.raises(Problem, match="Set the baseline first for: better wellbeing"):
        need(award.application, by=manager, now=clock.now())
    promise = load_promise(promises_of(award)[0].id)
    with pytest.raises(Problem, match="Enter the baseline, or say when it will be known"):
        set_baseline(promise, None, "", by=manager, now=clock.now())
    set_baseline(promise, None, "Asked of everybody in the first month", by=manager, now=clock.now())
    need(award.application, by=manager, now=clock.now())


def test_targets_are_corrected_before_delivery_and_never_after(database):
    award = make.award(status="accepted")
    manager, promise = people.staff("grant_manager", award.round), promises_of(award)[0]
    correct_target(promise, 32, by=manager, now=clock.now())
    assert promise.target == 32
    people.put(award.application, "in_delivery", APPLICATION)
    with pytest.raises(WrongMoment, match="changes only by changing the award"):
        correct_target(promise, 20, by=manager, now=clock.now())
    with pytest.raises(WrongMoment, match="can no longer be changed"):
        set_baseline(promise, 5, None, by=manager, now=clock.now())


def test_a_grant_manager_corrects_a_promise_on_its_page_and_a_stranger_finds_nothing(as_, database):
    award = make.award(status="accepted")
    promise = promises_of(award)[1]
    client = as_(people.staff("grant_manager", award.round))
    page = client.get(f"/office/awards/{award.id}/promises").text
    assert "With improved wellbeing at exit" in page
    assert "registration" in page.lower(), "the licence caveat of the questionnaire is shown"
    wrong = client.post(f"/office/promises/{promise.id}", data={"baseline": "many", "target": "65"})
    assert "Enter a number, like 42 or 61.5" in wrong.text
    assert 'value="many"' in wrong.text
    client.post(
        f"/office/promises/{promise.id}", data={"baseline": "38.5", "target": "65", "baseline_note": "First month"}
    )
    database.session.refresh(promise)
    assert (promise.baseline, promise.target) == (38.5, 65)
    for stranger in (people.person(), people.staff("grant_manager", people.round()), make.lead(award)):
        assert as_(stranger).post(f"/office/promises/{promise.id}", data={"target": "1"}).status_code == 404
