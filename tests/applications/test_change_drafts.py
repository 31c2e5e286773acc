"""An answer that the fund asks to be changed: what is written is kept by itself, and the sent answer stays until it is sent."""

import re
from datetime import timedelta

import pytest

from applications import change_requests
from applications.answers import values_of
from applications.change_drafts import drafts_of, newest_draft, save_draft
from applications.forms import form_of
from applications.open_pages import OpenPage
from fund.core import clock
from fund.core.database import db
from fund.core.problems import Stale
from tests.factories import applications as make_bid
from tests.factories import fund as make
from tests.kept import kept

JSON = {"Accept": "application/json"}
PAGE = {"page": "page-on-the-phone"}


@pytest.fixture
@kept
def bid(lead):
    return make_bid.submitted(lead)


@pytest.fixture
@kept
def dee(bid):
    person = make.person("Dee Colleague")
    make_bid.collaborator(bid, person, "editor")
    return person


@pytest.fixture
@kept
def asked(bid):
    officer = make.staff("fund_officer", bid.round)
    until = clock.now() + timedelta(days=5)
    return change_requests.ask_change(bid, "Q6", "Say who sends young people.", until, by=officer, now=clock.now())


@pytest.fixture
@kept
def address(bid, asked):
    return f"/applications/{bid.id}/changes/{asked.id}"


def test_the_page_saves_by_itself_and_the_sent_answer_stays(as_, bid, lead, asked, address):
    client = as_(lead)
    saved = client.post(address, data={"value": "Ms Reed", "version": "0", "turn": "1"} | PAGE, headers=JSON)
    assert (saved.status_code, saved.get_json()["version"]) == (200, 1)
    again = client.post(address, data={"value": "Ms Reed does.", "version": "1", "turn": "2"} | PAGE, headers=JSON)
    assert again.get_json()["version"] == 2
    assert values_of(bid)["Q6"] == make_bid.WORDS
    assert asked.answered_at is None
    page = client.get(address).text
    assert "Ms Reed does." in page
    assert "It is not sent yet." in page
    assert re.search(r'name="version" value="2"', page)
    assert client.post(address, data={"value": "Ms Reed does.", "version": "2", "go": "send"}).status_code == 302
    assert values_of(bid)["Q6"] == "Ms Reed does."
    assert asked.answered_at is not None


def test_without_scripts_a_button_keeps_it_for_later(as_, bid, lead, address):
    client = as_(lead)
    kept = client.post(
        address, data={"value": "Half a sentence", "version": "0", "go": "return"}, follow_redirects=True
    )
    assert "What you wrote is kept. It is not sent yet." in kept.text
    assert values_of(bid)["Q6"] == make_bid.WORDS
    assert "Half a sentence" in client.get(address).text


def test_opening_the_page_and_sending_it_as_it_is_sends_it(as_, bid, lead, asked, address):
    client = as_(lead)
    assert client.post(address, data={"value": make_bid.WORDS, "version": "0", "go": "send"}).status_code == 302
    assert asked.answered_at is not None


def test_the_button_pressed_twice_sends_once(as_, bid, lead, asked, address):
    client, typed = as_(lead), {"value": "Ms Reed does.", "version": "0", "go": "send"}
    assert [client.post(address, data=typed).status_code for _ in range(2)] == [302, 302]
    assert len(drafts_of(asked)) == 1


def test_two_colleagues_see_both_texts_and_nothing_is_sent(as_, bid, lead, dee, asked, address):
    as_(dee).post(address, data={"value": "Dee’s.", "version": "0", "page": "page-of-dee"}, headers=JSON)
    client = as_(lead)
    saved = client.post(address, data={"value": "Ada’s.", "version": "0"} | PAGE, headers=JSON)
    assert (saved.status_code, saved.get_json()["stale"]) == (409, True)
    page = client.post(address, data={"value": "Ada’s.", "version": "0", "go": "send"} | PAGE).text
    for words in (
        "Dee Colleague changed this answer while you had it open.",
        "What was saved meanwhile",
        "Dee’s.",
        "Ada’s.",
    ):
        assert words in page
    assert asked.answered_at is None
    assert newest_draft(asked).value == "Dee’s."


def test_leaving_in_the_middle_of_a_save_is_no_conflict(lead, bid, asked):
    question = form_of(bid).by_key["Q6"]
    for turn, text in ((1, "Ms"), (3, "Ms Reed does"), (2, "Ms Reed")):
        save_draft(asked, question, text, 0, by=lead, now=clock.now(), page=OpenPage("page-on-the-phone", turn))
    assert newest_draft(asked).value == "Ms Reed does"
    with pytest.raises(Stale):
        save_draft(asked, question, "Else", 0, by=lead, now=clock.now(), page=OpenPage("page-on-the-laptop", 9))


def test_words_that_were_on_their_way_when_a_colleague_sent_are_shown(as_, bid, lead, dee, asked, address):
    as_(dee).post(address, data={"value": "Dee’s.", "version": "0", "go": "send"})
    answer = as_(lead).post(address, data={"value": "Ada’s.", "version": "0", "go": "send"})
    assert answer.status_code == 409
    for words in ("Dee Colleague sent this answer already", "What you wrote", "Ada’s.", "What was sent", "Dee’s."):
        assert words in answer.text
    assert values_of(bid)["Q6"] == "Dee’s."


def test_after_the_time_words_are_kept_and_not_sent(as_, time, bid, lead, asked, address):
    time.move(days=6)
    client = as_(lead)
    page = client.post(address, data={"value": "Too late.", "version": "0", "go": "send"}).text
    assert "This answer could be changed until" in page
    assert "Too late." in page
    client.post(address, data={"value": "Too late.", "version": "0", "go": "return"})
    assert "Too late." in client.get(address).text
    assert values_of(bid)["Q6"] == make_bid.WORDS
    assert db.session.get(type(asked), asked.id).answered_at is None
