"""A letter with ink on it is as good as a signature online, once somebody of the fund has compared it."""

import socket
from datetime import timedelta
from io import BytesIO

import pytest

from awards import acceptance, letters, signed_copies
from awards.jobs import lapse_offers, remind_offers
from awards.tables import Letter, SignedCopy
from fund.core import clock, quarantine
from fund.core.outbox import OutboxMessage
from fund.core.problems import Forbidden, Problem, WrongMoment
from tests.factories import awards as given
from tests.factories import fund as make
from tests.factories import uploads
from tests.factories.scanner import FakeScanner, use
from tests.kept import kept


@pytest.fixture
@kept
def award(round):
    return given.offered(round)


@pytest.fixture
@kept
def manager(round):
    return make.staff("grant_manager", round)


def send(award, roles=("Chair",), name="signed.pdf", content=None):
    lead = given.lead(award.application)
    return signed_copies.send_copy(award, content or uploads.pdf(), name, list(roles), by=lead, now=clock.now())


def test_a_compared_copy_accepts_the_offer_and_is_a_signature_of_the_letter(award, manager):
    copy = send(award)
    assert award.application.status == "offered"
    assert OutboxMessage.query.filter_by(template="signed_copy").count() == 1
    signed_copies.accept_copy(copy, by=manager, now=clock.now())
    (row,) = acceptance.acceptances_of(award)
    assert (award.application.status, row.copy_id, row.role) == ("accepted", copy.id, "Chair")
    assert row.letter_sha256 == letters.agreement_letter(award).sha256
    with pytest.raises(WrongMoment):
        signed_copies.accept_copy(copy, by=manager, now=clock.now())


def test_a_group_names_its_second_signatory_before_it_sends_paper(round, manager):
    award = given.offered(round, 480_000, legal_form="unincorporated")
    lead = given.lead(award.application)
    with pytest.raises(Problem, match="Name everybody who signs first"):
        send(award)
    acceptance.name_signatory(award, 2, "Sam Poole", "sam@example.org", by=lead, now=clock.now())
    with pytest.raises(Problem) as refused:
        send(award, ("Chair", " "))
    assert refused.value.field == "role_2"
    given.sign(award, lead)
    signed_copies.accept_copy(send(award, ("Chair", "Treasurer")), by=manager, now=clock.now())
    assert [row.copy_id is None for row in acceptance.acceptances_of(award)] == [True, False]
    assert award.application.status == "accepted"


def test_a_copy_sent_in_time_counts_though_it_is_compared_later(award, manager, time):
    copy = send(award)
    time.move(days=40)
    assert lapse_offers(clock.now()) is None
    signed_copies.accept_copy(copy, by=manager, now=clock.now())
    assert award.application.status == "accepted"


def test_a_copy_sent_back_late_lets_the_offer_end(award, manager, time):
    copy = send(award)
    time.move(days=40)
    signed_copies.refuse_copy(copy, "The last page is missing.", by=manager, now=clock.now())
    assert OutboxMessage.query.filter_by(template="signed_copy_refused").count() == 1
    assert lapse_offers(clock.now()) == "1 lapsed"
    with pytest.raises(WrongMoment):
        send(award)


def test_a_newer_copy_replaces_the_one_that_waits(award, manager):
    first, second = send(award), send(award)
    assert (first.outcome, signed_copies.waiting_copy(award).id) == ("replaced", second.id)
    with pytest.raises(WrongMoment):
        signed_copies.accept_copy(first, by=manager, now=clock.now())


def test_a_changed_signatory_makes_the_copy_worthless(award, manager):
    copy, lead = send(award), given.lead(award.application)
    acceptance.name_signatory(award, 1, "Sam Poole", "sam@example.org", by=lead, now=clock.now())
    with pytest.raises(WrongMoment, match="Other people are named"):
        signed_copies.accept_copy(copy, by=manager, now=clock.now())
    assert acceptance.acceptances_of(award) == []


def test_people_of_the_grantee_never_check_their_own_copy(award):
    copy = send(award)
    with pytest.raises(Forbidden):
        signed_copies.accept_copy(copy, by=given.lead(award.application), now=clock.now())


@pytest.mark.parametrize(("name", "content"), [("signed.docx", b"x"), ("signed.pdf", b"no pdf"), ("signed.exe", b"MZ")])
def test_what_is_no_scan_is_refused_beside_the_file(award, name, content):
    with pytest.raises(Problem) as refused:
        send(award, name=name, content=content)
    assert refused.value.field == "files"


def test_from_the_page_of_the_grant_to_the_manager_who_compares(award, manager, as_):
    lead = given.lead(award.application)
    grantee, office = as_(lead), as_(manager)
    assert "Sign on paper instead" in grantee.get(f"/grants/{award.id}").text
    address = f"/grants/{award.id}/signed-copy"
    assert f"Role of {lead.name}" in grantee.get(address).text
    assert "Choose the scan" in grantee.post(address, data={"role_1": "Chair"}).text
    file = (BytesIO(uploads.pdf()), "signed.pdf")
    grantee.post(address, data={"role_1": "Chair", "files": file}, content_type="multipart/form-data")
    copy = SignedCopy.query.one()
    assert "You sent a signed copy" in grantee.get(f"/grants/{award.id}").text
    assert "To compare" in office.get(f"/office/awards/{award.id}").text
    assert f"{lead.name}, Chair" in office.get(f"/office/signed-copies/{copy.id}").text
    assert office.get(f"/office/signed-copies/{copy.id}/file").data.startswith(b"%PDF-")
    assert "what is wrong" in office.post(f"/office/signed-copies/{copy.id}/refuse", data={"why": ""}).text
    for person in (make.person(), lead, make.staff("finance_officer", award.round)):
        assert as_(person).get(f"/office/signed-copies/{copy.id}").status_code in (403, 404)
        assert as_(person).post(f"/office/signed-copies/{copy.id}/accept").status_code in (403, 404)
    office.post(f"/office/signed-copies/{copy.id}/accept")
    assert award.application.status == "accepted"
    assert "on paper" in office.get(f"/office/awards/{award.id}").text


def test_a_signatory_from_outside_reads_that_letter_signs_and_sees_nothing_else(round, as_):
    award = given.offered(round, 480_000, legal_form="unincorporated")
    lead = given.lead(award.application)
    outsider = acceptance.name_signatory(award, 2, "Sam Poole", "sam@example.org", by=lead, now=clock.now()).person
    letter, client = letters.current_letter(award), as_(outsider)
    assert client.get(f"/letters/{letter.id}").status_code == 200
    assert client.get(f"/letters/{letter.id}/pdf").data == letter.pdf
    assert "Sign and accept" in client.get(f"/grants/{award.id}").text
    client.post(f"/grants/{award.id}/sign", data={"name": "Sam Poole", "role": "Treasurer", "terms_read": "y"})
    given.sign(award, lead)
    assert award.application.status == "accepted"
    page = client.get(f"/grants/{award.id}").text
    assert "Your payments" not in page
    assert "Your returns" not in page
    assert client.get(f"/applications/{award.application_id}").status_code in (403, 404)
    other = given.offered(round, 480_000)
    assert client.get(f"/letters/{letters.current_letter(other).id}").status_code in (403, 404)
    assert client.get(f"/grants/{other.id}").status_code in (403, 404)


def test_a_replaced_signatory_can_no_longer_open_the_letter(round, as_):
    award = given.offered(round, 480_000, legal_form="unincorporated")
    lead = given.lead(award.application)
    first = acceptance.name_signatory(award, 2, "Sam Poole", "sam@example.org", by=lead, now=clock.now()).person
    acceptance.name_signatory(award, 2, "Ann Dee", "ann@example.org", by=lead, now=clock.now())
    assert as_(first).get(f"/letters/{letters.current_letter(award).id}").status_code in (403, 404)


def test_reminders_are_letters_once_a_day_and_reach_signatories_too(round):
    award = given.offered(round, 480_000, legal_form="unincorporated")
    lead = given.lead(award.application)
    acceptance.name_signatory(award, 2, "Sam Poole", "sam@example.org", by=lead, now=clock.now())
    moment = award.accept_by - timedelta(days=7, hours=10)
    for _ in range(2):
        remind_offers(moment)
    reminder = Letter.query.filter_by(kind="reminder").one()
    assert reminder.facts["days"] == 7
    assert letters.draw_again(reminder) == reminder.pdf
    assert OutboxMessage.query.filter_by(template="offer_reminder").count() == 1
    assert OutboxMessage.query.filter_by(template="please_sign", recipient="sam@example.org").count() == 1


def test_a_copy_that_waits_for_the_scanner_counts_when_it_is_clean_and_not_before(
    app, award, manager, as_, monkeypatch
):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        use(app, monkeypatch, clamd=f"127.0.0.1:{taken.getsockname()[1]}")
    copy = send(award)
    client = as_(manager)
    page = client.get(f"/office/signed-copies/{copy.id}").text
    assert "Being checked for viruses" in page
    assert "The signatures are right" not in page
    assert client.get(f"/office/signed-copies/{copy.id}/file").status_code == 409
    with pytest.raises(WrongMoment, match="being checked"):
        signed_copies.accept_copy(copy, by=manager, now=clock.now())
    scanner = FakeScanner()
    use(app, monkeypatch, clamd=scanner.address)
    quarantine.scan_files(clock.now())
    scanner.stop()
    signed_copies.accept_copy(copy, by=manager, now=clock.now())
    assert award.application.status == "accepted"


def test_a_copy_that_held_a_virus_is_as_if_it_had_not_come(app, award, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        use(app, monkeypatch, clamd=f"127.0.0.1:{taken.getsockname()[1]}")
    copy = send(award)
    scanner = FakeScanner()
    scanner.sick.append(b"%PDF")
    use(app, monkeypatch, clamd=scanner.address)
    quarantine.scan_files(clock.now())
    assert (copy.outcome, copy.why) == ("replaced", "“signed.pdf” held a virus. We removed it and nobody opened it.")
    assert "held a virus" in OutboxMessage.query.filter_by(template="signed_copy_refused").one().body
    scanner.sick.clear()
    assert send(award).outcome is None, "another can be sent"
    scanner.stop()
