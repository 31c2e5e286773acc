"""What a round keeps back until the last return stays kept back when an award changes, and all parts add up to the penny."""

from datetime import date, timedelta

import pytest

from awards import letters, offers, payments, variations
from awards.tranches import tranches_of
from fund.core import clock
from tests.factories import awards as given
from tests.factories import fund as make
from tests.kept import kept

WHY = "The venue costs more than planned."


@pytest.fixture
@kept
def quarters(database):
    """£18,250.00 in three parts of £5,475.00 and £1,825.00 kept back, in advance."""
    return given.in_delivery(make.round(pot_pence=70_000_000, retention_percent=10), 1_825_000)


def change(award, pence, **facts):
    row = variations.propose_variation(award, pence, offers.terms_of(award).purpose, WHY, by=make.staff("grant_manager", award.round), now=clock.now(), **facts)  # fmt: skip
    return variations.approve_variation(row, by=make.staff("head_of_fund", award.round), now=clock.now())


def parts(award):
    return [(row.amount_pence, row.waits_for) for row in tranches_of(award) if row.status != "cancelled"]


def pay(award, count):
    rows = [row for row in tranches_of(award) if row.status == "planned"][:count]
    for row in rows:
        row.cleared_at, row.due_on = clock.now(), clock.today(clock.now())
        payment = payments.prepare_payment(row, by=make.staff("finance_officer", award.round), now=clock.now())
        payments.release_payments([payment], by=make.staff("head_of_fund", award.round), now=clock.now())


def test_an_offer_marks_what_it_keeps_back(quarters):
    assert parts(quarters) == [(547_500, "agreement"), (547_500, "return-1"), (547_500, "return-2"), (182_500, "return-3")]  # fmt: skip
    assert [row.is_retention for row in tranches_of(quarters)] == [False, False, False, True]


def test_a_larger_award_keeps_ten_percent_of_the_new_amount(quarters):
    letter = change(quarters, 2_000_001)
    assert parts(quarters) == [(600_001, "agreement"), (600_000, "return-1"), (600_000, "return-2"), (200_000, "return-3")]  # fmt: skip
    assert sum(row[2] for row in letter.facts["tranches"]) == 2_000_001
    assert letter.facts["tranches"][-1][2:] == [200_000, "return-3"]


def test_after_a_payment_the_rest_is_shared_and_ten_percent_of_the_whole_stays_kept(quarters):
    pay(quarters, 1)
    change(quarters, 1_500_000)
    assert parts(quarters) == [(547_500, "agreement"), (401_250, "return-1"), (401_250, "return-2"), (150_000, "return-3")]  # fmt: skip


def test_when_less_is_left_than_would_be_kept_all_of_it_waits_for_the_last_return(quarters):
    pay(quarters, 3)
    change(quarters, 1_700_000)
    assert parts(quarters)[-1] == (57_500, "return-3")
    assert sum(pence for pence, _gate in parts(quarters)) == 1_700_000


def test_money_that_comes_after_the_parts_are_paid_is_paid_now_and_before_what_is_kept(quarters):
    pay(quarters, 3)
    change(quarters, 2_825_000)
    rows = [row for row in tranches_of(quarters) if row.status == "planned"]
    assert [(row.amount_pence, row.waits_for, row.is_retention) for row in rows] == [(900_000, "agreement", False), (282_500, "return-3", True)]  # fmt: skip
    assert rows[0].due_on <= clock.today(clock.now()) + timedelta(days=1)
    assert sum(pence for pence, _gate in parts(quarters)) == 2_825_000


def test_what_is_kept_comes_back_when_an_award_that_was_cut_to_what_is_paid_grows_again(quarters):
    pay(quarters, 1)
    change(quarters, 547_500)
    assert parts(quarters) == [(547_500, "agreement")]
    change(quarters, 1_000_000)
    assert parts(quarters)[1:] == [(352_500, "agreement"), (100_000, "return-3")]


def test_a_later_last_day_moves_what_is_kept_to_the_new_last_return(quarters):
    letter = change(quarters, 1_825_000, ends_on=date(2027, 5, 31))
    kept = tranches_of(quarters)[-1]
    assert (kept.is_retention, kept.amount_pence, kept.waits_for, kept.due_on) == (True, 182_500, "return-4", date(2027, 6, 14))  # fmt: skip
    assert letters.draw_again(letter) == letter.pdf


def test_in_arrears_too(database):
    award = given.accepted(make.round(pot_pence=70_000_000, retention_percent=10, pay_when="arrears"), 900_000)
    change(award, 600_000)
    assert parts(award) == [(180_000, "return-1"), (180_000, "return-2"), (180_000, "return-3"), (60_000, "return-3")]


def test_a_single_payment_stays_single(database):
    award = given.accepted(make.round(pot_pence=70_000_000, retention_percent=10), 500_000)
    change(award, 450_001)
    assert parts(award) == [(450_001, "agreement")]


def test_a_round_that_keeps_nothing_back_shares_all(round):
    award = given.accepted(round, 900_000)
    change(award, 1_000_000)
    assert [pence for pence, _gate in parts(award)] == [333_334, 333_333, 333_333]
