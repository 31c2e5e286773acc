"""Nothing is paid to an account that stands under two names before a person has said why, also when it was confirmed first (rule 3)."""

import pytest

from applications.signals import answering
from awards import bank, payment_list, payments
from awards.shared_accounts import shared_account
from awards.tables import Tranche
from fund.core import clock
from fund.core.outbox import OutboxMessage
from fund.core.problems import Problem
from tests.factories import awards as given
from tests.factories import fund as make
from tests.kept import kept

pytestmark = pytest.mark.usefixtures("letters_undrawn")

SAYS = "Another organisation gave the same account. Somebody must answer the signal first."
WHY = "The parish holds the account for both; letter seen."


@pytest.fixture
@kept
def round(database):
    return make.round(pot_pence=10_000_000, delivery_start_on=clock.date(2026, 1, 1))


def running(round):
    return given.in_delivery(round, 400_000, starts_on=clock.date(2026, 1, 1), ends_on=clock.date(2026, 12, 31))


@pytest.fixture
@kept
def paid(round):
    """A grant under way whose account is confirmed and whose first instalment can be paid."""
    return running(round)


def enter(award, like):
    """The account of `like`, given for `award`."""
    number = bank.open_detail(bank.current_detail(like))
    return bank.enter_detail(award, by=given.lead(award.application), now=clock.now(), **number)


def first_of(award) -> Tranche:
    return Tranche.query.filter_by(award_id=award.id, number=1).one()


def answer(award, word: str, why: str = WHY):
    shown = next(each for each in answering.signals_of(award.application) if each.signal.kind == "bank")
    return answering.answer_signal(shown, word, why, by=make.staff("fund_officer", award.round), now=clock.now())


def prepare(award):
    return payments.prepare_payment(first_of(award), by=make.staff("finance_officer", award.round), now=clock.now())


def release(payment):
    return payments.release_payments([payment], by=make.staff("head_of_fund", payment.award.round), now=clock.now())


def test_a_confirmed_account_that_a_second_group_gives_is_not_paid_before_an_answer(round, paid):
    assert payments.holds(first_of(paid), clock.now()) == []
    second = given.accepted(round)
    enter(second, paid)
    assert payments.holds(first_of(paid), clock.now()) == [SAYS]
    with pytest.raises(Problem, match="must answer the signal first"):
        prepare(paid)
    given_answer = answer(paid, "held", "The clerk does not ring back.")
    with pytest.raises(Problem, match=f"{given_answer.answered_by.name} held it"):
        prepare(paid)
    answer(second, "fine")
    assert payments.holds(first_of(paid), clock.now()) == []
    assert release(prepare(paid)).id


def test_a_payment_that_was_prepared_before_is_not_released(round, paid):
    payment = prepare(paid)
    enter(given.accepted(round), paid)
    with pytest.raises(Problem, match="must answer the signal first"):
        release(payment)
    answer(paid, "fine")
    assert release(payment).id


def test_one_answer_counts_for_every_award_of_both_and_a_third_name_asks_again(round, paid):
    second = given.accepted(round)
    enter(second, paid)
    answer(paid, "fine")
    enter(second, paid)
    assert shared_account(paid).is_fine
    enter(given.accepted(round), paid)
    assert payments.holds(first_of(paid), clock.now()) == [SAYS]


def test_an_award_whose_group_has_sent_a_later_bid_is_held_all_the_same(round, paid):
    """The signal then stands on the later bid; the money is that of the award."""
    later = given.bid(round, status="submitted")
    later.organisation_id = paid.organisation_id
    later.submitted_at = clock.now()
    second = given.accepted(round)
    enter(second, paid)
    (shown,) = answering.signals_of(second.application)
    assert paid.application not in [side for side, _lines in shown.sides()]
    assert payments.holds(first_of(paid), clock.now()) == [SAYS]
    answer(second, "fine")
    assert payments.holds(first_of(paid), clock.now()) == []


def test_who_gave_the_account_before_and_has_another_now_still_counts(round, paid):
    second = given.accepted(round)
    enter(second, paid)
    bank.enter_detail(paid, account_name="New", sort_code="20-45-67", account_number="11112222", by=given.lead(paid.application), now=clock.now())  # fmt: skip
    assert shared_account(paid) is None
    assert shared_account(second).holds == SAYS


def test_another_partnership_and_the_same_group_are_no_second_name(round, paid):
    enter(given.accepted(make.round()), paid)
    again = given.accepted(round)
    again.organisation_id = paid.organisation_id
    enter(again, paid)
    assert shared_account(paid) is None


def test_finance_and_the_commissioners_officers_are_told_once_and_their_first_page_says_so(round, paid, as_):
    people = {role: make.staff(role, round) for role in ("finance_officer", "fund_officer", "head_of_fund")}
    stranger = make.staff("finance_officer", make.round())
    second = given.accepted(round)
    enter(second, paid)
    mails = OutboxMessage.query.filter_by(template="account_shared").all()
    told = {each.recipient for each in mails}
    assert {each.email for each in people.values()} <= told
    assert stranger.email not in told
    assert given.lead(second.application).email not in told
    assert len(mails) == len(told)
    assert all(paid.organisation.name not in each.subject + each.body for each in mails)
    words = f"The account of {paid.reference} was given by another organisation too"
    for person in people.values():
        assert words in as_(person).get("/office").text
    assert words not in as_(stranger).get("/office").text
    answer(paid, "fine")
    assert words not in as_(people["finance_officer"]).get("/office").text


def test_the_pages_say_plainly_what_waits_and_lead_to_the_answer(round, paid, as_):
    payment = prepare(paid)
    ready = running(round)
    second = given.accepted(round)
    enter(second, paid)
    enter(given.accepted(round), ready)
    rows = {row.award_id: row for row in payment_list.rows_of([round.id], clock.now()) if row.number == 1}
    assert (rows[paid.id].stage, rows[paid.id].held) == ("prepared", SAYS)
    assert (rows[ready.id].stage, rows[ready.id].held) == ("held", SAYS)
    finance, officer = as_(make.staff("head_of_fund", round)), as_(make.staff("fund_officer", round))
    assert SAYS in finance.get("/office/payments").text
    text = finance.get("/office/payments/release").text
    assert f"<strong>Held.</strong> {SAYS}" in text
    assert f'value="{payment.id}" aria-describedby="payment-{payment.id}-hint" disabled' in text
    text = officer.get(f"/office/awards/{paid.id}").text
    assert "Answer the signal about the account" in text
    text = finance.get(f"/office/awards/{paid.id}").text
    assert (
        f"Another organisation gave the same account ({second.reference}). No payment is prepared or released" in text
    )
    answer(paid, "fine")
    assert "It was looked at and is not a problem." in finance.get(f"/office/awards/{paid.id}").text
    assert "Held.</strong>" not in finance.get("/office/payments/release").text


def test_a_run_whose_account_came_up_afterwards_says_so(round, paid, as_):
    run = release(prepare(paid))
    client = as_(make.staff("head_of_fund", round))
    assert "came up under another name" not in client.get(f"/office/payments/runs/{run.id}").text
    enter(given.accepted(round), paid)
    assert "came up under another name" in client.get(f"/office/payments/runs/{run.id}").text


def test_the_grantees_hear_nothing_of_it(round, paid, as_):
    second = given.accepted(round)
    enter(second, paid)
    for mine, other in ((paid, second), (second, paid)):
        client = as_(given.lead(mine.application))
        for page in (f"/grants/{mine.id}", f"/grants/{mine.id}/bank"):
            text = client.get(page).text
            for word in (other.reference, "Another organisation", "signal", "account_shared"):
                assert word not in text, (page, word)
