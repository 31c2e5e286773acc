"""What will be left unspent: spent so far and the rest of the plan, against the award."""

import pytest

from evaluation.forecast import forecast_of
from tests.factories import evaluation as make
from tests.factories import fund as people

pytestmark = pytest.mark.usefixtures("letters_undrawn")


def test_before_the_first_return_nothing_is_forecast_to_be_left(database):
    (row,) = forecast_of(make.award().round)
    assert (row.amount_pence, row.spent_pence, row.planned_pence, row.underspend_pence) == (1_800_000, 0, 1_800_000, 0)


def test_what_was_not_spent_so_far_is_forecast_to_be_left(database):
    award = make.award()
    make.accepted(make.period(award, 1), spent_pence=560_000)
    make.sent(make.period(award, 2), spent_pence=620_000)
    make.draft(make.period(award, 3), spent_pence=1)
    (row,) = forecast_of(award.round)
    assert row.spent_pence == 1_180_000
    assert row.planned_pence == make.period(award, 3).profile_pence
    assert row.underspend_pence == 1_800_000 - 1_180_000 - row.planned_pence == 13_406
    assert (row.reported_count, row.periods_count) == (2, 3)


def test_a_version_sent_back_counts_as_planned(database):
    award = make.award()
    make.sent_back(make.period(award, 1), spent_pence=600_000)
    (row,) = forecast_of(award.round)
    assert (row.spent_pence, row.underspend_pence) == (0, 0)


def test_the_page_is_for_staff_and_can_be_taken_away(as_, database, statements):
    award = make.award()
    client, address = as_(people.staff("finance_officer", award.round)), f"/office/rounds/{award.round_id}/forecast"
    page = client.get(address).text
    assert "How this is worked out" in page
    assert "£18,000.00" in page
    assert client.get(f"{address}?format=csv&sort=group").text.splitlines()[1].startswith(award.reference)
    for stranger in (
        people.person(),
        people.staff("grant_manager", people.round()),
        people.staff("evaluator", award.round),
    ):
        assert as_(stranger).get(address).status_code == 404


def test_what_was_spent_beyond_an_award_is_no_negative_sum_and_hides_nothing_that_is_left(as_, database):
    left = make.award()
    planned = make.period(left, 1).profile_pence
    make.accepted(make.period(left, 1), spent_pence=planned - 10_000)
    over = make.award(left.round)
    make.accepted(make.period(over, 1), spent_pence=planned + 3_752)
    page = as_(people.staff("finance_officer", left.round)).get(f"/office/rounds/{left.round_id}/forecast").text
    assert '<dd class="fund-figures__value">£100.00</dd>' in page
    assert "£37.52 over" in page
    assert "and £37.52 spent beyond awards" in page
    assert "-£" not in page
