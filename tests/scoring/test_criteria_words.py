"""Anybody can take the criteria and the meaning of each mark away as a Word file, before starting a bid."""

import io

from docx import Document

from scoring import criteria
from tests.factories import fund as make_fund
from tests.factories import scoring as make


def test_the_criteria_and_what_each_mark_means_are_a_word_file_for_anybody(client, database):
    round = make.round()
    address = f"/rounds/{round.id}/criteria?format=docx"
    assert "Take this page with you (Word)" in client.get(f"/rounds/{round.id}/criteria").text
    content = client.get(address).data
    word = Document(io.BytesIO(content))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    said = "\n".join([*(each.text for each in word.paragraphs), *cells])
    for each in criteria.criteria_of(round):
        for words in (each.title, f"counts for {each.weight} of 100", each.guidance, *each.descriptors):
            assert words in said


def test_a_round_in_preparation_gives_no_file(client, database):
    round = make_fund.round(published=False)
    assert client.get(f"/rounds/{round.id}/criteria?format=docx").status_code == 404


def test_the_marks_have_their_words_and_the_answers_that_count_their_questions(client, database):
    """Applicants see no codes of questions, so "Q6" would tell them nothing."""
    round = make.bid(make.round()).round
    page = client.get(f"/rounds/{round.id}/criteria").text
    for mark, word in enumerate(criteria.MARK_WORDS):
        assert f"{mark} ({word})" in page
    content = client.get(f"/rounds/{round.id}/criteria?format=docx").data
    paragraphs = "\n".join(each.text for each in Document(io.BytesIO(content)).paragraphs)
    for words in (page, paragraphs):
        assert "We read your answer to this question: How will you work with other agencies?" in words
        assert "to Q6" not in words
