"""A decision takes two people and their reasons; only the approval moves the bid and the money (rules 2, 10, 11)."""

import pytest
from sqlalchemy.exc import IntegrityError

from applications.workflow import APPLICATION
from awards import decisions, offers
from awards.tables import Decision
from fund import ledger
from fund.core import clock
from fund.core.outbox import OutboxMessage
from fund.core.problems import Forbidden, Problem, WrongMoment
from fund.tables import Cap, Identifier
from fund.workflow import ROUND
from tests.factories import awards as given
from tests.factories import fund as make

pytestmark = pytest.mark.usefixtures("letters_undrawn")


def approve(decision, by=None):
    by = by or make.staff("decision_maker", decision.application.round)
    decisions.approve_decision(decision, by=by, now=clock.now())


def test_a_proposal_alone_moves_neither_the_bid_nor_the_money(round):
    decision = given.proposed(given.bid(round))
    assert decision.is_waiting
    assert decision.application.status == "moderated"
    assert ledger.fresh_pot(round).offered_pence == 0


def test_an_approved_offer_moves_the_bid_and_posts_its_entry_at_once(round):
    bid = given.bid(round, asked_pence=1_825_000)
    given.decided(bid)
    award = offers.award_of(bid)
    assert bid.status == "offered"
    assert (award.offered_pence, ledger.fresh_pot(round).offered_pence) == (1_825_000, 1_825_000)
    assert [entry.kind for entry in ledger.entries_about(f"award-{award.id}")] == ["offer"]
    assert APPLICATION.history(bid)[-1].action == "offer"


@pytest.mark.parametrize(("kind", "status", "template"), [("reserve", "reserved", "reserved"), ("reject", "unsuccessful", "unsuccessful")])  # fmt: skip
def test_a_reserve_or_rejection_moves_the_bid_and_tells_the_applicant(round, database, kind, status, template):
    bid = given.bid(round)
    given.decided(bid, kind)
    assert bid.status == status
    mail = database.session.query(OutboxMessage).filter_by(template=template).one()
    assert mail.recipient == given.lead(bid).email
    assert bid.reference in mail.subject


def test_the_proposer_cannot_approve(round):
    proposer = make.staff("decision_maker", round)
    decision = given.proposed(given.bid(round), by=proposer)
    with pytest.raises(Forbidden, match="Another decision maker must approve"):
        approve(decision, proposer)
    assert decision.approved_at is None


def test_the_database_itself_refuses_one_person_twice(round, database):
    decision = given.proposed(given.bid(round))
    decision.approved_by_id, decision.approved_at = decision.proposed_by_id, clock.now()
    with pytest.raises(IntegrityError, match="four_eyes"):
        database.session.flush()
    database.session.rollback()


def test_who_assessed_the_bid_neither_proposes_nor_approves(round):
    bid = given.bid(round)
    judge, other = given.two_deciders(round)
    given.assessed_by(judge, bid)
    with pytest.raises(Forbidden, match="You assessed this bid"):
        given.proposed(bid, by=judge)
    decision = given.proposed(bid, by=other)
    with pytest.raises(Forbidden, match="You assessed this bid"):
        approve(decision, judge)


def test_a_trustee_of_the_applicant_does_not_decide_on_it(round):
    bid = given.bid(round)
    trustee = make.staff("decision_maker", round)
    make.member(bid.organisation, trustee)
    with pytest.raises(Forbidden, match="your own organisation"):
        given.proposed(bid, by=trustee)


def test_a_stranger_with_the_same_role_elsewhere_cannot_approve(round):
    decision = given.proposed(given.bid(round))
    elsewhere = make.staff("decision_maker", make.round())
    with pytest.raises(Forbidden):
        approve(decision, elsewhere)


def test_a_changed_decision_voids_what_was_there_before(round):
    bid = given.bid(round)
    first = given.proposed(bid)
    second = given.proposed(bid, amount_pence=900_000)
    with pytest.raises(WrongMoment, match="was changed after you opened it"):
        approve(first)
    approve(second)
    assert offers.award_of(bid).offered_pence == 900_000
    assert first.superseded_at is not None


def test_a_decision_sent_back_waits_for_a_new_proposal(round):
    decision = given.proposed(given.bid(round))
    decisions.send_back(decision, "Say who checks the venue", by=make.staff("decision_maker", round), now=clock.now())
    with pytest.raises(WrongMoment):
        approve(decision)
    assert decisions.current_decision(decision.application) is None


def test_only_one_decision_stands_for_a_bid(round, database):
    decision = given.proposed(given.bid(round))
    twin = {c.key: getattr(decision, c.key) for c in Decision.__table__.columns if c.key != "id"}
    database.session.add(Decision(**twin))
    with pytest.raises(IntegrityError, match=r"(?i)unique"):
        database.session.flush()
    database.session.rollback()


def test_reasons_are_needed(round):
    with pytest.raises(Problem, match="reasons in words that can be published"):
        given.proposed(given.bid(round), reasons="Good.")


@pytest.mark.parametrize("pence", [0, None, 1_000_001])
def test_an_offer_is_above_nothing_and_at_most_what_was_asked(round, pence):
    with pytest.raises(Problem) as refused:
        decisions.propose_decision(given.bid(round, asked_pence=1_000_000), "offer", reasons=given.REASONS, amount_pence=pence, by=make.staff("decision_maker", round), now=clock.now())  # fmt: skip
    assert refused.value.field == "amount"


def test_687655_and_12345_fill_the_pot_and_one_penny_more_is_refused(round):
    """Rule 10, with its figures: caps raised so that two bids can fill £700,000.00."""
    make_room_for_anything(round)
    given.decided(given.bid(round, asked_pence=68_765_500))
    penny_more = given.proposed(given.bid(round, asked_pence=1_234_501))
    with pytest.raises(ledger.NoRoom) as refused:
        approve(penny_more)
    assert "room left £12,345.00" in refused.value.sentence
    given.decided(given.bid(round, asked_pence=1_234_500))
    assert ledger.fresh_pot(round).room_pence == 0
    assert ledger.fresh_pot(round).offered_pence == 70_000_000


def make_room_for_anything(round):
    for cap in Cap.query.filter_by(round_id=round.id):
        cap.most_pence = 70_000_000


def test_a_number_still_to_be_checked_holds_an_offer_to_the_unregistered_cap(round):
    """Rule 2: until its register confirms the number, at most £5,000.00 can be offered."""
    bid = given.bid(round, asked_pence=1_800_000, confirmed=None)
    with pytest.raises(Problem, match=r"still to be checked.*£5,000.00") as refused:
        given.proposed(bid, amount_pence=500_001)
    assert refused.value.field == "amount"
    given.decided(bid, amount_pence=500_000)
    assert bid.status == "offered"


def test_a_number_that_loses_its_check_before_approval_stops_the_offer(round, database):
    bid = given.bid(round, asked_pence=1_800_000)
    decision = given.proposed(bid)
    Identifier.query.filter_by(organisation_id=bid.organisation_id).update({"check_result": None})
    with pytest.raises(Problem, match="still to be checked"):
        approve(decision)


def test_a_bid_that_was_not_moderated_is_not_decided(round):
    with pytest.raises(WrongMoment, match="not waiting for a decision"):
        given.proposed(given.bid(round, status="in_scoring"))


def test_a_round_with_money_promised_cannot_be_cancelled(round):
    head = make.staff("head_of_fund", round)
    given.offered(round)
    with pytest.raises(Problem, match="1 award is promised"):
        ROUND.move(round, "cancel", by=head, now=clock.now(), reason="No money")
