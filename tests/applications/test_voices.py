"""A voice note is an answer: it counts, it is kept like a paper, staff type its words down, and what was sent names it."""

import io
import json
import socket

import pytest

from applications import corrections, voices
from applications.completeness import facts_for, find_gaps
from applications.form_design import change_question
from applications.forms import form_of, newest_form, questions_of
from applications.packs.sheet import pack_of
from applications.receipts import receipt_document
from applications.standard_form import use_standard_form
from applications.submission import latest_submission, submit_application
from applications.tables import VoiceNote
from fund.core import clock, files, quarantine
from fund.core.audit import AuditEvent
from fund.core.database import db
from fund.core.outbox import OutboxMessage
from fund.core.problems import Forbidden, Problem, Stale, WrongMoment
from tests.factories import applications as make_bid
from tests.factories import fund as make
from tests.factories import sounds
from tests.factories.scanner import FakeScanner, use
from tests.kept import kept


@pytest.fixture
@kept
def draft(lead):
    round = make_bid.allow_voice(make_bid.open_round(), "Q2", "Q3")
    return make_bid.complete_draft(lead, round, Q2=None)


def question(draft, key="Q2"):
    return form_of(draft).by_key[key]


def say(draft, by, content=None, name="answer.webm", key="Q2"):
    return voices.add_note(draft, question(draft, key), content or sounds.webm(80), name, by=by, now=clock.now())


def gaps(draft) -> list[str]:
    return [gap.question.key for gap in find_gaps(form_of(draft), facts_for(draft, {"Q3": "x"})) if gap.question.key in ("Q2", "Q3")]  # fmt: skip


def send(draft, by):
    return submit_application(draft, "Ada", "Chair", by=by, now=clock.now())


def test_a_recording_answers_a_required_question(draft, lead):
    assert gaps(draft) == ["Q2"]
    with pytest.raises(Problem, match="is not ready to send"):
        send(draft, lead)
    say(draft, lead)
    assert gaps(draft) == []
    send(draft, lead)
    assert draft.status == "submitted"


def test_an_officer_allows_it_for_text_questions_only(as_, database):
    round = make.round(published=False)
    use_standard_form(round, by=None, now=clock.now())
    client = as_(make.staff("fund_officer", round))
    rows = {row.key: row for row in questions_of(newest_form(round))}
    address = f"/office/rounds/{round.id}/form/questions/"
    assert "May be answered by a voice note" in client.get(f"{address}{rows['Q2'].id}").text
    assert "May be answered by a voice note" not in client.get(f"{address}{rows['asked'].id}").text
    words = {name: getattr(rows["Q2"], name) or "" for name in ("text", "why", "help", "example", "word_limit")}
    client.post(f"{address}{rows['Q2'].id}", data={**words, "required": "y", "voice": "y", "section": ""})
    assert rows["Q2"].settings == {"voice": True}
    client.post(f"{address}{rows['Q2'].id}", data={**words, "required": "y", "section": ""})
    assert rows["Q2"].settings == {}
    change_question(rows["asked"], by=None, now=clock.now(), text="How much?", voice=True)
    assert "voice" not in rows["asked"].settings


def test_the_question_page_takes_a_recording_by_a_plain_post(as_, draft, lead):
    client, here = as_(lead), f"/applications/{draft.id}/questions/Q2"
    page = client.get(here)
    assert "Or say your answer" in page.text
    assert page.headers["Permissions-Policy"].endswith("microphone=(self)")
    data = {"recording": (io.BytesIO(sounds.m4a(80)), "New Recording.m4a")}
    page = client.post(f"{here}/voice", data=data, follow_redirects=True)
    assert "Your voice note is added." in page.text
    assert "1 minute 20 seconds" in page.text
    note = voices.note_under(draft, question(draft))
    assert f'src="/applications/{draft.id}/voice/{note.id}"' in page.text
    assert f"/voice/{note.id}" in client.get(f"/applications/{draft.id}/check").text
    client.post(f"/applications/{draft.id}/voice/{note.id}/remove")
    assert voices.note_under(draft, question(draft)) is None
    assert gaps(draft) == ["Q2"]
    other = client.get(f"/applications/{draft.id}/questions/Q4")
    assert "Or say your answer" not in other.text
    assert other.headers["Permissions-Policy"].endswith("microphone=()")
    assert client.post(f"/applications/{draft.id}/questions/Q4/voice", data={}).status_code == 404


@pytest.mark.parametrize(
    ("given", "words"), [(None, "Choose a recording"), ((b"<svg>", "a.webm"), "not a recording that we can take"), ((sounds.wav(400, 1_000), "a.wav"), "longer than 5 minutes")]
)  # fmt: skip
def test_what_cannot_be_taken_is_said_beside_the_field(as_, draft, lead, given, words):
    data = {"recording": (io.BytesIO(given[0]), given[1])} if given else {}
    client, address = as_(lead), f"/applications/{draft.id}/questions/Q2/voice"
    assert words in client.post(address, data=dict(data)).text
    data = {"recording": (io.BytesIO(given[0]), given[1])} if given else {}
    heard = client.post(address, data=data, headers={"Accept": "application/json"})
    assert heard.status_code == 422
    assert words in heard.json["error"]
    assert db.session.query(VoiceNote).count() == 0


def test_the_script_sends_what_was_recorded(as_, draft, lead):
    data = {"recording": (io.BytesIO(sounds.webm()), "answer.webm")}
    answer = as_(lead).post(
        f"/applications/{draft.id}/questions/Q2/voice", data=data, headers={"Accept": "application/json"}
    )
    assert (answer.status_code, answer.json) == (200, {"saved": True})


def test_another_recording_takes_the_place_and_the_first_stays_on_record(draft, lead):
    first, second = say(draft, lead), say(draft, lead, sounds.ogg())
    assert first.removed_at == clock.now()
    assert voices.notes_of(draft)["Q2"].id == second.id
    assert files.read(first.file) == sounds.webm(80)


def test_a_player_gets_a_sound_and_nothing_else_and_may_ask_for_a_part(as_, draft, lead):
    note = say(draft, lead)
    client, address = as_(lead), f"/applications/{draft.id}/voice/{note.id}"
    whole = client.get(address)
    assert (whole.mimetype, whole.headers["X-Content-Type-Options"]) == ("audio/webm", "nosniff")
    assert whole.headers["Content-Disposition"].startswith("attachment;")
    assert "media-src 'self'" in whole.headers["Content-Security-Policy"]
    part = client.get(address, headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.data) == (206, sounds.webm(80)[:4])
    with pytest.raises(ValueError, match="is no sound"):
        files.send_sound(b"<html>", "a.html", "text/html")


def test_only_people_of_the_bid_and_staff_listen(as_, draft, lead):
    note, far = say(draft, lead), make.staff("fund_officer", make.partnership("elsewhere"))
    officer, viewer, colleague = make.staff("fund_officer", draft.round), make.person("Viewer"), make.person("Money")
    make_bid.collaborator(draft, viewer, "viewer")
    make_bid.collaborator(draft, colleague, "budget")
    mine, office = f"/applications/{draft.id}/voice/{note.id}", f"/office/applications/{draft.id}/voice/{note.id}"
    for person, address, status in (
        (viewer, mine, 200), (make.person("Stranger"), mine, 404), (officer, mine, 404), (officer, office, 200), (far, office, 404),
        (lead, office, 404), (lead, f"{office}/words", 404),
    ):  # fmt: skip
        assert as_(person).get(address).status_code == status, (person.name, address)
    assert as_(viewer).post(f"{mine}/remove").status_code == 403
    with pytest.raises(Forbidden):
        say(draft, colleague)


def test_what_was_sent_names_the_recording_and_takes_no_other(draft, lead):
    note = say(draft, lead)
    send(draft, lead)
    sent = json.loads(latest_submission(draft).snapshot)
    (answer,) = [each for each in sent["answers"] if "voice" in each]
    assert answer["key"] == "Q2"
    assert answer["voice"] == {"name": "answer.webm", "size": note.file.size, "sha256": note.file.sha256, "seconds": 80}
    said = str(receipt_document(draft, latest_submission(draft)).blocks)
    assert "Answers that came as voice notes" in said
    with pytest.raises(WrongMoment):
        say(draft, lead)
    with pytest.raises(WrongMoment):
        voices.remove_note(draft, note, by=lead, now=clock.now())


def test_staff_type_the_words_down_and_it_stays_who_and_when(as_, draft, lead):
    note, officer = say(draft, lead), make.staff("fund_officer", draft.round, name="Olu Officer")
    with pytest.raises(WrongMoment, match="not sent yet"):
        voices.type_down(note, "Hello", 1, by=officer, now=clock.now())
    send(draft, lead)
    client, address = as_(officer), f"/office/applications/{draft.id}/voice/{note.id}/words"
    assert f"Type down 1 voice note of {draft.reference}" in client.get("/office").text
    assert "The words are not typed down yet." in client.get(f"/office/applications/{draft.id}").text
    assert "Type down what you hear" in client.post(address, data={"words": " ", "version": "1"}).text
    page = client.post(address, data={"words": "We meet on Tuesdays.", "version": "1"}, follow_redirects=True).text
    assert "The words are kept." in page
    assert "Typed down by Olu Officer, Tuesday 3 February 2026, 12pm" in page.replace("midday", "12pm")
    assert "We meet on Tuesdays." in page
    assert "Type down 1 voice note" not in client.get("/office").text
    stale = client.post(address, data={"words": "Something else", "version": "1"}).text
    assert "A colleague typed these words down" in stale
    assert "Something else" in stale, "what was typed is still on the page"
    with pytest.raises(Stale):
        voices.type_down(note, "x", 1, by=officer, now=clock.now())
    lines = db.session.query(AuditEvent).filter_by(action="voice.type_down").all()
    assert [("We meet" in json.dumps(each.details), each.details["letters"]) for each in lines] == [(False, 20)]


def test_a_recording_waits_for_the_scanner_and_counts_and_one_with_a_virus_does_not(app, as_, draft, lead, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        use(app, monkeypatch, clamd=f"127.0.0.1:{taken.getsockname()[1]}")
    note, client = say(draft, lead), as_(lead)
    assert gaps(draft) == []
    page = client.get(f"/applications/{draft.id}/questions/Q2").text
    assert "Being checked for viruses" in page
    assert f'src="/applications/{draft.id}/voice/{note.id}"' not in page
    assert client.get(f"/applications/{draft.id}/voice/{note.id}").status_code == 409
    scanner = FakeScanner()
    scanner.sick.append(b"webm")
    use(app, monkeypatch, clamd=scanner.address)
    quarantine.scan_files(clock.now())
    assert gaps(draft) == ["Q2"]
    assert "This recording held a virus" in client.get(f"/applications/{draft.id}/questions/Q2").text
    (message,) = db.session.query(OutboxMessage).filter_by(template="file_infected")
    assert f"/applications/{draft.id}/questions/Q2" in message.body
    with pytest.raises(Problem, match="holds a virus") as refused:
        say(draft, lead)
    assert refused.value.field == "recording"
    scanner.stop()


def test_a_correction_takes_recordings_along(draft, lead, time):
    say(draft, lead)
    time.move(hours=1)
    officer = make.staff("fund_officer", draft.round)
    corrections.start_correction(draft.round, by=officer, now=clock.now())
    row = next(row for row in questions_of(newest_form(draft.round)) if row.key == "Q3")
    change_question(row, by=officer, now=clock.now(), text=row.text, voice=False)
    corrections.publish_correction(draft.round, "Q3 is typed.", by=officer, now=clock.now())
    assert set(voices.notes_of(draft)) == {"Q2"}
    assert gaps(draft) == []
    (_form, changes), *_ = corrections.corrections_since(draft)
    assert [(each.what, each.before, each.after) for each in changes] == [
        ("May be answered by a voice note", "Yes", "No")
    ]


def test_a_form_without_voice_notes_asks_nothing_more_of_the_database(lead, statements):
    plain = make_bid.complete_draft(lead)
    form_of(plain)
    with statements() as seen:
        assert voices.notes_of(plain) == {}
        assert voices.counted(plain) == frozenset()
    assert seen == []


def test_who_reads_the_questions_first_learns_that_an_answer_may_be_spoken(client, draft):
    page = client.get(f"/rounds/{draft.round_id}/questions").text
    assert page.count("You can say your answer and record it.") == 2
    pack = pack_of(draft.round, form_of(draft))
    assert [getattr(each, "text", "").endswith("record it on the website.") for each in pack.blocks].count(True) == 2
