"""A signed letter stays the same file for ever, keeps both standards, and the page that checks it says what the signature is worth."""

import io
import locale
import re
import socket
import time as clock_of_machine
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

import pikepdf
import pypdf
import pytest

from applications.submission import withdraw
from awards import delivery, jobs, letter_batches, letters, offers, schedule, signing, variations, withdrawals
from awards.letter_templates import example_facts
from awards.letter_words import document_of
from awards.tables import Letter
from awards.tables.letters import LETTER_KINDS
from fund.core import clock
from fund.core.certificates import look_at, read_certificate
from fund.core.outbox import OutboxMessage
from fund.core.pdf.document import draw_to_sign
from fund.core.pdf.signing import ROOM, NoPlace, fill_place, signatures_in
from fund.core.problems import Problem
from tests.core.pdf.pdf_helpers import failures
from tests.factories import awards as given
from tests.factories import certificates
from tests.factories import fund as make
from wsgi import create_app

KEY = "a key for tests that is long enough"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Two certificates of ours, one after the other, and a stranger's."""
    folder = tmp_path_factory.mktemp("certificates")
    return {
        "first": certificates.certificate_file(folder),
        "next": certificates.certificate_file(folder, elliptic=True, subject="The next certificate"),
        "stranger": certificates.certificate_file(folder, subject="A stranger"),
    }


@pytest.fixture
def use(app, files, monkeypatch):
    """`use("next")` signs with that certificate from now on, `use(None)` with none."""

    def change(name):
        found = name and read_certificate(files[name], certificates.PASSWORD)
        monkeypatch.setitem(app.extensions, signing.KEPT, found)

    change("first")
    return change


@pytest.fixture
def letter(round, use) -> Letter:
    return letters.current_letter(given.offered(round))


def said(letter: Letter, content: bytes) -> tuple[str, str | None]:
    verdict = letters.verify_file(content)
    return verdict.word, verdict.signature and verdict.signature.word


@pytest.mark.parametrize("kind", LETTER_KINDS)
@pytest.mark.parametrize("certificate", ["first", "next", None])
def test_every_kind_of_letter_passes_pdf_ua_and_pdf_a_signed_or_not(database, use, kind, certificate):
    use(certificate)
    made = signing.make(document_of(example_facts(kind)), now=clock.now())
    assert bool(made.signature) == bool(certificate)
    assert failures(made.pdf) == []


@pytest.fixture
def elsewhere(monkeypatch):
    """`with elsewhere():` the machine stands on the other side of the world and speaks German."""

    @contextmanager
    def go():
        before = locale.setlocale(locale.LC_ALL)
        monkeypatch.setenv("TZ", "Pacific/Kiritimati")
        clock_of_machine.tzset()
        try:
            with suppress(locale.Error):
                locale.setlocale(locale.LC_ALL, "de_DE.UTF-8")
            yield
        finally:
            locale.setlocale(locale.LC_ALL, before)
            monkeypatch.undo()
            clock_of_machine.tzset()

    return go


def test_every_kind_of_letter_that_an_act_makes_is_signed_and_stays_the_same_file(round, use, time, elsewhere):
    """Offer, conditions, refusal, reminder, variation, withdrawal, end and closing letter, each through its act."""
    ended = given.in_delivery(round)
    changed = given.accepted(round)
    head = make.staff("head_of_fund", round)
    asked = variations.propose_variation(changed, 900_000, "Fewer evenings", "The hall is smaller", by=head, now=clock.now())  # fmt: skip
    variations.approve_variation(asked, by=make.staff("decision_maker", round), now=clock.now())
    given.decided(given.bid(round), conditions=["Send us the venue agreement."])
    given.decided(given.bid(round), "reject")
    delivery.end_early(ended, "The group has closed.", 0, by=head, now=clock.now())
    letters.issue_closing_letter(changed, offers.terms_of(changed), now=clock.now())
    left = given.accepted(round)
    withdraw(left.application, "We have no hall.", by=given.lead(left.application), now=clock.now())
    proposal = withdrawals.propose_letter(left, "", by=make.staff("grant_manager", round), now=clock.now())
    withdrawals.approve_letter(proposal, by=head, now=clock.now())
    letters.issue_ineligible_letter(given.bid(round), "Outside the area", now=clock.now())
    time.move(days=14)
    jobs.remind_offers(clock.now())
    found = Letter.query.all()
    assert {each.kind for each in found} == set(LETTER_KINDS)
    use("next")
    time.move(days=800)
    with elsewhere():
        for each in found:
            assert each.signed_with
            assert letters.draw_again(each) == each.pdf
            assert letters.verify_file(each.pdf).signature.word == "holds"


def test_the_signature_tells_the_moment_of_the_letter_and_asks_no_other_machine(letter, monkeypatch):
    def no(*_, **__):
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", no)
    monkeypatch.setattr(socket, "getaddrinfo", no)
    made = signing.make(document_of(letter.facts), now=clock.now())
    assert made.pdf == letter.pdf
    with pikepdf.open(io.BytesIO(made.pdf)) as pdf:
        field = pdf.Root.AcroForm.Fields[0]
        assert str(field.V.M) == "D:20260203120000Z"
        assert str(field.TU).startswith("Digital signature of ")
        assert field.V.SubFilter == "/ETSI.CAdES.detached"


def test_the_words_of_a_signed_letter_are_those_of_an_unsigned_one(letter, use):
    use(None)
    plain = signing.make(document_of(letter.facts), now=clock.now()).pdf
    texts = [
        "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(each)).pages) for each in (plain, letter.pdf)
    ]
    assert texts[0] == texts[1]


def test_the_check_says_genuine_and_that_the_signature_holds(letter, client):
    assert said(letter, letter.pdf) == ("genuine", "holds")
    sent = {"file": (io.BytesIO(letter.pdf), "letter.pdf")}
    page = client.post("/verify", data=sent, content_type="multipart/form-data").text
    assert "This letter is genuine" in page
    assert f"our digital signature ({certificates.SUBJECT}), and the signature holds" in page
    typed = client.post("/verify", data={"fingerprint": letter.sha256}).text
    assert "and the signature holds" in typed


def test_an_unsigned_letter_says_so(round, client):
    letter = letters.current_letter(given.offered(round))
    assert letter.signed_with is None
    assert "without a digital signature" in client.post("/verify", data={"fingerprint": letter.sha256}).text


def test_a_replaced_letter_still_holds(round, use):
    award = given.accepted(round)
    first = letters.current_letter(award)
    head = make.staff("head_of_fund", round)
    asked = variations.propose_variation(award, 900_000, "Less", "Smaller hall", by=head, now=clock.now())
    variations.approve_variation(asked, by=make.staff("decision_maker", round), now=clock.now())
    assert said(first, first.pdf) == ("replaced", "holds")


def test_a_changed_amount_breaks_the_signature(letter, client):
    content = letter.pdf.replace(b'"amount_pence": 1000000', b'"amount_pence": 9000000')
    assert content != letter.pdf
    assert said(letter, content) == ("altered", "broken")
    sent = {"file": (io.BytesIO(content), "letter.pdf")}
    assert "the signature does not hold" in client.post("/verify", data=sent, content_type="multipart/form-data").text


def test_something_added_after_the_signature_is_named(letter, client):
    content = letter.pdf + b"\n% a note of somebody else\n"
    assert said(letter, content) == ("altered", "longer")
    sent = {"file": (io.BytesIO(content), "letter.pdf")}
    assert "added to the file after we signed" in client.post("/verify", data=sent, content_type="multipart/form-data").text  # fmt: skip


def test_a_letter_signed_with_a_strangers_certificate_is_not_ours(letter, use):
    facts = letter.facts | {"amount_pence": 99_000_000}
    use("stranger")
    forged = signing.make(document_of(facts), now=clock.now()).pdf
    use("first")
    assert said(letter, forged) == ("altered", "other")


def test_a_letter_that_nobody_sent_does_not_hold_even_with_our_own_key(letter):
    forged = signing.make(document_of(letter.facts | {"amount_pence": 99_000_000}), now=clock.now()).pdf
    assert said(letter, forged) == ("altered", "broken")


def test_our_signature_moved_into_another_letter_does_not_hold(letter):
    opened, mark, _digest = draw_to_sign(signing._with_place(document_of(letter.facts | {"amount_pence": 99_000_000})))
    assert said(letter, fill_place(opened, mark, letter.signature)) == ("altered", "broken")


def test_an_old_letter_holds_after_the_certificate_has_changed_or_is_gone(letter, use):
    for name in ("next", None):
        use(name)
        assert said(letter, letter.pdf) == ("genuine", "holds")
        assert letters.draw_again(letter) == letter.pdf


@pytest.mark.parametrize(
    "content",
    [
        b"/ByteRange [ 0 5 9 3 ]", b"/ByteRange [ 0 0 0 0 ]" * 500, b"abc<" + b"00" * 50 + b"> /ByteRange [ 0 3 105 24 ]",
        b"abc<30800000> /ByteRange [ 0 3 13 24 ]" + b"x" * 40, b"/ByteRange [ 0 9999999999 9999999999 9999999999 ]",
    ],
)  # fmt: skip
def test_bytes_made_against_the_reader_are_no_signature(database, content):
    assert letters.verify_file(content).signature is None
    assert len(list(signatures_in(content))) <= 20


def test_any_damage_to_a_signature_is_broken_or_none_and_never_an_error(letter):
    at = letter.pdf.index(letter.signature[:40].hex().encode())
    for step in range(0, 2 * len(letter.signature), 61):
        content = bytearray(letter.pdf)
        content[at + step] = ord("0") if content[at + step] != ord("0") else ord("f")
        assert said(letter, bytes(content))[1] in (None, "broken", "other"), step


def test_words_that_imitate_the_place_for_a_signature_change_nothing(round, use):
    imitation = "/ByteRange [ 0 9999999999 9999999999 9999999999 ] /Contents <" + "0" * 200 + ">"
    bid = given.bid(round, title=imitation)
    given.decided(bid, reasons=imitation * 3)
    letter = Letter.query.filter_by(application_id=bid.id).one()
    assert said(letter, letter.pdf) == ("genuine", "holds")
    assert failures(letter.pdf) == []


def test_a_certificate_that_is_over_sends_nothing_and_says_so(app, round, tmp_path, use, monkeypatch):
    over = read_certificate(certificates.certificate_file(tmp_path, ends=2026), certificates.PASSWORD)
    monkeypatch.setitem(app.extensions, signing.KEPT, over)
    bid = given.bid(round)
    given.proposed(bid)
    batch = letter_batches.start_batch(round, by=make.staff("decision_maker", round), now=clock.now())
    letter_batches.work_off(clock.now())
    (item,) = letter_batches.items_of(batch)
    assert item.state == "failed"
    assert item.problem.startswith("The certificate that letters are signed with ended on 1 January 2026. Nothing was sent.")  # fmt: skip
    assert Letter.query.count() == 0
    use("first")
    letter_batches.retry_failed(batch, by=batch.started_by, now=clock.now())
    letter_batches.work_off(clock.now())
    assert Letter.query.one().signed_with


def test_reminders_outlast_a_certificate_that_is_over_and_their_letters_are_made_later(
    app, round, time, tmp_path, use, monkeypatch, as_
):
    one, two = given.offered(round), given.offered(round)
    time.move(days=(schedule.last_day(one.accept_by) - clock.today()).days - 7)
    over = read_certificate(certificates.certificate_file(tmp_path, ends=2026), certificates.PASSWORD)
    monkeypatch.setitem(app.extensions, signing.KEPT, over)
    assert jobs.remind_offers(clock.now()) == "2 waiting for a letter that cannot be made"
    assert jobs.remind_offers(clock.now()) == "2 waiting for a letter that cannot be made"
    mails = OutboxMessage.query.filter_by(template="offer_reminder").all()
    assert sorted(each.recipient for each in mails) == sorted(given.lead(each.application).email for each in (one, two))
    assert Letter.query.filter_by(kind="reminder").count() == 0
    words = "No letter can be made: the signing certificate ended on 1 January 2026"
    for role in ("grant_manager", "fund_officer", "head_of_fund"):
        assert words in as_(make.staff(role, round)).get("/office").text
    use("next")
    time.move(days=2)
    assert jobs.remind_offers(clock.now()) == "2 reminded"
    assert jobs.remind_offers(clock.now()) is None
    made = Letter.query.filter_by(kind="reminder").all()
    assert [each.facts["days"] for each in made] == [5, 5]
    assert all(each.signed_with for each in made)
    assert OutboxMessage.query.filter_by(template="offer_reminder").count() == 2
    assert words not in as_(make.staff("grant_manager", round)).get("/office").text


def test_one_reminder_that_breaks_stops_no_other(round, time, use, monkeypatch):
    broken, whole = given.offered(round), given.offered(round)
    time.move(days=(schedule.last_day(broken.accept_by) - clock.today()).days - 2)
    issue = letters.issue_reminder

    def sometimes(award, *facts, **more):
        letter = issue(award, *facts, **more)
        if award.id == broken.id:
            raise RuntimeError("the drawing broke")
        return letter

    monkeypatch.setattr(letters, "issue_reminder", sometimes)
    assert jobs.remind_offers(clock.now()) == "1 reminded, 1 waiting for a letter that cannot be made"
    assert Letter.query.filter_by(kind="reminder").one().application_id == whole.application_id


def test_administrators_hear_of_the_end_of_the_certificate_once_at_each_stage(
    app, database, time, tmp_path, monkeypatch
):
    soon = read_certificate(certificates.certificate_file(tmp_path, ends=2027), certificates.PASSWORD)
    monkeypatch.setitem(app.extensions, signing.KEPT, soon)
    make.staff("administrator", None)
    heard = {}
    for days in (300, 10, 5, 10, 3, 3, 30):
        time.move(days=days)
        jobs.watch_certificate(clock.now())
        subjects = [each.subject for each in OutboxMessage.query.filter_by(template="certificate_ends")]
        heard[clock.now().date().isoformat()] = len(subjects)
    assert list(heard.values()) == [0, 1, 1, 2, 2, 2, 3], heard
    assert set(subjects) == {"The certificate for letters ends on 1 January 2027"}


def test_a_certificate_that_has_not_begun_signs_nothing(files):
    certificate = read_certificate(files["first"], certificates.PASSWORD)
    with pytest.raises(Problem, match="begins on 1 January 2025"):
        certificate.sign("0" * 64, now=datetime(2024, 12, 31, tzinfo=UTC))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"signing_password": "wrong"}, "does not open"),
        ({"signing_password": ""}, "does not open"),
        ({"signing_certificate": "nowhere.p12"}, "cannot be read"),
        ({"signing_certificate": "."}, "cannot be read"),
    ],
)
def test_a_certificate_that_does_not_open_stops_the_start_with_a_sentence(tmp_path, files, change, sentence):
    settings = {"signing_certificate": str(files["first"]), "signing_password": certificates.PASSWORD} | change
    with pytest.raises(ValueError, match=sentence) as refusal:
        create_app(tmp_path, env="test", secret_key=KEY, **settings)
    assert certificates.PASSWORD not in str(refusal.value)


def test_a_certificate_for_something_else_stops_the_start(tmp_path):
    file = certificates.certificate_file(tmp_path, usage=False)
    with pytest.raises(ValueError, match="is not for signing"):
        create_app(tmp_path, env="test", secret_key=KEY, signing_certificate=file.name, signing_password=certificates.PASSWORD)  # fmt: skip


def test_a_file_in_the_instance_folder_is_named_by_its_name_alone(tmp_path):
    file = certificates.certificate_file(tmp_path, usage=True)
    app = create_app(tmp_path, env="test", secret_key=KEY, signing_certificate=file.name, signing_password=certificates.PASSWORD)  # fmt: skip
    assert app.extensions[signing.KEPT].subject == certificates.SUBJECT
    assert not re.search("PRIVATE|password", repr(app.extensions[signing.KEPT]))


def test_a_signature_larger_than_its_place_is_refused(letter):
    opened, mark, _digest = draw_to_sign(signing._with_place(document_of(letter.facts)))
    with pytest.raises(NoPlace):
        fill_place(opened, mark, b"x" * (ROOM + 1))
    assert look_at(b"", b"") is None
