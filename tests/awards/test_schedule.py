"""Periods cover the award without gap; instalments add up to the penny."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awards.schedule import end_of_day, last_day, return_periods, tranches_for
from awards.tranches import tranches_of
from tests.factories import awards as given_awards
from tests.factories import fund as make
from tests.factories.fund import moment

pytestmark = pytest.mark.usefixtures("letters_undrawn")


def test_the_five_quarters_of_the_durham_fund():
    periods = return_periods(date(2024, 1, 1), date(2025, 3, 31), 3)
    assert [(first, last) for _, first, last, _ in periods][1] == (date(2024, 4, 1), date(2024, 6, 30))
    assert len(periods) == 5
    assert periods[1][3] == date(2024, 7, 14)
    assert periods[-1][2] == date(2025, 3, 31)


def test_18250_over_four_periods_is_four_times_456250():
    periods = return_periods(date(2026, 6, 1), date(2027, 5, 31), 3)
    rows = tranches_for(1_825_000, True, periods)
    assert [row[2] for row in rows] == [456_250] * 4
    assert [row[3] for row in rows] == ["agreement", "return-1", "return-2", "return-3"]


@pytest.mark.parametrize(
    ("pence", "registered", "count"), [(500_000, True, 1), (500_001, True, 4), (500_001, False, 1)]
)
def test_small_awards_and_groups_are_paid_at_once(pence, registered, count):
    assert len(tranches_for(pence, registered, return_periods(date(2026, 6, 1), date(2027, 5, 31), 3))) == count


def test_in_arrears_each_part_waits_for_its_own_return_and_ten_percent_for_the_last():
    periods = return_periods(date(2026, 6, 1), date(2027, 5, 31), 3)
    rows = tranches_for(1_825_000, True, periods, pay_when="arrears", retention_percent=10)
    assert [row[2] for row in rows] == [410_625] * 4 + [182_500]
    assert [row[3] for row in rows] == ["return-1", "return-2", "return-3", "return-4", "return-4"]
    assert [row[1] for row in rows][-2:] == [date(2027, 6, 14)] * 2
    advance = tranches_for(1_825_001, True, periods, retention_percent=10)
    assert (advance[0][3], advance[-1][2:]) == ("agreement", (182_500, "return-4"))
    assert sum(row[2] for row in advance) == 1_825_001
    assert len(tranches_for(500_000, True, periods, pay_when="arrears", retention_percent=10)) == 1


def test_an_offer_of_a_round_that_pays_in_arrears_and_keeps_some_back(database):
    award = given_awards.offered(make.round(pay_when="arrears", retention_percent=10), 900_000)
    rows = [(row.waits_for, row.amount_pence) for row in tranches_of(award)]
    assert rows == [("return-1", 270_000), ("return-2", 270_000), ("return-3", 270_000), ("return-3", 90_000)]


@given(
    st.dates(date(2024, 1, 1), date(2030, 1, 1)),
    st.integers(0, 900),
    st.sampled_from([1, 3, 6, 12]),
    st.integers(1, 4_000_000),
)
def test_no_day_is_left_out_and_no_penny(first, days, every, pence):
    last = date.fromordinal(first.toordinal() + days)
    periods = return_periods(first, last, every)
    covered = [day for _, begins, ends, _ in periods for day in range(begins.toordinal(), ends.toordinal() + 1)]
    assert covered == list(range(first.toordinal(), last.toordinal() + 1))
    assert sum(row[2] for row in tranches_for(pence, True, periods)) == pence


def test_an_offer_ends_with_its_last_day_in_london_also_when_the_clocks_change():
    end = end_of_day(moment(2026, 3, 2, 12), 28)
    assert end == moment(2026, 3, 30, 23)
    assert last_day(end) == date(2026, 3, 30)
