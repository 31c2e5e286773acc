"""The pages of deciding: a decision maker proposes, another approves on a phone, the same person is refused everywhere."""

import pytest

from awards import decisions
from awards.tables import Decision
from tests.factories import awards as given
from tests.factories import fund as make
from tests.kept import kept

pytestmark = pytest.mark.usefixtures("letters_undrawn")

REASONS = "The need is shown with ward figures and the team is trusted."


@pytest.fixture
@kept
def people(round):
    one, other = given.two_deciders(round)
    return {
        "one": one, "other": other, "officer": make.staff("fund_officer", round), "stranger": make.person(),
        "elsewhere": make.staff("decision_maker", make.round()),
    }  # fmt: skip


def test_award_day_on_the_pages(round, people, as_):
    bid = given.bid(round, asked_pence=1_825_000)
    mine, theirs = as_(people["one"]), as_(people["other"])
    page = mine.get(f"/office/rounds/{round.id}/decisions").text
    assert bid.reference in page
    sent = mine.post(
        f"/office/applications/{bid.id}/decision",
        data={"kind": "offer", "amount": "£15,000", "reasons": REASONS, "conditions": "One\n\nTwo"},
    )
    assert sent.status_code == 302
    decision = Decision.query.one()
    assert (decision.amount_pence, decision.conditions) == (1_500_000, ["One", "Two"])
    assert "Approve" in theirs.get(f"/office/decisions/{decision.id}").text
    assert theirs.post(f"/office/decisions/{decision.id}/approve").status_code == 302
    assert decision.application.status == "offered"
    assert "Approved" in theirs.get(f"/office/decisions/{decision.id}").text


def test_the_same_person_is_refused_as_second_approver_at_every_address(round, people, as_):
    decision = given.proposed(given.bid(round), by=people["one"])
    mine = as_(people["one"])
    for address in (f"/office/decisions/{decision.id}/approve", f"/office/decisions/{decision.id}/send-back"):
        answer = mine.post(address, data={"why": "Because"})
        assert answer.status_code == 403
        assert "Another decision maker must approve it" in answer.text
    mine.post(f"/office/rounds/{round.id}/decisions/waiting", data={"decision": str(decision.id)})
    page = mine.get(f"/office/decisions/{decision.id}").text
    assert "/approve" not in page
    assert (decision.is_waiting, decision.application.status) == (True, "moderated")


@pytest.mark.parametrize("who", ["officer", "stranger", "elsewhere"])
def test_others_neither_propose_nor_approve(round, people, as_, who):
    bid = given.bid(round)
    decision = given.proposed(bid)
    client = as_(people[who])
    for address in (f"/office/applications/{bid.id}/decision", f"/office/decisions/{decision.id}/approve"):
        assert client.post(address, data={"kind": "reject", "reasons": REASONS}).status_code in (403, 404)
    if who != "officer":
        assert client.get(f"/office/decisions/{decision.id}").status_code in (403, 404)
    assert decisions.current_decision(bid).id == decision.id


def test_an_assessor_of_the_bid_is_refused_with_the_reason(round, people, as_):
    bid = given.bid(round)
    given.assessed_by(people["one"], bid)
    answer = as_(people["one"]).get(f"/office/applications/{bid.id}/decision")
    assert answer.status_code == 403
    assert "You assessed this bid" in answer.text


def test_a_refused_amount_stands_beside_its_field_and_loses_nothing(round, people, as_):
    bid = given.bid(round, asked_pence=1_000_000)
    page = as_(people["one"]).post(f"/office/applications/{bid.id}/decision", data={"kind": "offer", "amount": "10,000.01", "reasons": REASONS}).text  # fmt: skip
    assert "They asked for £10,000.00. An offer cannot be more. Take off £0.01." in page
    assert 'value="10,000.01"' in page
    assert REASONS in page


def test_the_approver_sees_what_changed(round, people, as_):
    bid = given.bid(round, asked_pence=1_000_000)
    first = given.proposed(bid, by=people["one"])
    decisions.send_back(first, "Less, please", by=people["other"], now=first.proposed_at)
    second = given.proposed(bid, amount_pence=750_000, by=people["one"])
    page = as_(people["other"]).get(f"/office/decisions/{second.id}").text
    assert "<del>£10,000.00</del>" in page
    assert "<ins>£7,500.00</ins>" in page
    assert "Less, please" in page


def test_approving_together_keeps_what_fits_and_says_what_does_not(people, as_, database):
    round = make.round(pot_pence=1_500_000)
    one, other = given.two_deciders(round)
    pair = [given.proposed(given.bid(round, asked_pence=1_000_000), by=one) for _ in range(2)]
    client = as_(other)
    client.post(f"/office/rounds/{round.id}/decisions/waiting", data={"decision": [str(each.id) for each in pair]})
    page = client.get(f"/office/rounds/{round.id}/decisions/waiting").text
    assert "1 approved" in page
    assert "room left £5,000.00" in page
    assert [each.application.status for each in pair] == ["offered", "moderated"]


def test_the_list_sorts_filters_and_leaves_as_csv(round, people, as_, statements):
    bids = [given.bid(round, asked_pence=pence) for pence in (300_000, 100_000, 200_000)]
    bids[0].organisation.name = "=cmd()"
    client = as_(people["one"])
    page = client.get(f"/office/rounds/{round.id}/decisions?sort=asked").text
    assert [page.index(bid.reference) for bid in (bids[1], bids[2], bids[0])] == sorted(
        page.index(b.reference) for b in bids
    )
    assert "No bid to decide on" in client.get(f"/office/rounds/{round.id}/decisions?status=offered").text
    text = client.get(f"/office/rounds/{round.id}/decisions?format=csv").text
    assert "'=cmd()" in text
    with statements() as few:
        client.get(f"/office/rounds/{round.id}/decisions")
    for _ in range(10):
        given.bid(round)
    with statements() as many:
        client.get(f"/office/rounds/{round.id}/decisions")
    assert len(many) <= max(len(few), 10)
