"""Minimal Financial Assistance: £315,000.00 over this financial year and the two before, in writing on both sides."""

from datetime import date

import pytest

from awards import payments, subsidies
from awards.tables import Tranche
from fund.core import clock
from fund.core.outbox import OutboxMessage
from fund.core.problems import Problem, WrongMoment
from tests.factories import awards as given
from tests.factories import fund as make

pytestmark = pytest.mark.usefixtures("letters_undrawn")


def notice(award):
    return subsidies.give_notice(award, by=make.staff("grant_manager", award.round), now=clock.now())


def test_the_last_penny_of_315000_is_allowed_and_one_more_is_not(round):
    award = given.accepted(round, 1_000_000)
    row, lead = notice(award), given.lead(award.application)
    with pytest.raises(Problem, match=r"room for £305,000.00 from others"):
        subsidies.declare(row, award, 30_500_001, by=lead, now=clock.now())
    subsidies.declare(row, award, 30_500_000, by=lead, now=clock.now())
    assert subsidies.total(row) == subsidies.LIMIT_PENCE
    with pytest.raises(WrongMoment):
        subsidies.declare(row, award, 0, by=lead, now=clock.now())
    assert {each.template for each in OutboxMessage.query} >= {"subsidy_notice", "subsidy_confirmed"}


def test_our_own_awards_count_for_this_year_and_the_two_before(round, time):
    first = given.accepted(round, 1_000_000)
    subsidies.declare(notice(first), first, 0, by=given.lead(first.application), now=clock.now())
    second = given.accepted(round, 500_000)
    second.organisation_id = first.organisation_id
    assert subsidies.given_by_us(second, clock.now()) == 1_000_000
    time.move(days=(date(2028, 3, 31) - clock.today(clock.now())).days)
    assert subsidies.given_by_us(second, clock.now()) == 1_000_000
    time.move(days=1)
    assert subsidies.given_by_us(second, clock.now()) == 0


def test_payments_wait_for_the_confirmation_and_the_pages_say_so(round, time, as_):
    award = given.in_delivery(round, 1_000_000)
    manager, lead = make.staff("grant_manager", round), given.lead(award.application)
    assert as_(lead).get(f"/grants/{award.id}/subsidy").status_code == 409
    page = f"/office/awards/{award.id}/subsidy"
    assert "Give the notice" in as_(manager).get(page).text
    assert as_(make.staff("auditor", round)).post(page).status_code in (403, 404)
    assert as_(manager).post(page).status_code == 302
    time.move(days=130)
    tranche = Tranche.query.filter_by(award_id=award.id, number=1).one()
    finance = make.staff("finance_officer", round)
    with pytest.raises(Problem, match="not confirmed the subsidy notice"):
        payments.prepare_payment(tranche, by=finance, now=clock.now())
    assert "Subsidy notice not confirmed" in as_(finance).get("/office/payments").text
    mine = f"/grants/{award.id}/subsidy"
    assert as_(make.person()).get(mine).status_code in (403, 404)
    assert "room for" in as_(lead).post(mine, data={"others": "400,000"}).text
    assert as_(lead).post(mine, data={"others": "0"}).status_code == 302
    assert "£10,000.00" in as_(lead).get(mine).text
    assert "Running total" in as_(manager).get(page).text
    payments.prepare_payment(tranche, by=finance, now=clock.now())
