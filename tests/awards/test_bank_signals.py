"""Same bank fingerprint under another name: held for staff, neither told the other's details (rule 3)."""

import pytest

from applications.screening import find_eligible
from applications.signals import answering, comparing
from applications.signals.kinds import KINDS
from applications.tables import Signal
from awards import bank
from fund.core import clock, outbox
from fund.core.problems import Problem
from fund.organisations import change_organisation
from tests.factories import awards as given
from tests.factories import fund as make
from tests.kept import kept

pytestmark = pytest.mark.usefixtures("letters_undrawn")

ACCOUNT = "44556677"


def named(award, name: str):
    """A group of its own name and house, so that nothing but the account is shared."""
    change_organisation(award.organisation, by=given.lead(award.application), now=clock.now(), name=name, address=f"{award.id} High Street")  # fmt: skip
    return award


@pytest.fixture
@kept
def first(round):
    award = named(given.accepted(round), "Alpha Mentors")
    given.with_bank(award, ACCOUNT)
    return award


def enter(award, number: str = ACCOUNT):
    return bank.enter_detail(award, account_name="The account", sort_code="20-45-67", account_number=number, by=given.lead(award.application), now=clock.now())  # fmt: skip


def test_a_second_group_with_the_account_is_held_when_it_enters_it(first, round):
    second = named(given.accepted(round), "Omega Women")
    detail = enter(second)
    (shown,) = answering.signals_of(second.application)
    assert (shown.signal.kind, shown.holds) == ("bank", True)
    assert shown.lines_of(first.application) == ["Account ending 6677, given by Alpha Mentors"]
    assert ACCOUNT not in str(shown.signal.facts)
    assert detail.fingerprint not in str(shown.signal.facts)
    finance, head = make.staff("finance_officer", round), make.staff("head_of_fund", round)
    bank.check_detail(detail, "Called the treasurer on the number of the register", by=finance, now=clock.now())
    with pytest.raises(Problem, match="is held: “Same bank account under another name”") as refused:
        bank.confirm_detail(detail, by=head, now=clock.now())
    assert "Alpha" not in refused.value.sentence
    officer = make.staff("fund_officer", round)
    answering.answer_signal(
        shown, "fine", "The parish holds the account for both; letter seen.", by=officer, now=clock.now()
    )
    bank.confirm_detail(detail, by=head, now=clock.now())
    assert detail.confirmed_at


@pytest.mark.parametrize("status", ["submitted", "eligible", "moderated"])
def test_a_later_bid_of_a_group_that_shares_an_account_is_neither_eligible_nor_awarded(first, round, status):
    second = named(given.accepted(round), "Omega Women")
    enter(second)
    later = given.bid(make.round(round.fund.partnership), status=status)
    later.organisation_id = second.organisation_id
    comparing.compare_round(later.round, now=clock.now())
    assert [each.signal.kind for each in answering.signals_of(later)] == ["bank"]
    if status == "submitted":
        with pytest.raises(Problem):
            find_eligible(later, by=make.staff("fund_officer", round), now=clock.now())
    else:
        facts = (
            {"direct_reason": "There was no time for a round, because the school closed."}
            if status == "eligible"
            else {}
        )
        with pytest.raises(Problem, match="is held"):
            given.decided(later, **facts)
    officer = make.staff("fund_officer", round)
    (shown,) = answering.signals_of(later)
    answering.answer_signal(shown, "held", "The parish clerk does not ring back.", by=officer, now=clock.now())
    with pytest.raises(Problem, match=f"is held.*{officer.name} held it"):
        answering.check_nothing_held(later)
    (shown,) = answering.signals_of(later)
    answering.answer_signal(
        shown, "fine", "The parish holds the account for both; letter seen.", by=officer, now=clock.now()
    )
    answering.check_nothing_held(later)
    answering.check_nothing_held(second.application)


def test_other_accounts_and_other_partnerships_are_no_signal(first, round):
    enter(named(given.accepted(round), "Omega Women"), "99887766")
    enter(named(given.accepted(make.round()), "Far Away"))
    assert Signal.query.count() == 0


def test_an_account_that_was_replaced_still_counts(first, round, time):
    enter(first, "11223344")
    second = named(given.accepted(round), "Omega Women")
    enter(second)
    assert [each.signal.kind for each in answering.signals_of(second.application)] == ["bank"]


def test_neither_group_hears_of_the_other(first, round, as_):
    second = named(given.accepted(round), "Omega Women")
    detail = enter(second)
    finance = make.staff("finance_officer", round)
    bank.check_detail(detail, "Called the treasurer on the number of the register", by=finance, now=clock.now())
    for mine, theirs, other in ((first, "Omega", second), (second, "Alpha", first)):
        client = as_(given.lead(mine.application))
        for page in (f"/grants/{mine.id}", f"/grants/{mine.id}/bank", f"/applications/{mine.application_id}/status"):
            text = client.get(page, follow_redirects=True).text
            for word in (theirs, other.reference, other.application.reference, KINDS["bank"].title, "held"):
                assert word not in text, (page, word)
        mails = [
            each.body for each in outbox.OutboxMessage.query if each.recipient == given.lead(mine.application).email
        ]
        assert not [each for each in mails if theirs in each]


def test_staff_see_the_hold_on_both_bids_and_on_the_round(first, round, as_):
    second = named(given.accepted(round), "Omega Women")
    enter(second)
    client = as_(make.staff("fund_officer", round))
    for award, theirs in ((first, "Omega Women"), (second, "Alpha Mentors")):
        text = client.get(f"/office/applications/{award.application_id}").text
        assert "Same bank account under another name" in text
        assert theirs in text
    assert "Holds both bids" in client.get(f"/office/rounds/{round.id}/signals").text
    assert (
        ACCOUNT not in client.get(f"/office/applications/{second.application_id}/signals/{Signal.query.one().id}").text
    )
