"""Readers of a spoken answer: its words as somebody typed them, and the recording for those who read with names."""

import pytest

from applications import voices
from applications.tables import VoiceNote
from fund.core import clock, files
from fund.core.database import db
from scoring import bid, criteria, quotes
from scoring.papers import papers_of
from scoring.score_packs import pack_for
from tests.factories import applications as make_bid
from tests.factories import fund as make_fund
from tests.factories import scoring as make
from tests.factories import sounds
from tests.kept import kept


def spoken(row, key="Q2", transcript=None):
    question = voices.form_of(row).by_key[key]
    file = files.store(sounds.webm(), "answer.webm", "audio/webm", by=None, now=clock.now())
    note = VoiceNote(application_id=row.id, question_id=question.id, file_id=file.id, added_at=clock.now(), added_by_id=row.created_by_id, seconds=2)  # fmt: skip
    db.session.add(note)
    db.session.flush()
    if transcript:
        officer = make_fund.staff("fund_officer", row.round, name="Olu Officer")
        voices.type_down(note, transcript, 1, by=officer, now=clock.now())
    return note


@pytest.fixture
@kept
def round(database):
    return make.round()


@pytest.fixture
@kept
def reading(round):
    row = make.bid(round)
    make_bid.allow_voice(round, "Q2")
    found = make.reading(row, make.seat(round))
    make.make.put(row, "in_scoring", None)
    return found


def test_an_assessor_reads_the_words_and_hears_the_voice(as_, reading):
    note = spoken(reading.application, transcript="We have no place to meet.")
    client = as_(reading.seat.person)
    page = client.get(f"/assessing/{reading.id}").text
    assert "We have no place to meet." in page
    assert "Typed down by Olu Officer" in page
    assert f'src="/assessing/{reading.id}/voice/{note.id}"' in page
    heard = client.get(f"/assessing/{reading.id}/voice/{note.id}")
    assert (heard.status_code, heard.data) == (200, sounds.webm())
    other = make.bid(reading.application.round)
    assert client.get(f"/assessing/{reading.id}/voice/{spoken(other).id}").status_code == 404


def test_words_that_are_not_typed_down_yet_are_said_to_be_missing(as_, reading):
    spoken(reading.application)
    page = as_(reading.seat.person).get(f"/assessing/{reading.id}").text
    assert "This answer is a voice note. Its words are not typed down yet." in page


def test_typed_words_stand_before_spoken_ones(reading):
    make.answer(reading.application, "Q2", "We are ten.")
    spoken(reading.application, transcript="And we need a hall.")
    answers = {each.key: each.value for each in bid.answers_of(reading.application)}
    assert answers["Q2"] == "We are ten.\n\nVoice note, typed down by the fund: And we need a hall."
    assert {each.key: each.value for each in papers_of(reading).answers}["Q2"] == answers["Q2"]


def test_a_quote_may_be_of_spoken_words(reading):
    spoken(reading.application, transcript="And we need a hall.")
    first = criteria.criteria_of(reading.application.round_id)[0]
    quote = quotes.add_quote(reading, first, "Q2", "we need a hall", by=reading.seat.person, now=clock.now())
    assert quote.question_key == "Q2"


def test_who_reads_blind_reads_the_words_without_names_and_hears_nothing(as_, database):
    round = make.round(hides_names=True)
    row = make.bid(round)
    row.organisation.name = "Marra Mentors"
    make_bid.allow_voice(round, "Q2")
    reading = make.reading(row, make.seat(round))
    make.make.put(row, "in_scoring", None)
    note = spoken(row, transcript="Here is Marra Mentors. We need a hall.")
    client = as_(reading.seat.person)
    page = client.get(f"/assessing/{reading.id}").text
    assert "Here is [hidden]. We need a hall." in page
    assert "<audio" not in page
    assert client.get(f"/assessing/{reading.id}/voice/{note.id}").status_code == 404


def test_the_score_pack_names_it(reading, round):
    spoken(reading.application, transcript="We need a hall.")
    import io
    import zipfile

    content = pack_for(round, [reading], criteria.criteria_of(round.id), clock.now())
    words = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()
    assert "Voice note, typed down by the fund: We need a hall." in words
