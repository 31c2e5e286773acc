"""What the database itself refuses, written to past all of our code (rules 10, 11 and 13)."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from awards import bank, offers, payments, variations
from awards.tables import Tranche
from fund import ledger
from fund.core import clock, guards
from fund.core.guards import broken_guard
from tests.factories import awards as given
from tests.factories import fund as make
from tests.kept import kept

pytestmark = pytest.mark.usefixtures("letters_undrawn")

ENTRY = "insert into ledger_entry (round_id, kind, amount_pence, about, at, once) values (:round, :kind, :pence, :about, '2026-02-03 12:00:00+00', :once)"  # fmt: skip


def refused(database, statement: str, **facts) -> str:
    """The sentence (or the constraint's name) with which the database refuses a statement; fails when it does not."""
    with pytest.raises(IntegrityError) as refusal, database.session.begin_nested():
        database.session.execute(text(statement), facts)
    return broken_guard(refusal.value) or str(refusal.value.orig)


def posted(database, award, kind, pence):
    return refused(database, ENTRY, round=award.round_id, kind=kind, pence=pence, about=f"award-{award.id}", once="by hand")  # fmt: skip


@pytest.fixture
@kept
def delivering(round, time):
    award = given.in_delivery(round, 1_825_000, ends_on=clock.date(2027, 5, 31))
    time.move(days=130)
    return award


def prepared(award):
    tranche = Tranche.query.filter_by(award_id=award.id, number=1).one()
    return payments.prepare_payment(tranche, by=make.staff("finance_officer", award.round), now=clock.now())


def test_the_last_penny_is_refused_by_the_database_and_not_only_by_our_look(round, monkeypatch):
    ledger.post(round, "offer", 68_765_500, "one", by=None, now=clock.now(), once="one")
    monkeypatch.setattr(ledger, "fresh_pot", lambda round: ledger.Pot(total_pence=10**9, over_pence=0, offered_pence=0, committed_pence=0, paid_pence=0, recovered_pence=0))  # fmt: skip
    with pytest.raises(ledger.NoRoom):
        ledger.post(round, "offer", 1_234_501, "two", by=None, now=clock.now(), once="two")
    ledger.post(round, "offer", 1_234_500, "two", by=None, now=clock.now(), once="two")


def test_the_ledger_only_grows_and_the_pot_and_the_award_are_its_sums(delivering, database):
    assert "never changed" in refused(database, "update ledger_entry set amount_pence = amount_pence - 1")
    assert "never removed" in refused(database, "delete from ledger_entry")
    assert "its ledger only" in refused(database, "update pot set committed_pence = committed_pence - 1")
    assert "the ledger only" in refused(database, "update award set committed_pence = committed_pence - 1")
    assert "moves_something" in refused(database, ENTRY, round=delivering.round_id, kind="offer", pence=-5, about="x", once="x")  # fmt: skip


def test_a_published_rounds_pot_takes_two_people(round, database):
    for column in ("total_pence", "over_pence"):
        said = refused(database, f"update pot set {column} = {column} + 1 where round_id = :round", round=round.id)
        assert "Two people must agree" in said


def test_no_offer_without_a_decision_of_two_people_for_that_amount(round, database):
    award = given.offered(round, 1_825_000)
    assert "decision of two people" in posted(database, award, "offer", 1)
    assert "more than the cap" in _over_the_cap(database, award)


def _over_the_cap(database, award):
    """With everything else in order, 40,000.01 for a registered organisation."""
    insert = "insert into variation (award_id, old_pence, new_pence, purpose, changes, why, proposed_at, proposed_by_id, decided_at, decided_by_id, outcome) values (:award, 1825000, 4000001, 'p', '[]', 'w', :at, :one, :at, :two, 'approved')"  # fmt: skip
    people = make.person(), make.person()
    database.session.execute(text(insert), {"award": award.id, "at": "2026-02-03 12:00:00+00", "one": people[0].id, "two": people[1].id})  # fmt: skip
    return posted(database, award, "offer", 4_000_001 - 1_825_000)


@pytest.mark.parametrize(("confirmed", "most"), [(True, 4_000_000), (False, 500_000)])
def test_the_cap_of_the_database_is_the_cap_of_the_register(round, database, confirmed, most):
    award = given.offered(round, 400_000)
    for number in award.organisation.identifiers:
        number.check_result = "confirmed" if confirmed else "removed"
    database.session.flush()
    variation = variations.Variation(award_id=award.id, old_pence=400_000, new_pence=9_000_000, purpose="p", why="w", proposed_at=clock.now(), proposed_by_id=make.person().id)  # fmt: skip
    database.session.add(variation)
    database.session.flush()
    variation.outcome, variation.decided_at, variation.decided_by_id = "approved", clock.now(), make.person().id
    database.session.flush()
    assert "more than the cap" in posted(database, award, "offer", most - 400_000 + 1)
    facts = {"round": round.id, "kind": "offer", "pence": most - 400_000, "about": f"award-{award.id}", "once": "fits"}
    database.session.execute(text(ENTRY), facts)


def test_who_judged_a_bid_or_belongs_to_it_cannot_approve_it_whatever_wrote_the_row(round, database):
    bid = given.bid(round)
    decision, judge = given.proposed(bid), make.staff("decision_maker", round)
    given.assessed_by(judge, bid)
    approve = "update decision set approved_by_id = :by, approved_at = :at where id = :id"
    at = "2026-02-03 12:00:00+00"
    for person in (judge, given.lead(bid)):
        assert "did not judge" in refused(database, approve, by=person.id, at=at, id=decision.id)
    assert "four_eyes" in refused(database, approve, by=decision.proposed_by_id, at=at, id=decision.id)
    assert "never edited" in refused(database, "update decision set amount_pence = 1 where id = :id", id=decision.id)


def test_nothing_is_paid_that_was_not_released_and_nothing_recovered_that_did_not_come(delivering, database):
    prepared(delivering)
    assert "not released" in posted(database, delivering, "pay", 1)
    assert "before it has come back" in posted(database, delivering, "recover", 1)


def test_a_payment_to_an_unconfirmed_account_or_of_another_amount_is_not_released(delivering, database):
    payment, person = prepared(delivering), make.staff("head_of_fund", delivering.round)
    run = payments.PaymentRun(partnership_id=delivering.round.fund.partnership_id, released_at=clock.now(), released_by_id=person.id)  # fmt: skip
    database.session.add(run)
    database.session.flush()
    release = "update payment set released_by_id = :by, run_id = :run, released_at = :at {} where id = :id"
    facts = {"by": person.id, "run": run.id, "at": "2026-06-13 12:00:00+00", "id": payment.id}
    assert "cannot be released" in refused(database, release.format(", amount_pence = amount_pence + 1"), **facts)
    judge = make.staff("head_of_fund", delivering.round)
    given.assessed_by(judge, delivering.application)
    assert "cannot be released" in refused(database, release.format(""), **facts | {"by": judge.id})
    bank.enter_detail(delivering, account_name="Another", sort_code="204567", account_number="87654321", by=given.lead(delivering.application), now=clock.now())  # fmt: skip
    assert "cannot be released" in refused(database, release.format(""), **facts)


def test_a_released_payment_and_a_verified_account_stay_as_they_are(delivering, database):
    payment = prepared(delivering)
    payments.release_payments([payment], by=make.staff("head_of_fund", delivering.round), now=clock.now())
    database.session.flush()
    assert "never changed" in refused(database, "update payment set amount_pence = 1 where id = :id", id=payment.id)
    assert "never removed" in refused(database, "delete from payment where id = :id", id=payment.id)
    swap = "update bank_detail set fingerprint = 'x' where id = :id"
    assert "never changed" in refused(database, swap, id=payment.bank_detail_id)
    unchecked = "insert into bank_detail (award_id, secret, ends_with, fingerprint, entered_at, entered_by_id, confirmed_by_id, confirmed_at) select award_id, secret, ends_with, fingerprint, entered_at, entered_by_id, confirmed_by_id, confirmed_at from bank_detail"  # fmt: skip
    assert "checked_before_confirmed" in refused(database, unchecked)


def test_no_money_moves_into_an_award_that_has_ended(round, database):
    award = given.offered(round)
    offers.decline_offer(award, "No", by=given.lead(award.application), now=clock.now())
    database.session.flush()
    for kind in ("offer", "commit", "pay"):
        assert posted(database, award, kind, 1)
    assert "has ended" in posted(database, award, "commit", 1)


def test_guards_can_be_installed_again_and_a_name_is_taken_once(database):
    guards.install_guards(database.session.connection())
    with pytest.raises(ValueError, match="declared twice"):
        guards.guard(guards.GUARDS[0])
