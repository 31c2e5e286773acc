"""One's own newer text over one's own older one, from the same page, is no conflict; from anywhere else both are shown."""

import re

import pytest

from applications.answers import changes_of, save_answer, values_of
from applications.forms import form_of
from applications.open_pages import OpenPage, page_in
from fund.core import clock
from fund.core.problems import Stale
from tests.factories import applications as make_bid
from tests.factories import fund as make

PHONE, LAPTOP = "page-on-the-phone", "page-on-the-laptop"


@pytest.fixture
def save(draft):
    """Save Q1 as somebody whose page showed version 1, which every answer of the draft has."""

    def act(text, person, page, seen=1):
        question = form_of(draft).by_key["Q1"]
        return save_answer(draft, question, text, seen, by=person, now=clock.now(), page=page)

    return act


def test_what_was_saved_while_one_left_the_page_is_no_conflict(draft, lead, save):
    """The page was closed before it heard that its text was saved, and came back with the words written since."""
    assert save("An evening", lead, OpenPage(PHONE, 1)) == 2
    assert save("An evening of boxing", lead, OpenPage(PHONE, 2)) == 3
    assert values_of(draft)["Q1"] == "An evening of boxing"
    assert [change.value for change, _who in changes_of(draft, form_of(draft).by_key["Q1"])][:2] == ["An evening of boxing", "An evening"]  # fmt: skip


def test_an_older_text_that_arrives_late_does_not_stand_over_the_newer(draft, lead, save):
    assert save("An evening of boxing", lead, OpenPage(PHONE, 2)) == 2
    assert save("An evening", lead, OpenPage(PHONE, 1)) == 2
    assert values_of(draft)["Q1"] == "An evening of boxing"


def test_ones_own_text_on_two_devices_is_shown_twice(draft, lead, save):
    save("Written on the phone", lead, OpenPage(PHONE, 1))
    with pytest.raises(Stale, match="You saved another text for this answer on another page or device") as both:
        save("Written on the laptop", lead, OpenPage(LAPTOP, 1))
    assert (both.value.yours, both.value.theirs.value) == ("Written on the laptop", "Written on the phone")


def test_a_colleague_in_between_is_a_conflict_though_oneself_saved_last(draft, lead, save):
    """Ann's words, Dee's, and Ann's choice of both from another page: Ann's first page does not write over Dee's words."""
    dee = make.person("Dee Colleague")
    make_bid.collaborator(draft, dee, "editor")
    save("Ann’s", lead, OpenPage(PHONE, 1))
    save("Dee’s", dee, OpenPage("page-of-dee", 1), seen=2)
    save("Dee’s and Ann’s", lead, OpenPage(PHONE, 2), seen=3)
    with pytest.raises(Stale):
        save("Ann’s, once more", lead, OpenPage(PHONE, 3))


def test_another_person_cannot_pass_for_ones_own_page(draft, lead, save):
    dee = make.person("Dee Colleague")
    make_bid.collaborator(draft, dee, "editor")
    save("Ann’s", lead, OpenPage(PHONE, 1))
    with pytest.raises(Stale):
        save("Dee’s", dee, OpenPage(PHONE, 2))


def test_a_save_that_names_no_page_is_compared_by_its_version_alone(lead, save):
    save("One", lead, None)
    with pytest.raises(Stale):
        save("Two", lead, None)


@pytest.mark.parametrize("name", ["", "short", "a" * 41, "with space in it", "seitenname-ä"])
def test_only_a_plain_name_is_a_page(name):
    assert page_in({"page": name, "turn": "1"}) is None


def test_a_turn_that_is_no_number_counts_as_none():
    assert page_in({"page": PHONE, "turn": "-1"}) == OpenPage(PHONE, 0)


def test_going_back_without_scripts_and_saving_again_shows_no_second_text(as_, draft, lead):
    """Save, press Back, change a word, save: the page is still on the version from before the first save."""
    client, address = as_(lead), f"/applications/{draft.id}/questions/Q1"
    html = client.get(address).text
    page = re.search(r'name="page" value="([\w-]+)"', html)[1]
    typed = {"page": page, "turn": "0", "version": re.search(r'name="version" value="(\d+)"', html)[1], "go": "return"}
    for text in ("An evening", "An evening of boxing"):
        assert client.post(address, data=typed | {"value": text}).status_code == 302
    assert values_of(draft)["Q1"] == "An evening of boxing"
    answer = client.post(address, data=typed | {"value": "From the laptop", "page": LAPTOP})
    assert answer.status_code == 409
    for words in ("What you saved elsewhere", "An evening of boxing", "What you wrote here", "From the laptop", "Save the joined text"):  # fmt: skip
        assert words in answer.text
