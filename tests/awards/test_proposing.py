"""The decisions of a whole round proposed together: drafted, changed, refused whole or proposed whole, approved by another."""

import pytest

from awards import proposing
from awards.proposing import Choice
from awards.tables import Decision
from fund.core import clock
from fund.core.database import db
from fund.core.problems import Problem
from scoring.tables import Scenario
from tests.factories import awards as given
from tests.factories import fund as make
from tests.kept import kept

pytestmark = pytest.mark.usefixtures("letters_undrawn")

WHY = given.REASONS


@pytest.fixture
@kept
def small(database):
    """A pot of £15,000.00."""
    return make.round(pot_pence=1_500_000)


def scenario(round, awards):
    by = make.staff("decision_maker", round)
    row = Scenario(round_id=round.id, name="Floors kept", settings={}, result={"awards": awards}, pot_pence=1_500_000, made_at=clock.now(), made_by_id=by.id)  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def offers(drafts):
    return {draft.application.reference: draft.amount for draft in drafts if draft.kind == "offer"}


def test_without_a_scenario_the_money_goes_down_the_ranking_until_one_does_not_fit(small):
    first, second, third = (given.bid(small, asked_pence=pence) for pence in (1_000_000, 600_000, 300_000))
    drafts = proposing.drafts_of(small, None)
    assert offers(drafts) == {first.reference: 1_000_000}
    assert {draft.application.id: draft.kind for draft in drafts} == {first.id: "offer", second.id: "reject", third.id: "reject"}  # fmt: skip


def test_a_scenario_gives_its_awards_and_never_more_than_was_asked(small):
    first, second = (given.bid(small, asked_pence=pence) for pence in (1_000_000, 600_000))
    drafts = proposing.drafts_of(small, scenario(small, {first.reference: 900_000, second.reference: 700_000}))
    assert offers(drafts) == {first.reference: 900_000, second.reference: 600_000}


def test_a_bid_that_is_proposed_already_is_not_on_the_page(small):
    waiting, other = given.bid(small, asked_pence=1_000_000), given.bid(small, asked_pence=500_000)
    given.proposed(waiting)
    assert offers(proposing.drafts_of(small, None)) == {other.reference: 500_000}


def test_offers_above_the_room_are_refused_with_the_penny_and_nothing_is_proposed(small):
    bids = [given.bid(small, asked_pence=pence) for pence in (1_000_000, 500_001)]
    choices = {bid.id: Choice("offer", bid.requested_pence, WHY) for bid in bids}
    by = make.staff("decision_maker", small)
    with pytest.raises(Problem, match=r"add up to £15,000.01. The room left is £15,000.00. Take off £0.01."):
        proposing.propose_many(small, choices, by=by, now=clock.now())
    assert Decision.query.count() == 0


def test_what_waits_for_approval_takes_room_too(small):
    given.proposed(given.bid(small, asked_pence=1_400_000))
    bid = given.bid(small, asked_pence=200_000)
    with pytest.raises(Problem, match=r"room left is £1,000.00"):
        proposing.propose_many(small, {bid.id: Choice("offer", 200_000, WHY)}, by=make.staff("decision_maker", small), now=clock.now())  # fmt: skip


def test_one_that_cannot_be_proposed_stops_all_and_says_which(small):
    good, bad = given.bid(small, asked_pence=500_000), given.bid(small, asked_pence=500_000)
    by = make.staff("decision_maker", small)
    given.assessed_by(by, bad)
    choices = {bid.id: Choice("offer", 500_000, WHY) for bid in (good, bad)}
    with pytest.raises(proposing.Refused) as refused:
        proposing.propose_many(small, choices, by=by, now=clock.now())
    assert list(refused.value.problems) == [bad.id]
    assert "You assessed this bid" in refused.value.problems[bad.id].sentence
    assert Decision.query.count() == 0


def test_the_page_keeps_what_was_typed_and_proposes_what_is_right(small, as_):
    first, second, third = (given.bid(small, asked_pence=500_000) for _ in range(3))
    grace = as_(make.staff("decision_maker", small))
    address = f"/office/rounds/{small.id}/decisions/propose"
    page = grace.get(address).text
    assert "3 offers of <strong>£15,000.00</strong> in all, 0 not to fund" in page
    assert "Propose decisions together" in grace.get(f"/office/rounds/{small.id}/decisions").text
    data = {
        f"kind-{first.id}": "offer", f"amount-{first.id}": "4,999.999", f"reasons-{first.id}": "My own reasons for this one.",
        f"kind-{second.id}": "reject", f"reasons-{second.id}": "ok",
        f"kind-{third.id}": "", f"amount-{third.id}": "5000",
    }  # fmt: skip
    page = grace.post(address, data=data).text
    assert "Enter pounds and pence, like 1250.50" in page
    assert "My own reasons for this one." in page
    page = grace.post(address, data=data | {f"amount-{first.id}": "4,999.99"}).text
    assert f"{second.reference}: Give the reasons in words that can be published" in page
    assert Decision.query.count() == 0
    answer = grace.post(address, data=data | {f"amount-{first.id}": "4,999.99", f"reasons-{second.id}": WHY})
    assert answer.status_code == 302
    made = {each.application_id: each for each in Decision.query}
    assert (made[first.id].kind, made[first.id].amount_pence, made[first.id].reasons) == ("offer", 499_999, "My own reasons for this one.")  # fmt: skip
    assert made[second.id].kind == "reject"
    assert third.id not in made
    assert all(each.is_waiting for each in made.values())


def test_nothing_chosen_and_hostile_boxes_are_told_so(small, as_):
    bid = given.bid(small, asked_pence=500_000)
    grace = as_(make.staff("decision_maker", small))
    address = f"/office/rounds/{small.id}/decisions/propose"
    assert "Choose at least one decision to propose" in grace.post(address, data={}).text
    data = {f"kind-{bid.id}": "offer", f"amount-{bid.id}": "1e3", f"reasons-{bid.id}": WHY}
    assert "Enter pounds and pence" in grace.post(address, data=data).text
    data = {f"kind-{bid.id}": "reject", f"reasons-{bid.id}": WHY + "\x00"}
    assert "Remove the characters" in grace.post(address, data=data).text
    assert "Choose at least one" in grace.post(address, data={f"kind-{bid.id}": "nonsense"}).text


@pytest.mark.parametrize("role", ["fund_officer", "grant_manager", "auditor"])
def test_only_decision_makers_find_the_page(small, as_, role):
    assert as_(make.staff(role, small)).get(f"/office/rounds/{small.id}/decisions/propose").status_code == 404


def test_the_page_asks_few_statements_more_for_more_bids(small, as_, statements):
    grace = as_(make.staff("decision_maker", small))
    address = f"/office/rounds/{small.id}/decisions/propose"
    for _ in range(2):
        given.bid(small, asked_pence=1_000)
    grace.get(address)
    with statements() as few:
        grace.get(address)
    for _ in range(10):
        given.bid(small, asked_pence=1_000)
    with statements() as many:
        grace.get(address)
    assert len(many) <= len(few) + 10  # the caps, once for each bid


def test_the_page_warns_while_the_panel_has_not_agreed_every_bid(small, as_):
    given.bid(small, asked_pence=1_000)
    grace, address = as_(make.staff("decision_maker", small)), f"/office/rounds/{small.id}/decisions/propose"
    assert "not agreed by the panel yet" not in grace.get(address).text
    make.put(given.bid(small, asked_pence=1_000), "in_scoring", None)
    assert "1 bid is not agreed by the panel yet, so it is not in this draft" in grace.get(address).text


def test_a_no_never_goes_out_with_the_reasons_drafted_for_a_yes(small, as_, monkeypatch):
    bid = given.bid(small, asked_pence=500_000)
    monkeypatch.setattr(
        proposing._Said,
        "reasons",
        lambda _self, _bid, yes, _total: f"These reasons were drafted as a {'yes' if yes else 'no'}.",
    )
    grace = as_(make.staff("decision_maker", small))
    address = f"/office/rounds/{small.id}/decisions/propose"
    kind, reasons = f"kind-{bid.id}", f"reasons-{bid.id}"
    page = grace.post(address, data={kind: "reject", reasons: "These reasons were drafted as a yes."}).text
    assert "drafted for another decision" in page
    assert "These reasons were drafted as a no.</textarea>" in page
    assert Decision.query.count() == 0
    assert grace.post(address, data={kind: "reject", reasons: "These reasons were drafted as a no."}).status_code == 302
    assert Decision.query.one().reasons == "These reasons were drafted as a no."
