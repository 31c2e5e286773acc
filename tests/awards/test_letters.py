"""A letter says what was decided, is re-issued to the byte, and proves itself to anybody (rule 12)."""

import io
import locale
import os
import time as clock_of_machine

import pypdf
import pytest

from awards import delivery, letter_facts, letters, payments
from awards.letter_markdown import TemplateProblem
from awards.letter_words import document_of
from awards.tables import Letter
from awards.tranches import tranches_of
from fund.core import clock
from fund.core.outbox import OutboxMessage
from fund.core.pdf.document import plain_text
from tests.core.pdf.pdf_helpers import failures
from tests.factories import awards as given
from tests.factories import fund as make
from tests.kept import kept

HOSTILE = "<b>Ünïcode</b> & Söns <img src=/etc/passwd> \u202egnp.exe שלום 🎉 " + "x" * 300


@pytest.fixture
@kept
def award(round):
    return given.offered(round, 1_825_000)


def the_letter(award) -> Letter:
    return letters.current_letter(award)


def test_the_award_letter_states_everything_that_was_decided(round):
    bid = given.bid(round, asked_pence=1_825_000)
    given.decided(bid, amount_pence=1_500_000, conditions=["Send us the venue agreement."])
    words = plain_text(document_of(Letter.query.filter_by(application_id=bid.id).one().facts))
    for fact in (
        bid.reference, bid.title, bid.organisation.name, given.lead(bid).name, "£15,000.00", "£18,250.00", "1 June 2026",
        "28 February 2027", "Tuesday 3 March 2026", "Send us the venue agreement.", "Safeguarding and DBS", given.REASONS,
        "1. Priority 1", "£5,000.00", "Our acceptance of return 1", "14 September 2026", "complaints within 20 working days",
        "/verify", "section 143", "Signatory 1",
    ):  # fmt: skip
        assert fact in words, fact
    assert "Signatory 2" not in words


def test_a_group_without_legal_person_gets_two_places_to_sign_and_one_payment(round):
    bid = given.bid(round, asked_pence=480_000, legal_form="unincorporated")
    given.decided(bid)
    letter = Letter.query.filter_by(application_id=bid.id).one()
    words = plain_text(document_of(letter.facts))
    assert "Signatory 2" in words
    assert "They sign personally" in words
    assert letter.facts["tranches"] == [[1, "2026-06-01", 480_000, "agreement"]]


def test_drawn_again_another_day_place_and_language_it_has_the_same_bytes(award, time, monkeypatch):
    letter = the_letter(award)
    time.move(days=400)
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    clock_of_machine.tzset()
    before = locale.setlocale(locale.LC_ALL)
    try:
        for name in ("de_DE.UTF-8", "C"):
            try:
                locale.setlocale(locale.LC_ALL, name)
            except locale.Error:
                continue
            assert letters.draw_again(letter) == letter.pdf
    finally:
        locale.setlocale(locale.LC_ALL, before)
        monkeypatch.undo()
        clock_of_machine.tzset()
    assert letters.fingerprint(letter.pdf) == letter.sha256
    assert os.environ.get("TZ") != "Pacific/Kiritimati"


def test_a_sent_letter_verifies_as_genuine_by_file_and_by_typed_fingerprint(award):
    letter = the_letter(award)
    assert letters.verify_file(letter.pdf).word == "genuine"
    typed = " ".join(letter.sha256[at : at + 8] for at in range(0, 64, 8)).upper()
    assert letters.verify_text(typed).letter.id == letter.id


@pytest.mark.parametrize("place", [0, 1000, -1])
def test_one_byte_changed_verifies_as_altered(award, place):
    content = bytearray(the_letter(award).pdf)
    content[place] ^= 1
    verdict = letters.verify_file(bytes(content))
    assert (verdict.word, verdict.letter.id) == ("altered", the_letter(award).id)


def test_an_amount_changed_within_the_file_is_altered_and_the_page_says_so(award, client):
    content = the_letter(award).pdf.replace(b'"amount_pence": 1825000', b'"amount_pence": 9825000')
    assert content != the_letter(award).pdf
    page = client.post(
        "/verify", data={"file": (io.BytesIO(content), "letter.pdf")}, content_type="multipart/form-data"
    )
    assert "This letter was altered" in page.text
    assert award.reference in page.text


@pytest.mark.parametrize(
    "content",
    [b"", b"%PDF-1.7 nothing", b'"kind": "award" "number": 1, "reference": "NOT-OURS-1"', b'"kind": "award" ' * 9000],
)
def test_a_file_that_is_none_of_our_letters_is_unknown(award, content):
    assert letters.verify_file(content).word == "unknown"


@pytest.mark.parametrize("typed", ["", "abc", "0" * 64, "f" * 63, "💥" * 64])
def test_a_fingerprint_that_is_not_ours_is_unknown(award, typed):
    assert letters.verify_text(typed).word == "unknown"


@pytest.mark.parametrize("kind", ["offer", "reject"])
def test_every_kind_of_letter_passes_pdf_ua_and_pdf_a(round, kind):
    bid = given.bid(round)
    given.decided(bid, kind)
    assert failures(Letter.query.filter_by(application_id=bid.id).one().pdf) == []


def test_the_text_in_the_pdf_is_the_words_of_the_page(award):
    letter = the_letter(award)
    pages = pypdf.PdfReader(io.BytesIO(letter.pdf)).pages
    drawn = squeeze("".join(page.extract_text() for page in pages))
    for line in plain_text(document_of(letter.facts)).splitlines():
        if not line.startswith("QR code"):  # the words that stand for a picture are not drawn
            assert all(word in drawn for word in line.split()), line


def squeeze(text: str) -> str:
    return "".join(text.split())


def test_hostile_words_make_a_readable_letter(round):
    bid = given.bid(round, title=HOSTILE)
    bid.organisation.name = HOSTILE
    given.decided(bid, reasons=HOSTILE + " good", conditions=[HOSTILE])
    letter = Letter.query.filter_by(application_id=bid.id).one()
    assert failures(letter.pdf) == []
    assert "<img src=/etc/passwd>" in plain_text(document_of(letter.facts))


def test_a_missing_fact_is_an_error_before_sending(award):
    facts = {key: value for key, value in the_letter(award).facts.items() if key != "amount_pence"}
    with pytest.raises(TemplateProblem, match="Line 3: There is nothing to put at “amount”"):
        document_of(facts)


def test_the_letter_that_says_no_gives_the_panels_reasons_for_each_criterion(round):
    from scoring.tables import AgreedScore, Criterion, Moderation

    bid = given.bid(round)
    criterion = make._add(Criterion(round_id=round.id, code="need", title="Local need", guidance="", weight=20, descriptors=list("abcdef"), reads=[], shows=[], optional_for=[], position=1))  # fmt: skip
    person = make.person()
    make._add(AgreedScore(application_id=bid.id, criterion_id=criterion.id, mark=2, reason="Says little about the ward", agreed_at=clock.now(), agreed_by_id=person.id))  # fmt: skip
    make._add(Moderation(application_id=bid.id, strengths="A trusted team", improvements="Name the partners", saved_at=clock.now(), saved_by_id=person.id))  # fmt: skip
    given.decided(bid, "reject")
    words = plain_text(document_of(Letter.query.filter_by(application_id=bid.id).one().facts))
    for said in ("Local need 2 of 5 Says little about the ward", "A trusted team", "Name the partners", given.REASONS):
        assert said in words


def test_ending_a_grant_early_has_its_own_letter_with_reason_money_and_the_way_to_complain(round, as_):
    award = given.in_delivery(round, 900_000)
    (first, *_) = tranches_of(award)
    first.due_on = clock.today(clock.now())
    payment = payments.prepare_payment(first, by=make.staff("finance_officer", round), now=clock.now())
    payments.release_payments([payment], by=make.staff("head_of_fund", round), now=clock.now())
    data = {"reason": "The group has closed its doors.", "recover": "1,200.50"}
    as_(make.staff("head_of_fund", round)).post(f"/office/awards/{award.id}/end", data=data)
    letter = Letter.query.filter_by(kind="ending").one()
    words = plain_text(document_of(letter.facts))
    for said in (
        "Your grant ends early", "The group has closed its doors.", "£9,000.00", "£3,000.00", "Pay back £1,200.50 by 5 March 2026",
        "Write to", "complaints within 20 working days", "Somebody who did not decide to end your grant", "/verify",
    ):  # fmt: skip
        assert said in words, said
    assert failures(letter.pdf) == []
    lead = given.lead(award.application)
    message = OutboxMessage.query.filter_by(template="terminated", recipient=lead.email).one()
    assert f"/letters/{letter.id}" in message.body
    assert "£1,200.50 by 5 March 2026" in message.body
    assert "Pay it by 5 March 2026" in as_(lead).get(f"/grants/{award.id}").text


def test_a_grant_that_ends_early_with_nothing_to_pay_back_says_nothing_of_it(round):
    award = given.in_delivery(round, 900_000)
    delivery.end_early(award, "No longer needed.", 0, by=make.staff("head_of_fund", round), now=clock.now())
    words = plain_text(document_of(Letter.query.filter_by(kind="ending").one().facts))
    assert "No longer needed." in words
    assert "Money to pay back" not in words


def test_a_letter_names_the_round_beside_the_fund_without_saying_the_fund_twice(round):
    round.title = f"{round.fund.name}: second round"
    award = given.offered(round)
    assert letters.current_letter(award).facts["round"] == "second round"
    round.title = round.fund.name
    assert letter_facts.common_facts(award.application, "award", 2, clock.now())["round"] == round.fund.name
