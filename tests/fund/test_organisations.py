"""Organisations: what they say of themselves, their numbers, their people, and what a stranger sees (nothing)."""

import pytest
from sqlalchemy import select

from fund import members, organisations, people, sign_in
from fund.core import audit, clock
from fund.core.database import db
from fund.core.outbox import OutboxMessage
from fund.core.problems import Forbidden, Problem, Stale, WrongMoment
from fund.tables import Organisation
from tests.factories import fund as make
from tests.kept import kept

GROUP = {"name": "Back Street Neighbours", "legal_form": "unincorporated", "town": "Ferryhill", "postcode": "dl179zz"}


@pytest.fixture
@kept
def lead(database):
    return make.person(name="Amina Clarke")


@pytest.fixture
@kept
def charity(lead):
    return make.organisation(lead, confirmed=None, name="Lamplight Mentors")


@pytest.fixture
@kept
def colleague(charity):
    who = make.person(name="Ben Hartley")
    make.member(charity, who)
    return who


def invite(charity, email, by):
    return members.invite_member(charity, email, by=by, now=clock.now())


def sign_in_as(email):
    """What a first right code does."""
    code = sign_in.send_code(email, source=None, now=clock.now())
    return sign_in._let_in(code, clock.now())


def test_somebody_adds_an_organisation_and_becomes_its_lead(as_, lead):
    answer = as_(lead).post("/organisations/new", data=GROUP)
    added = db.session.scalar(select(Organisation))
    assert answer.location == f"/organisations/{added.id}"
    assert (added.name, added.postcode, added.version) == ("Back Street Neighbours", "DL17 9ZZ", 1)
    assert members.is_lead_of_organisation(lead, added)


def test_an_organisation_on_a_register_is_asked_for_its_number_next(as_, lead):
    answer = as_(lead).post("/organisations/new", data=GROUP | {"legal_form": "cic"})
    assert answer.location.endswith("/numbers")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": " "}, "Enter the name of your organisation"),
        ({"legal_form": "kingdom"}, "Not a valid choice"),
        ({"legal_form": "individual"}, "Not a valid choice"),
        ({"legal_form": ""}, "Choose what kind of organisation you are"),
        ({"postcode": "DH1"}, "Enter a full UK postcode, like DH1 9ZZ"),
        ({"annual_income_pence": "lots"}, "Enter pounds and pence"),
        ({"email": "nobody"}, "Enter an email address in the correct format"),
        ({"name": "x" * 501}, "Shorten this to 500 characters or fewer"),
    ],
)
def test_bad_input_gets_a_sentence_and_loses_nothing(as_, lead, change, sentence):
    answer = as_(lead).post("/organisations/new", data=GROUP | {"address": "The Old Chapel"} | change)
    assert sentence in answer.text
    assert "The Old Chapel" in answer.text
    assert db.session.scalar(select(Organisation)) is None


def test_a_stranger_finds_no_such_organisation(as_, charity):
    stranger, missing = as_(make.person()), as_(make.person())
    for path in ("", "/change", "/numbers"):
        here, nowhere = stranger.get(f"/organisations/{charity.id}{path}"), missing.get(f"/organisations/999999{path}")
        assert here.status_code == nowhere.status_code == 404
        assert here.text == nowhere.text
    for path in ("/change", "/numbers", "/people", "/leave", f"/numbers/{charity.identifiers[0].id}/remove", "/people/1/lead"):  # fmt: skip
        assert stranger.post(f"/organisations/{charity.id}{path}", data=GROUP).status_code == 404


def test_staff_do_not_use_the_applicants_pages(as_, charity):
    officer = make.staff("fund_officer", make.partnership())
    assert as_(officer).get(f"/organisations/{charity.id}").status_code == 404


def test_somebody_who_left_finds_it_no_more(as_, charity, colleague):
    client = as_(colleague)
    assert client.get(f"/organisations/{charity.id}").status_code == 200
    client.post(f"/organisations/{charity.id}/leave")
    assert client.get(f"/organisations/{charity.id}").status_code == 404
    assert members.organisations_of(colleague) == []


def test_two_people_changing_it_at_once_do_not_lose_each_others_work(charity, lead, colleague):
    seen = charity.version
    organisations.change_organisation(charity, by=colleague, now=clock.now(), seen=seen, town="Seaham")
    with pytest.raises(Stale):
        organisations.change_organisation(charity, by=lead, now=clock.now(), seen=seen, town="Horden")
    assert charity.town == "Seaham"


def test_the_page_carries_the_version_it_was_opened_on(as_, charity, lead):
    data = GROUP | {"version": str(charity.version)}
    client = as_(lead)
    assert client.post(f"/organisations/{charity.id}/change", data=data).status_code == 302
    assert "Somebody else changed this" in client.post(f"/organisations/{charity.id}/change", data=data).text


@pytest.mark.parametrize(
    ("scheme", "typed", "kept"),
    [("GB-CHC", " 990 0201 ", "9900201"), ("GB-COH", "9506232", "09506232"), ("GB-COH", "sc123456", "SC123456")],
)
def test_a_plausible_number_is_kept_as_its_register_writes_it(charity, lead, scheme, typed, kept):
    added = organisations.add_identifier(charity, scheme, typed, by=lead, now=clock.now())
    assert (added.number, added.check_result) == (kept, None)


@pytest.mark.parametrize(("scheme", "typed"), [("GB-CHC", "12"), ("GB-CHC", "99002O1"), ("GB-COH", "१२३४५६७८"), ("GB-XXX", "1")])  # fmt: skip
def test_a_number_of_the_wrong_shape_is_explained(charity, lead, scheme, typed):
    with pytest.raises(Problem):
        organisations.add_identifier(charity, scheme, typed, by=lead, now=clock.now())


def test_the_page_says_what_shape_a_number_has(as_, charity, lead):
    answer = as_(lead).post(f"/organisations/{charity.id}/numbers", data={"scheme": "GB-CHC", "number": "12"})
    assert "Charity number must be 6 or 7 digits, like 279417" in answer.text
    assert 'value="12"' in answer.text


def test_the_same_number_is_on_the_list_once(charity, lead):
    number = charity.identifiers[0]
    with pytest.raises(Problem, match="already"):
        organisations.add_identifier(charity, number.scheme, number.number, by=lead, now=clock.now())


def test_a_number_that_was_checked_cannot_be_taken_off(charity, lead):
    officer = make.staff("fund_officer", make.partnership())
    number = charity.identifiers[0]
    organisations.record_check(number, "removed", "Seen on the register", by=officer, now=clock.now())
    with pytest.raises(WrongMoment):
        organisations.remove_identifier(charity, number, by=lead, now=clock.now())


def test_another_organisations_number_cannot_be_taken_off(as_, charity, lead):
    other = make.organisation(make.person(), confirmed=None)
    answer = as_(lead).post(f"/organisations/{charity.id}/numbers/{other.identifiers[0].id}/remove")
    assert answer.status_code == 404
    assert len(other.identifiers) == 1


def test_a_check_keeps_who_when_what_and_how_and_the_earlier_one_stays(as_, charity, time):
    officer, number = make.staff("fund_officer", make.partnership(), name="Sam Reed"), charity.identifiers[0]
    client = as_(officer)
    page = f"/office/identifiers/{number.id}"
    client.post(page, data={"result": "confirmed", "evidence": "Register page, same name"})
    time.move(minutes=5)
    assert client.post(page, data={"result": "removed", "evidence": "Taken off on 1 March"}).status_code == 302
    first, second = reversed(organisations.checks_of(number))
    assert (first.result, first.evidence, first.checked_by) == ("confirmed", "Register page, same name", officer)
    assert (number.check_result, number.check_evidence, number.checked_at) == ("removed", second.evidence, second.checked_at)  # fmt: skip
    assert [line.action for line in audit.lines_about(charity)] == ["identifier.check"] * 2
    shown = client.get(f"/office/organisations/{charity.id}").text
    assert "Taken off on 1 March" in shown
    assert "Sam Reed" in shown


@pytest.mark.parametrize("data", [{}, {"result": "confirmed"}, {"result": "maybe", "evidence": "x"}, {"evidence": "x"}])
def test_a_check_needs_a_result_and_its_evidence(as_, charity, data):
    officer = make.staff("fund_officer", make.partnership())
    answer = as_(officer).post(f"/office/identifiers/{charity.identifiers[0].id}", data=data)
    assert "There is a problem" in answer.text
    assert charity.identifiers[0].check_result is None


def test_nobody_checks_the_numbers_of_their_own_organisation(as_, charity):
    officer = make.staff("fund_officer", make.partnership())
    make.member(charity, officer)
    answer = as_(officer).post(f"/office/identifiers/{charity.identifiers[0].id}", data={"result": "confirmed", "evidence": "I know"})  # fmt: skip
    assert answer.status_code == 403
    with pytest.raises(Forbidden):
        organisations.record_check(charity.identifiers[0], "confirmed", "I know", by=officer, now=clock.now())


@pytest.mark.parametrize(("role", "status"), [("fund_officer", 200), ("head_of_fund", 200), ("grant_manager", 200), ("finance_officer", 403), ("auditor", 403), ("administrator", 403), ("evaluator", 404)])  # fmt: skip
def test_who_may_record_a_check(as_, charity, role, status):
    person = make.staff(role, make.partnership())
    assert as_(person).get(f"/office/identifiers/{charity.identifiers[0].id}").status_code == status


def test_a_number_given_twice_is_shown_to_staff_and_to_neither_group(as_, charity, lead):
    other = make.organisation(make.person(), confirmed=None, name="Copycat Club")
    number = charity.identifiers[0]
    organisations.add_identifier(other, number.scheme, number.number, by=lead, now=clock.now())
    officer = make.staff("fund_officer", make.partnership())
    assert "also given by Copycat Club" in as_(officer).get(f"/office/organisations/{charity.id}").text
    assert "Copycat Club" not in as_(lead).get(f"/organisations/{charity.id}").text


def test_somebody_we_know_joins_at_once_and_is_told(as_, charity, lead):
    dev = make.person(email="dev@example.org")
    as_(lead).post(f"/organisations/{charity.id}/people", data={"email": "Dev@Example.org"})
    assert members.is_member_of(dev, charity)
    mail = db.session.scalar(select(OutboxMessage))
    assert mail.recipient == "dev@example.org"
    assert "Lamplight Mentors" in mail.body
    assert "Lamplight" not in mail.subject


def test_an_unknown_address_joins_when_it_first_signs_in(charity, lead):
    invite(charity, "new@example.org", lead)
    assert people.find_person("new@example.org") is None
    newcomer = sign_in_as("new@example.org")
    assert members.is_member_of(newcomer, charity)
    assert not members.is_lead_of_organisation(newcomer, charity)


def test_an_invitation_lapses_after_a_fortnight_and_can_be_taken_back(charity, lead, time):
    invite(charity, "late@example.org", lead)
    members.withdraw_invitation(invite(charity, "mistake@example.org", lead), by=lead, now=clock.now())
    assert not members.is_member_of(sign_in_as("mistake@example.org"), charity)
    time.move(days=14)
    assert not members.is_member_of(sign_in_as("late@example.org"), charity)


def test_nobody_is_invited_twice(charity, lead, colleague):
    invite(charity, "new@example.org", lead)
    with pytest.raises(Problem, match="invited already"):
        invite(charity, "NEW@example.org", lead)
    with pytest.raises(Problem, match="already belongs"):
        invite(charity, colleague.email, lead)


def test_only_the_lead_invites_hands_over_and_takes_people_off(as_, charity, lead, colleague):
    client = as_(colleague)
    for path, data in (("people", {"email": "x@example.org"}), (f"people/{colleague.id}/lead", {}), (f"people/{lead.id}/remove", {})):  # fmt: skip
        answer = client.post(f"/organisations/{charity.id}/{path}", data=data)
        assert answer.status_code == 403
        assert "Only the lead of your organisation can do this." in answer.text
    assert members.is_lead_of_organisation(lead, charity)


def test_the_lead_hands_over_and_may_then_leave(as_, charity, lead, colleague):
    client = as_(lead)
    client.post(f"/organisations/{charity.id}/leave")
    assert members.is_lead_of_organisation(lead, charity)
    client.post(f"/organisations/{charity.id}/people/{colleague.id}/lead")
    assert members.is_lead_of_organisation(colleague, charity)
    client.post(f"/organisations/{charity.id}/leave")
    assert not members.is_member_of(lead, charity)


def test_a_stranger_cannot_be_made_lead(as_, charity, lead):
    stranger = make.person()
    assert as_(lead).post(f"/organisations/{charity.id}/people/{stranger.id}/lead").status_code == 404
    assert members.is_lead_of_organisation(lead, charity)


def test_somebody_who_left_can_be_invited_back(charity, lead, colleague):
    members.end_membership(charity, colleague, by=lead, now=clock.now())
    invite(charity, colleague.email, lead)
    assert members.is_member_of(colleague, charity)


def test_the_office_list_filters_sorts_and_exports_without_formulas(as_, charity):
    make.organisation(make.person(), legal_form="unincorporated", name="=cmd|' /C calc'!A1", town="Seaham")
    client = as_(make.staff("fund_officer", make.partnership()))
    assert "Lamplight" not in client.get("/office/organisations?numbers=without").text
    assert "Lamplight" in client.get("/office/organisations?numbers=unchecked&form=cio&q=lamp").text
    assert "Lamplight" in client.get(f"/office/organisations?q={charity.identifiers[0].number}").text
    names = client.get("/office/organisations?sort=-name").text
    assert names.index("Lamplight") < names.index("calc")
    sheet = client.get("/office/organisations?format=csv&sort=name").text
    assert "'=cmd" in sheet
