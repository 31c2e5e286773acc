"""All questions as a Word file: every word of the form is in it, anybody may have it, and our own door would let it in."""

import io

from docx import Document

from applications.forms import asked_form, current_form
from fund.core.uploads import checked
from tests.factories import applications as make_bid
from tests.factories import fund as make


def sheet_of(client, round) -> bytes:
    answer = client.get(f"/rounds/{round.id}/questions/word")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    return answer.data


def test_every_question_is_in_it_under_its_part(client, database):
    round = make_bid.open_round()
    form = asked_form(current_form(round))
    paragraphs = Document(io.BytesIO(sheet_of(client, round))).paragraphs
    heads = [each.text for each in paragraphs if each.style.name == "Heading 1"]
    asked = [each.text for each in paragraphs if each.style.name == "Heading 2"]
    assert heads == [f"{number}. {section.title}" for number, section in enumerate(form.sections, 1)]
    assert asked == [question.text for question in form.questions]
    words = " ".join(each.text for each in paragraphs)
    for question in form.questions:
        assert not question.example or question.example in words
        assert not question.word_limit or f"Up to {question.word_limit} words." in words
    assert "Peterlee East" in words


def test_it_speaks_english_and_names_its_title(client, database):
    round = make_bid.open_round()
    sheet = Document(io.BytesIO(sheet_of(client, round)))
    assert sheet.core_properties.title == f"All the questions: {round.title}"
    assert 'w:lang w:val="en-GB"' in sheet.styles.element.xml


def test_nothing_in_it_runs(client, database):
    sheet = sheet_of(client, make_bid.open_round())
    assert checked(sheet, "questions.docx", most_megabytes=10).content == sheet


def test_the_page_links_to_it_and_a_round_in_preparation_has_none(client, database):
    round = make_bid.open_round()
    assert f"/rounds/{round.id}/questions/word" in client.get(f"/rounds/{round.id}/questions").text
    assert client.get(f"/rounds/{make.round(published=False).id}/questions/word").status_code == 404
