"""The register of conflicts asks about awards that a member had a part in: which, when, in plain words; never more than a hint."""

from datetime import date

import pytest

from awards.tables import OtherGrant, Signatory
from fund.core import clock
from fund.core.database import db
from fund.tables import Identifier, RegisterAnswer
from scoring import conflicts, suggestions
from tests.factories import awards as awarding
from tests.factories import fund as make_fund
from tests.factories import scoring as make
from tests.kept import kept

pytestmark = pytest.mark.usefixtures("letters_undrawn")
WHEN = "awarded on 3 February 2026"


@pytest.fixture
@kept
def again(database):
    """An organisation with a grant of an earlier round bids again: (the round now, its bid, the award before)."""
    award = awarding.accepted(awarding.make.round(), title="Safe evenings")
    round = make.round()
    bid = make.bid(round)
    bid.organisation_id = award.organisation_id
    db.session.flush()
    db.session.expire(bid)
    return round, bid, award


def said(round) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for each in suggestions.hints_in(round):
        found.setdefault(each.seat.label, []).append((each.kind, each.words))
    return found


def another_funders(bid, **facts):
    given = {
        "partnership_id": bid.round.fund.partnership_id, "identifier": "360G-1", "funder": "Riverside Trust",
        "recipient": bid.organisation.name, "recipient_key": "", "name_key": "", "title": "Youth nights", "pence": 100,
        "awarded_on": date(2024, 5, 3), "imported_at": clock.now(), "imported_by_id": bid.created_by_id,
    } | facts  # fmt: skip
    return make_fund._add(OtherGrant(**given))


def test_who_led_or_signed_for_an_earlier_award_is_asked_about_it_by_reference_and_day(again):
    round, _bid, award = again
    make.seat(round, who=awarding.lead(award.application), label="Lead")
    helper, named = make_fund.person(), make_fund.person()
    make_fund._add(Signatory(award_id=award.id, person_id=named.id, position=2))
    make.seat(round, who=named, label="Named")
    make_fund._add(awarding.Collaborator(application_id=award.application_id, person_id=helper.id, role="editor", added_at=clock.now()))  # fmt: skip
    make.seat(round, who=helper, label="Helper")
    make.seat(round, who=make_fund.person(), label="Nobody")
    found = said(round)
    words = f"{award.reference} (Safe evenings), {WHEN}"
    assert ("past", f"Led {words}") in found["Lead"]
    assert found["Helper"] == [("past", f"Worked on {words}")]
    assert found["Named"] == [("past", f"Was named to sign for {words}")]
    assert "Nobody" not in found


def test_somebody_of_the_same_full_name_is_asked_about_and_a_first_name_alone_says_nothing(again):
    round, _bid, award = again
    lead = awarding.lead(award.application)
    lead.name = "Zoë Harrison-Bell"
    make.seat(round, who=make_fund.person(name="Zoe Harrison Bell"), label="Namesake")
    make.seat(round, who=make_fund.person(name="Zoe"), label="First name")
    found = said(round)
    assert found == {"Namesake": [("past", f"Somebody of the same name had a part in {award.reference} (Safe evenings), {WHEN}")]}  # fmt: skip


def test_an_award_that_was_declined_and_one_of_this_round_say_nothing(again):
    round, _bid, award = again
    make.seat(round, who=awarding.lead(award.application), label="Lead")
    make.make.put(award.application, "declined", None)
    assert "awarded" not in str(said(round))
    make.make.put(award.application, "accepted", None)
    assert WHEN in str(said(round))
    award.round_id = round.id
    db.session.flush()
    assert WHEN not in str(said(round))


def test_whoever_belongs_to_the_organisation_is_told_what_it_was_awarded(again):
    round, bid, award = again
    member = make.seat(round, label="Member")
    make_fund.member(bid.organisation, member.person)
    [(kind, words)] = said(round)["Member"]
    assert kind == "organisation"
    assert words == f"Belongs to {bid.organisation.name}. Earlier awards: {award.reference} (Safe evenings), {WHEN}"


def test_another_funders_grant_is_named_by_number_or_name_and_its_own_people_are_asked(again):
    round, bid, _award = again
    number = bid.organisation.identifiers[0]
    another_funders(bid, recipient_key=f"{number.scheme}-{number.number}".upper())
    another_funders(bid, identifier="360G-2", recipient="Nobody we know")
    member, funder = make.seat(round, label="Member"), make.seat(round, label="Funder")
    make_fund.member(bid.organisation, member.person)
    make_fund.member(
        make_fund.organisation(make_fund.person(), name="The Riverside Trust", postcode="DL3 7AA"), funder.person
    )
    grant = "Youth nights (a grant of Riverside Trust), awarded on 3 May 2024"
    found = said(round)
    assert found["Funder"] == [("past", f"Belongs to the funder of {grant}")]
    assert found["Member"][0][1].endswith(f"{WHEN}; {grant}")


def test_a_trustee_of_the_register_is_asked_about_with_the_awards(again):
    round, bid, _award = again
    number = db.session.query(Identifier).filter_by(organisation_id=bid.organisation_id).first()
    make_fund._add(RegisterAnswer(scheme=number.scheme, number=number.number, answered_at=clock.now(), facts={"trustees": ["BELL, Jo Ann"]}))  # fmt: skip
    make.seat(round, who=make_fund.person(name="Jo Ann Bell"), label="Trustee")
    [(kind, words)] = said(round)["Trustee"]
    assert kind == "trustee"
    assert words.startswith("The register names a trustee called Jo Ann Bell. Earlier awards: ")
    assert WHEN in words


def test_the_member_and_the_officer_read_it_as_a_hint_and_an_answer_ends_it(again, as_):
    round, bid, award = again
    seat = make.seat(round, who=awarding.lead(award.application))
    row = make.reading(bid, seat, declared=False)
    officer = make_fund.staff("fund_officer", round)
    register = f"/office/rounds/{round.id}/conflicts"
    shown = as_(officer).get(register).text
    assert f"Led {award.reference} (Safe evenings), {WHEN}" in shown
    assert "They are hints, not conflicts" in shown
    client, page = as_(seat.person), f"/assessing/rounds/{round.id}/conflicts"
    assert f"We noticed: Led {award.reference}" in client.get(page).text
    client.post(page, data={f"conflict-{row.id}": "no", f"reason-{row.id}": "I left before it began"})
    assert suggestions.hints_in(round) == []


def test_an_officer_who_is_recused_from_the_earlier_bid_reads_nothing_of_its_award(again, as_):
    round, _bid, award = again
    make.seat(round, who=awarding.lead(award.application))
    officer = make_fund.staff("fund_officer", round)
    register = f"/office/rounds/{round.id}/conflicts"
    assert award.reference in as_(officer).get(register).text
    seat = make.seat(award.round, who=officer)
    make.make.put(award.application, "eligible", None)
    conflicts.declare(make.reading(award.application, seat, declared=False), True, "My sister works there", by=officer, now=clock.now())  # fmt: skip
    make.make.put(award.application, "accepted", None)
    shown = as_(officer).get(register).text
    assert award.reference not in shown
    assert "Safe evenings" not in shown


def test_hints_take_the_same_statements_however_many_awards_there_are(again, statements):
    round, bid, award = again
    make.seat(round, who=awarding.lead(award.application))
    with statements() as few:
        suggestions.hints_in(round)
    for number in range(3):
        more = awarding.accepted(award.round)
        more.organisation_id = bid.organisation_id
        another_funders(bid, identifier=f"360G-{number}")
        make.seat(round)
        make.bid(round)
    db.session.flush()
    with statements() as many:
        suggestions.hints_in(round)
    assert len(many) <= len(few) + 1  # people of funders are asked for when there is a grant of one
