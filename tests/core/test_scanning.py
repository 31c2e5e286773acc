"""What waits for the virus scanner is given to nobody, what is infected is never kept, and a silent scanner passes nothing."""

import io
import socket

import pytest
from sqlalchemy import func, select

from applications import documents
from applications.forms import form_of
from applications.submission import latest_submission, submit_application
from fund import policies
from fund.core import clock, files, quarantine, scanning
from fund.core.audit import AuditEvent
from fund.core.database import db
from fund.core.files import CLEAN, INFECTED, WAITING, Held, StoredFile
from fund.core.outbox import OutboxMessage
from fund.core.problems import Problem
from fund.core.settings import Settings
from tests.factories import applications as make_bid
from tests.factories import fund as make
from tests.factories import uploads as make_file
from tests.factories.scanner import EICAR, FakeScanner, use

KEY = "a key for tests that is long enough"


@pytest.fixture
def scanner(app, monkeypatch):
    fake = FakeScanner()
    use(app, monkeypatch, clamd=fake.address)
    yield fake
    fake.stop()


@pytest.fixture
def away(app, monkeypatch):
    """A scanner that nobody listens for."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
    use(app, monkeypatch, clamd=address)


def put(content: bytes = b"words", name: str = "notes.txt", by=None) -> StoredFile:
    return files.store(content, name, "text/plain", by=by, now=clock.now())


def messages() -> list[OutboxMessage]:
    return list(db.session.scalars(select(OutboxMessage).where(OutboxMessage.template == "file_infected")))


def test_a_clean_file_is_open_at_once(database, scanner):
    row = put(b"x" * 200_000)
    assert (row.scan_state, row.scanned_at) == (CLEAN, clock.now())
    assert files.read(row) == b"x" * 200_000
    assert scanner.asked == [b"x" * 200_000], "every byte of it was looked at"


@pytest.mark.parametrize("content", [EICAR, make_file.pdf() + EICAR, make_file.office("docx") + EICAR], ids=["text", "pdf", "docx"])  # fmt: skip
def test_an_infected_upload_is_refused_and_nothing_is_kept(database, scanner, content):
    with pytest.raises(Problem, match="“notes.txt” holds a virus, so we did not keep it") as refused:
        put(content)
    assert refused.value.field == "files"
    assert db.session.scalar(select(func.count()).select_from(StoredFile)) == 0
    import hashlib

    assert not files.the_store().has(hashlib.sha256(content).hexdigest())


def test_without_a_scanner_everything_is_as_before(app, database):
    row = put(EICAR)
    assert row.scan_state is None
    assert files.read(row) == EICAR
    assert quarantine.scan_files(clock.now()) is None


def test_a_scanner_that_is_away_holds_the_file(database, away):
    row = put()
    assert row.scan_state == WAITING
    with pytest.raises(Held, match="being checked for viruses") as held:
        files.read(row)
    assert held.value.status == 409
    assert quarantine.scan_files(clock.now()) == "1 still waiting"
    assert row.scan_state == WAITING


def test_a_scanner_that_says_nothing_holds_the_file_and_soon(database, scanner, monkeypatch):
    monkeypatch.setattr(scanning, "IN_UPLOAD_SECONDS", 0.3)
    scanner.silent = True
    assert put().scan_state == WAITING


def test_a_file_larger_than_the_scanner_takes_is_held_and_stops_no_other(database, scanner, app, monkeypatch):
    scanner.most = 1_000
    large, small = put(b"x" * 500_000), put(b"small")
    assert (large.scan_state, small.scan_state) == (WAITING, CLEAN)
    small.scan_state = WAITING
    db.session.flush()
    assert quarantine.scan_files(clock.now()) == "1 clean, 1 still waiting"


def test_the_job_opens_what_is_clean(database, app, monkeypatch, away):
    row = put()
    fake = FakeScanner()
    use(app, monkeypatch, clamd=fake.address)
    assert quarantine.scan_files(clock.now()) == "1 clean"
    fake.stop()
    assert files.read(row) == b"words"


def test_the_job_removes_what_is_infected_under_every_name(database, app, monkeypatch, away):
    row, again = put(EICAR), put(EICAR, "other.txt")
    fake = FakeScanner()
    use(app, monkeypatch, clamd=fake.address)
    quarantine.scan_files(clock.now())
    fake.stop()
    for each in (row, again):
        assert (each.scan_state, each.scan_found) == (INFECTED, "Eicar-Test-Signature")
        with pytest.raises(Held, match="held a virus"):
            files.read(each)
    assert not files.the_store().has(row.sha256)
    lines = select(func.count()).select_from(AuditEvent).where(AuditEvent.action == "file.infected")
    assert db.session.scalar(lines) == 2


def test_bytes_that_could_not_be_removed_go_with_the_next_run(database, scanner):
    row = put(b"words")
    row.scan_state, row.scanned_at, row.scan_found = INFECTED, clock.now(), "x"
    db.session.flush()
    quarantine.scan_files(clock.now())
    assert not files.the_store().has(row.sha256)


def test_what_our_own_software_draws_waits_for_nobody(database, away):
    row = files.store(b"%PDF", "pack.pdf", "application/pdf", by=None, now=clock.now(), made_here=True)
    assert files.read(row) == b"%PDF"


def test_the_command_looks_at_what_was_kept_before_there_was_a_scanner(app, database, monkeypatch):
    run = app.test_cli_runner().invoke
    clean, sick = put(), put(EICAR, "sick.txt")
    assert "Set FUND_CLAMD" in run(args=["scan-documents"]).output
    fake = FakeScanner()
    use(app, monkeypatch, clamd=fake.address)
    asked = run(args=["scan-documents"])
    fake.stop()
    assert "1 clean, 1 infected, 0 not looked at." in asked.output
    assert (db.session.get_one(StoredFile, clean.id).scan_state, db.session.get_one(StoredFile, sick.id).scan_state) == (CLEAN, INFECTED)  # fmt: skip


@pytest.mark.parametrize("address", ["3310", "scanner:none", "127.0.0.1:0", ":3310"])
def test_a_wrong_address_stops_the_start_with_a_sentence(address):
    with pytest.raises(ValueError, match="FUND_CLAMD must be host:port"):
        scanning.check_settings(Settings(secret_key=KEY, clamd=address))


def test_every_store_is_read_through_the_one_door():
    """Whoever gives a file out calls `files.read`; only the scanner's job and the copying may pass by."""
    from pathlib import Path

    root = Path(__file__).resolve().parents[2]
    allowed = {"files.py", "quarantine.py", "moving.py", "commands.py", "stores.py"}
    past = [
        str(path.relative_to(root))
        for package in ("fund", "applications", "scoring", "awards", "evaluation")
        for path in (root / package).rglob("*.py")
        if any(words in path.read_text() for words in ("the_store(", "files.fetch(", "store_for(", "import fetch"))
        and not (path.parent.name == "core" and path.name in allowed)
    ]
    assert past == []


# A bid whose papers wait.


@pytest.fixture
def lead(database):
    return make.person("Ada Lead")


@pytest.fixture
def draft(lead):
    return make_bid.complete_draft(lead)


@pytest.fixture(autouse=True)
def _later_packages(monkeypatch):
    from applications.workflow import APPLICATION

    for name in APPLICATION.unregistered():
        for shelf in (APPLICATION.needs, APPLICATION.tells, APPLICATION.who):
            monkeypatch.setitem(shelf, name, lambda *_given, **_facts: True)


def add(draft, by, content=None, name="rules.pdf", **facts):
    question = form_of(draft).by_key["documents"]
    return documents.add_document(
        draft, question, "safeguarding", content or make_file.pdf(), name, by=by, now=clock.now(), **facts
    )


def test_neither_applicant_nor_staff_can_open_what_waits_and_both_read_why(as_, draft, lead, away):
    document, officer = add(draft, lead), make.staff("fund_officer", draft.round)
    for person, page, file in (
        (lead, f"/applications/{draft.id}/questions/documents", f"/applications/{draft.id}/documents/{document.id}"),
        (officer, f"/office/applications/{draft.id}", f"/office/applications/{draft.id}/documents/{document.id}"),
    ):
        client = as_(person)
        shown = client.get(page)
        assert "Being checked for viruses" in shown.text
        assert file not in shown.text, "no link to what cannot be opened"
        refused = client.get(file)
        assert refused.status_code == 409
        assert "This file is being checked for viruses." in refused.text
    assert "being checked for viruses" in as_(lead).get(f"/applications/{draft.id}/check").text


def test_a_bid_may_be_sent_meanwhile_and_its_snapshot_says_so(draft, lead, away):
    add(draft, lead)
    submit_application(draft, "Ada", "Chair", by=lead, now=clock.now())
    assert '"state":"waiting"' in latest_submission(draft).snapshot


def test_the_upload_says_that_a_file_holds_a_virus_and_the_others_stay(as_, draft, lead, scanner):
    sent = [(io.BytesIO(make_file.pdf()), "good.pdf"), (io.BytesIO(EICAR), "bad.txt")]
    page = as_(lead).post(
        f"/applications/{draft.id}/questions/documents/documents", data={"kind": "safeguarding", "files": sent}
    )
    assert "“bad.txt” holds a virus, so we did not keep it." in page.text
    assert [row.file.name for row in documents.documents_of(draft, form_of(draft).by_key["documents"])] == ["good.pdf"]


def test_found_later_the_row_stays_the_writers_are_told_and_another_can_be_added(
    as_, app, draft, lead, monkeypatch, away
):
    document = add(draft, lead, EICAR, "bad.txt")
    fake = FakeScanner()
    use(app, monkeypatch, clamd=fake.address)
    quarantine.scan_files(clock.now())
    page = as_(lead).get(f"/applications/{draft.id}/questions/documents").text
    assert "This file held a virus, so we removed it." in page
    assert "Held a virus, removed" in page
    (message,) = messages()
    assert message.recipient == lead.email
    assert f"/applications/{draft.id}/questions/documents" in message.body
    assert "bad.txt" not in message.subject
    assert as_(lead).get(f"/applications/{draft.id}/documents/{document.id}").status_code == 409
    assert add(draft, lead).file.scan_state == CLEAN
    fake.stop()


def test_a_paper_of_the_vault_that_held_a_virus_is_told_and_not_offered(app, draft, lead, monkeypatch, away):
    policies.add_policy(draft.organisation, "insurance", EICAR, "cover.txt", None, by=lead, now=clock.now())
    fake = FakeScanner()
    use(app, monkeypatch, clamd=fake.address)
    quarantine.scan_files(clock.now())
    fake.stop()
    assert [f"/organisations/{draft.organisation_id}/papers" in each.body for each in messages()] == [True]
    assert documents.ready_policies(draft, [], lead, clock.today()) == []


def test_a_pack_with_a_virus_is_not_read(database, scanner):
    from applications.packs.opening import open_pack

    content = make_file.office("docx") + EICAR
    with pytest.raises(Problem, match="holds a virus") as refused:
        open_pack(content, "pack.docx", most_megabytes=10)
    assert refused.value.field == "pack"
