"""Each named signatory signs for the letter they read; the last signature commits the money."""

import pytest

from awards import acceptance, letters
from fund import ledger
from fund.core import clock
from fund.core.outbox import OutboxMessage
from fund.core.problems import Forbidden, Problem, WrongMoment
from tests.factories import awards as given
from tests.factories import fund as make


def test_one_signature_accepts_for_a_registered_body_and_commits_the_money(round):
    award = given.accepted(round, 1_825_000)
    (row,) = acceptance.acceptances_of(award)
    assert row.letter_sha256 == letters.current_letter(award).sha256
    assert (award.application.status, award.accepted_at) == ("accepted", clock.now())
    pot = ledger.fresh_pot(round)
    assert (pot.offered_pence, pot.committed_pence) == (0, 1_825_000)
    assert OutboxMessage.query.filter_by(template="accepted_officer").count() == 1


def test_a_group_needs_two_different_people(round):
    award = given.offered(round, 480_000, legal_form="unincorporated")
    lead = given.lead(award.application)
    given.sign(award, lead)
    assert award.application.status == "offered"
    with pytest.raises(WrongMoment, match="signed already"):
        given.sign(award, lead)
    with pytest.raises(Problem, match="Two different people"):
        acceptance.name_signatory(award, 2, lead.name, lead.email, by=lead, now=clock.now())
    second = acceptance.name_signatory(award, 2, "Sam Poole", "sam@example.org", by=lead, now=clock.now()).person
    given.sign(award, second)
    assert award.application.status == "accepted"


def test_a_group_with_only_its_lead_named_is_not_accepted(round):
    award = given.offered(round, 480_000, legal_form="unincorporated")
    given.sign(award, given.lead(award.application))
    assert acceptance.missing_signatures(award) == 1


def test_a_stranger_and_a_colleague_who_is_not_named_cannot_sign(round):
    award = given.offered(round)
    colleague = make.person()
    make.member(award.organisation, colleague)
    for person in (colleague, make.person()):
        with pytest.raises(Forbidden, match="not named to sign"):
            given.sign(award, person)


@pytest.mark.parametrize(
    ("field", "changed"),
    [("name", {"name": "Somebody Else"}), ("role", {"role": " "}), ("terms_read", {"terms_read": False})],
)
def test_a_signature_needs_ones_own_name_a_role_and_the_terms_read(round, field, changed):
    award = given.offered(round)
    lead = given.lead(award.application)
    facts = {"name": lead.name, "role": "Chair", "terms_read": True} | changed
    with pytest.raises(Problem) as refused:
        acceptance.sign_offer(award, **facts, by=lead, now=clock.now())
    assert refused.value.field == field


def test_after_the_day_nobody_signs(round, time):
    award = given.offered(round)
    time.move(days=40)
    with pytest.raises(WrongMoment, match="has passed"):
        given.sign(award, given.lead(award.application))
