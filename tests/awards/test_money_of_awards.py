"""What was promised comes free at once, what was paid is asked back, and the sums always add up (rules 10 and 13)."""

import pytest

from applications import submission
from awards import decisions, delivery, jobs, money, offers, payments
from awards.tables import Tranche
from fund import ledger
from fund.core import clock
from fund.core.problems import Problem
from tests.factories import awards as given
from tests.factories import fund as make
from tests.kept import kept

pytestmark = pytest.mark.usefixtures("letters_undrawn")


def withdraw(award, why="We lost our venue"):
    submission.withdraw(award.application, why, by=given.lead(award.application), now=clock.now())


def pay(award, number):
    tranche = Tranche.query.filter_by(award_id=award.id, number=number).one()
    clear = f"return-{number - 1}" if number > 1 else "agreement"
    payments.clear_gate(award, clear, by=None, now=clock.now())
    payment = payments.prepare_payment(tranche, by=make.staff("finance_officer", award.round), now=clock.now())
    payments.release_payments([payment], by=make.staff("head_of_fund", award.round), now=clock.now())
    return payment


@pytest.fixture
@kept
def full_round(database):
    """A pot of exactly £18,250.00."""
    return make.round(pot_pence=1_825_000)


def test_a_withdrawn_18250_leaves_room_for_18000_and_not_for_22000(full_round):
    award = given.accepted(full_round, 1_825_000)
    larger, smaller = (given.bid(full_round, asked_pence=pence, status="reserved") for pence in (2_200_000, 1_800_000))
    withdraw(award)
    assert ledger.fresh_pot(full_round).room_pence == 1_825_000
    too_much = given.proposed(larger)
    with pytest.raises(ledger.NoRoom, match=r"room left £18,250.00"):
        decisions.approve_decision(too_much, by=make.staff("decision_maker", full_round), now=clock.now())
    given.decided(smaller)
    assert smaller.status == "offered"
    assert ledger.fresh_pot(full_round).room_pence == 25_000
    assert money.recoveries_of(award) == []


def test_a_withdrawal_after_456250_was_paid_frees_1368750_and_asks_456250_back(full_round, time):
    award = given.in_delivery(full_round, 1_825_000, ends_on=clock.date(2027, 5, 31))
    time.move(days=130)
    pay(award, 1)
    assert award.paid_pence == 456_250
    withdraw(award)
    assert ledger.fresh_pot(full_round).room_pence == 1_368_750
    (recovery,) = money.recoveries_of(award)
    assert (recovery.amount_pence, recovery.received_at) == (456_250, None)
    assert {row.status for row in Tranche.query.filter_by(award_id=award.id)} == {"paid", "cancelled"}


def test_money_that_came_back_is_room_again_and_another_person_notes_it(full_round, time):
    award = given.in_delivery(full_round, 1_825_000, ends_on=clock.date(2027, 5, 31))
    time.move(days=130)
    pay(award, 1)
    withdraw(award)
    (recovery,) = money.recoveries_of(award)
    with pytest.raises(Problem, match="Another person"):
        money.receive_back(recovery, by=given.lead(award.application), now=clock.now())
    money.receive_back(recovery, by=make.staff("finance_officer", full_round), now=clock.now())
    assert ledger.fresh_pot(full_round).room_pence == 1_825_000
    with pytest.raises(Problem, match="noted already"):
        money.receive_back(recovery, by=make.staff("finance_officer", full_round), now=clock.now())


def test_a_declined_offer_is_free_at_once(round):
    award = given.offered(round, 1_825_000)
    offers.decline_offer(award, "We found other money", by=given.lead(award.application), now=clock.now())
    assert ledger.fresh_pot(round).room_pence == 70_000_000
    assert award.application.status == "declined"


def test_an_offer_lapses_at_midnight_after_its_last_day_and_not_before(round, time):
    award = given.offered(round)
    assert jobs.lapse_offers(clock.now()) is None
    time.move(seconds=(award.accept_by - clock.now()).total_seconds() - 1)
    assert jobs.lapse_offers(clock.now()) is None
    time.move(seconds=1)
    assert jobs.lapse_offers(clock.now()) == "1 lapsed"
    assert award.application.status == "lapsed"
    assert ledger.fresh_pot(round).room_pence == 70_000_000


def test_an_award_ended_early_frees_the_rest_and_asks_back_what_is_decided(round, time):
    award = given.in_delivery(round, 1_825_000, ends_on=clock.date(2027, 5, 31))
    time.move(days=130)
    pay(award, 1)
    head = make.staff("head_of_fund", round)
    with pytest.raises(Problem, match=r"up to £4,562.50"):
        delivery.end_early(award, "Not delivered", 456_251, by=head, now=clock.now())
    delivery.end_early(award, "Not delivered", 200_000, by=head, now=clock.now())
    assert award.committed_pence == 0
    assert [each.amount_pence for each in money.recoveries_of(award)] == [200_000]


def test_an_award_cannot_give_back_more_than_it_has_even_when_the_round_could(round):
    small, large = given.offered(round, 100_000), given.offered(round, 900_000)
    with pytest.raises(Problem, match="more than this award still has"):
        money.post(small, "lapse", 100_001, by=None, now=clock.now(), once="odd")
    assert large.offered_pence == 900_000
