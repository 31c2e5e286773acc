"""A group that withdraws after accepting gets one letter about it, proposed by one person and approved by another."""

import pytest

from applications.submission import withdraw
from awards import payments, withdrawals
from awards.letter_words import document_of
from awards.money import receive_back
from awards.tables import Letter, Recovery, Tranche, WithdrawalLetter
from fund.core import clock
from fund.core.outbox import OutboxMessage
from fund.core.pdf.document import plain_text
from fund.core.problems import Forbidden, WrongMoment
from tests.core.pdf.pdf_helpers import failures
from tests.factories import awards as given
from tests.factories import fund as make
from tests.kept import kept

REASON = "Our youth worker has left and we cannot replace her."
NOTE = "We agreed that your last return comes by the end of March."


@pytest.fixture
@kept
def withdrawn(round):
    """An award with its first instalment paid, from which the group has withdrawn."""
    award = given.in_delivery(round, 900_000)
    first = Tranche.query.filter_by(award_id=award.id, number=1).one()
    first.due_on = clock.today()
    payment = payments.prepare_payment(first, by=make.staff("finance_officer", round), now=clock.now())
    payments.release_payments([payment], by=make.staff("head_of_fund", round), now=clock.now())
    withdraw(award.application, REASON, by=given.lead(award.application), now=clock.now())
    return award


def test_the_letter_is_proposed_by_one_approved_by_another_and_mailed_once(round, withdrawn, as_):
    manager, head, other = make.staff("grant_manager", round), make.staff("head_of_fund", round), make.staff("head_of_fund", round)  # fmt: skip
    address = f"/office/awards/{withdrawn.id}/withdrawal-letter"
    assert f"Propose the letter about the withdrawal from {withdrawn.reference}" in as_(manager).get("/office").text
    page = as_(manager).get(address).text
    assert REASON in page
    assert as_(head).post(address, data={"note": NOTE}).status_code == 404
    as_(manager).post(address, data={"note": NOTE})
    assert WithdrawalLetter.query.one().note == NOTE
    assert Letter.query.filter_by(kind="withdrawal").count() == 0
    assert as_(manager).post(f"{address}/approve").status_code == 404
    assert f"Approve the letter about the withdrawal from {withdrawn.reference}" in as_(head).get("/office").text
    page = as_(head).get(address).text
    assert "Approve and send the letter" in page
    assert NOTE in page
    as_(head).post(f"{address}/approve")
    assert as_(other).post(f"{address}/approve").status_code == 409
    letter = Letter.query.filter_by(kind="withdrawal").one()
    words = plain_text(document_of(letter.facts))
    for said in (
        "You withdrew from your grant",
        REASON,
        NOTE,
        "£9,000.00",
        "£3,000.00",
        "Pay back £3,000.00 by 5 March 2026",
        "/verify",
    ):
        assert said in words, said
    assert failures(letter.pdf) == []
    (mail,) = OutboxMessage.query.filter_by(template="withdrawal_letter").all()
    assert mail.recipient == given.lead(withdrawn.application).email
    assert "£3,000.00 by 5 March 2026" in mail.body
    assert as_(given.lead(withdrawn.application)).get(f"/letters/{letter.id}").status_code == 200
    assert "Propose the letter" not in as_(manager).get("/office").text
    assert "It was sent" in as_(manager).get(address).text


def test_whoever_wears_both_hats_cannot_approve_their_own(round, withdrawn):
    head = make.staff("head_of_fund", round)
    proposal = withdrawals.propose_letter(withdrawn, "", by=head, now=clock.now())
    with pytest.raises(Forbidden, match="You proposed this letter"):
        withdrawals.approve_letter(proposal, by=head, now=clock.now())
    assert Letter.query.filter_by(kind="withdrawal").count() == 0


def test_money_that_came_back_before_is_not_asked_again(round, withdrawn):
    receive_back(Recovery.query.one(), by=make.staff("finance_officer", round), now=clock.now())
    assert withdrawals.without_letter() == []
    proposal = withdrawals.propose_letter(withdrawn, "", by=make.staff("grant_manager", round), now=clock.now())
    letter = withdrawals.approve_letter(proposal, by=make.staff("head_of_fund", round), now=clock.now())
    words = plain_text(document_of(letter.facts))
    assert "Money to pay back" not in words
    assert "Came back £3,000.00" in words


def test_an_award_that_runs_or_that_nobody_accepted_has_no_such_letter(round, as_):
    manager = make.staff("grant_manager", round)
    running, offered = given.in_delivery(round), given.offered(round)
    withdraw(offered.application, REASON, by=given.lead(offered.application), now=clock.now())
    for award in (running, offered):
        with pytest.raises(WrongMoment):
            withdrawals.propose_letter(award, "", by=manager, now=clock.now())
        assert as_(manager).get(f"/office/awards/{award.id}/withdrawal-letter").status_code == 409


def test_pages_name_the_letter_as_a_kind_and_the_history_in_words(round, withdrawn, as_, client):
    manager, head = make.staff("grant_manager", round), make.staff("head_of_fund", round)
    proposal = withdrawals.propose_letter(withdrawn, NOTE, by=manager, now=clock.now())
    letter = withdrawals.approve_letter(proposal, by=head, now=clock.now())
    page = as_(manager).get(f"/office/awards/{withdrawn.id}").text
    assert "Letter about a withdrawal 1" in page
    assert f"Withdrawn. {REASON}" in page
    said = client.post("/verify", data={"fingerprint": letter.sha256}).text
    assert f"It is our letter about a withdrawal {withdrawn.reference}" in said
