"""Money by financial year: 1 April to 31 March, what is lost on the last day, and what slipped over it."""

from datetime import date

import pytest

from awards import money, payments, years
from awards.tables import Tranche
from fund.core import clock
from fund.core.problems import Problem
from fund.core.years import first_day, last_day, year_of, year_words
from tests.factories import awards as given
from tests.factories import fund as make
from tests.kept import kept

pytestmark = pytest.mark.usefixtures("letters_undrawn")


def year(round, number):
    return next(row for row in years.years_of(round, clock.today(clock.now())) if row.year == number)


def test_31_march_and_1_april_are_in_different_years():
    assert (year_of(date(2026, 3, 31)), year_of(date(2026, 4, 1))) == (2025, 2026)
    assert (first_day(2025), last_day(2025)) == (date(2025, 4, 1), date(2026, 3, 31))
    assert year_words(2025) == "2025 to 2026"


@pytest.fixture
@kept
def delivering(round):
    """£18,250.00 in four: 1 June, 1 September, 1 December 2026 and 1 March 2027; delivery ends in May 2027."""
    return given.in_delivery(round, 1_825_000, ends_on=date(2027, 5, 31))


def pay_first(award, time):
    time.move(days=130)
    tranche = Tranche.query.filter_by(award_id=award.id, number=1).one()
    payment = payments.prepare_payment(tranche, by=make.staff("finance_officer", award.round), now=clock.now())
    payments.release_payments([payment], by=make.staff("head_of_fund", award.round), now=clock.now())


def test_each_year_adds_up_to_what_is_promised(round, delivering, time):
    offered = given.offered(round, 400_000)
    pay_first(delivering, time)
    row = year(round, 2026)
    assert (row.paid, row.planned, row.offered) == (456_250, 1_368_750, 400_000)
    assert sum(each.forecast for each in years.years_of(round, clock.today(clock.now()))) == 2_225_000
    assert offered.offered_pence == 400_000


def test_what_came_back_counts_in_the_year_it_came(round, delivering, time):
    pay_first(delivering, time)
    recovery = money.ask_back(delivering, 56_250, "Not spent", by=None, now=clock.now())
    time.move(days=300)
    money.receive_back(recovery, by=make.person(), now=clock.now())
    assert year(round, 2026).paid == 456_250
    assert year(round, 2027).recovered == 56_250


def test_what_slips_over_31_march_is_warned_about_and_forecast_in_the_new_year(round, delivering, time):
    head = make.staff("head_of_fund", round)
    pay_first(delivering, time)
    years.set_share(round, 2026, 1_825_000, by=head, now=clock.now())
    time.move(days=(date(2027, 3, 31) - clock.today(clock.now())).days)
    day = clock.today(clock.now())
    assert any("£13,687.50 must still be paid before 31 March 2027" in each for each in years.warnings(years.years_of(round, day), day))  # fmt: skip
    time.move(days=1)
    day = clock.today(clock.now())
    rows = years.years_of(round, day)
    assert (rows[-1].year, rows[-1].slipped, rows[-1].planned) == (2027, 1_368_750, 1_368_750)
    said = " ".join(years.warnings(rows, day))
    assert "£13,687.50 was due before 1 April 2027" in said
    assert "£13,687.50 was not used before 31 March 2027" in said


def test_a_year_with_too_little_is_said_and_the_years_never_have_more_than_the_pot(round, delivering):
    head = make.staff("head_of_fund", round)
    years.set_share(round, 2026, 1_824_999, by=head, now=clock.now())
    day = clock.today(clock.now())
    assert years.warnings(years.years_of(round, day), day) == ["2026 to 2027: £0.01 more is paid or planned than the year has."]  # fmt: skip
    with pytest.raises(Problem, match=r"£681,750.01 left"):
        years.set_share(round, 2027, 68_175_002, by=head, now=clock.now())
    years.set_share(round, 2027, 68_175_001, by=head, now=clock.now())
    years.set_share(round, 2026, 1_824_999, by=head, now=clock.now())


def test_the_page_its_csv_and_who_may_set_a_year(round, delivering, as_):
    page = f"/office/rounds/{round.id}/years"
    head, manager = make.staff("head_of_fund", round), make.staff("grant_manager", round)
    assert as_(head).post(page, data={"year": 2026, "amount": "18,249.99"}).status_code == 302
    shown = as_(manager).get(page).text
    for words in ("£18,250.00", "£18,249.99", "£0.01 more", "2026 to 2027"):
        assert words in shown
    assert "18249.99" in as_(manager).get(f"{page}?format=csv").text
    assert as_(manager).post(page, data={"year": 2026, "amount": "1"}).status_code in (403, 404)
    assert "left for this year" in as_(head).post(page, data={"year": 2026, "amount": "900,000"}).text
    for person in (make.person(), given.lead(delivering.application)):
        assert as_(person).get(page).status_code in (403, 404)
