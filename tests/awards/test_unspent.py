"""What was paid and not spent is settled before a grant is closed: it comes back, or a head of fund lets the group keep it."""

import pytest

from applications.workflow import APPLICATION
from awards import delivery, money, payments, unspent
from awards.tranches import tranches_of
from fund import ledger
from fund.core import clock
from fund.core.outbox import OutboxMessage
from fund.core.problems import Forbidden, Problem
from tests.factories import awards as given
from tests.factories import fund as make


@pytest.fixture
def award(round, monkeypatch):
    """£10,000.00, all of it paid, and its last return accepted."""
    row = given.in_delivery(round)
    for each in tranches_of(row):
        each.cleared_at, each.due_on = clock.now(), clock.today(clock.now())
        payment = payments.prepare_payment(each, by=make.staff("finance_officer", round), now=clock.now())
        payments.release_payments([payment], by=make.staff("head_of_fund", round), now=clock.now())
    monkeypatch.setitem(APPLICATION.needs, "final_return_accepted", lambda *_given, **_facts: None)
    return row


@pytest.fixture
def spent(award, monkeypatch):
    """`spent(pence)`: what the accepted returns say."""
    key = award.id

    def say(pence: int | None) -> None:
        monkeypatch.setattr(unspent.spending, "functions", [lambda keys: {} if pence is None else {key: pence}])

    return say


@pytest.fixture
def manager(round):
    return make.staff("grant_manager", round)


@pytest.fixture
def head(round):
    return make.staff("head_of_fund", round)


@pytest.mark.parametrize(
    ("pence", "left"), [(None, 0), (1_000_000, 0), (1_000_001, 0), (999_999, 1), (143_680, 856_320)]
)
def test_unspent_is_what_was_paid_less_what_accepted_returns_say(award, spent, pence, left):
    spent(pence)
    assert unspent.unspent_of(award) == left


def test_an_award_with_a_penny_unspent_is_not_closed_and_the_sentence_says_what_to_do(award, spent, manager):
    spent(999_999)
    with pytest.raises(Problem, match=r"£0\.01 of what was paid was not spent\. Under “Unspent money” ask for it back"):
        delivery.close_award(award, by=manager, now=clock.now())
    spent(1_000_000)
    delivery.close_award(award, by=manager, now=clock.now())
    assert award.application.status == "closed"


def test_it_is_asked_for_comes_back_to_the_pot_and_the_award_is_closed(round, award, spent, manager):
    spent(143_680)
    before = ledger.fresh_pot(round).room_pence
    with pytest.raises(Problem, match=r"up to £8,563\.20"):
        unspent.ask_for_it(award, 856_321, "Not spent.", by=manager, now=clock.now())
    row = unspent.ask_for_it(award, 856_320, "The hall was free.", by=manager, now=clock.now())
    assert unspent.unspent_of(award) == 0
    mail = OutboxMessage.query.filter_by(template="money_back").one()
    assert "Please pay back £8,563.20 by " in mail.body
    assert "The hall was free." in mail.body
    with pytest.raises(Problem, match=r"£8,563\.20 must come back first"):
        delivery.close_award(award, by=manager, now=clock.now())
    with pytest.raises(Problem, match="Another person must note"):
        money.receive_back(row, by=manager, now=clock.now())
    money.receive_back(row, by=make.staff("finance_officer", round), now=clock.now())
    assert ledger.fresh_pot(round).room_pence == before + 856_320
    delivery.close_award(award, by=manager, now=clock.now())
    assert award.application.status == "closed"


def test_half_asked_for_leaves_the_other_half_to_be_settled(award, spent, manager):
    spent(0)
    unspent.ask_for_it(award, 400_000, "Half of it.", by=manager, now=clock.now())
    assert unspent.unspent_of(award) == 600_000


def test_only_a_head_of_fund_lets_a_group_keep_it_and_the_sum_stays_in_the_history(round, award, spent, manager, head):
    spent(995_000)
    with pytest.raises(Forbidden):
        unspent.let_them_keep_it(award, "Small.", by=manager, now=clock.now())
    with pytest.raises(Problem, match="Give a reason"):
        unspent.let_them_keep_it(award, "  ", by=head, now=clock.now())
    unspent.let_them_keep_it(award, "It costs more to collect.", by=head, now=clock.now())
    last = APPLICATION.history(award.application)[-1]
    assert (last.new, last.reason) == (
        "closed",
        "£50.00 was not spent and stays with the group: It costs more to collect.",
    )
    assert ledger.fresh_pot(round).paid_pence == 1_000_000


def test_nothing_is_kept_where_nothing_is_left_or_money_is_still_owed(award, spent, manager, head):
    spent(1_000_000)
    with pytest.raises(Problem, match="All that was paid is spent"):
        unspent.let_them_keep_it(award, "Why not", by=head, now=clock.now())
    spent(0)
    unspent.ask_for_it(award, 1, "A penny.", by=manager, now=clock.now())
    with pytest.raises(Problem, match=r"£0\.01 must come back first"):
        unspent.let_them_keep_it(award, "The rest", by=head, now=clock.now())


def test_the_page_asks_back_keeps_what_was_typed_and_shows_each_person_their_part(
    award, spent, manager, head, as_, round
):
    spent(143_680)
    address = f"/office/awards/{award.id}/unspent"
    assert f'href="{address}"' in as_(manager).get(f"/office/awards/{award.id}").text
    page = as_(manager).get(address).text
    assert "<strong>£8,563.20</strong> of the £10,000.00" in page
    assert 'value="8563.20"' in page
    assert "A head of fund can decide that" in page
    assert "is not in this sum yet" not in page
    wrong = as_(manager).post(address, data={"do": "ask", "amount": "9,000", "why": "Kept words"})
    assert "Enter an amount up to £8,563.20" in wrong.text
    assert "Kept words" in wrong.text
    assert as_(manager).post(address, data={"do": "keep", "why": "Ours"}).status_code == 403
    assert as_(head).post(address, data={"do": "ask", "amount": "1", "why": "x"}).status_code == 403
    done = as_(manager).post(
        address, data={"do": "ask", "amount": "8,563.20", "why": "Not spent"}, follow_redirects=True
    )
    assert "The group is asked to pay it back within 30 days." in done.text
    assert "Nothing: all that was paid is spent" in as_(manager).get(address).text
    assert as_(given.lead(award.application)).get(address).status_code in (403, 404)


def test_the_page_says_that_a_return_is_still_to_come(award, spent, manager, as_, monkeypatch):
    def waits(*_given, **_facts):
        raise Problem("Return 3 is not accepted yet. An award is closed when every return is.")

    spent(0)
    monkeypatch.setitem(APPLICATION.needs, "final_return_accepted", waits)
    page = as_(manager).get(f"/office/awards/{award.id}/unspent").text
    assert "Return 3 is not accepted yet." in page
    assert "What it says was spent is not in this sum yet." in page
