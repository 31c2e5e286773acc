"""The reading age: syllables of known words, the formula on known texts, and the meter in the form editor."""

import pytest

from applications.reading_age import reading_age, syllables, verdict
from applications.standard_form import standard_form, use_standard_form
from applications.tables import Question
from fund.core import clock
from fund.core.database import db
from tests.factories import fund as make


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("cat", 1), ("the", 1), ("make", 1), ("table", 2), ("people", 2), ("walked", 1), ("wanted", 2), ("notes", 1), ("changes", 2),
        ("safeguarding", 3), ("violence", 3), ("community", 4), ("evaluation", 5), ("idea", 3), ("young", 1), ("money", 2),
        ("something", 2), ("area", 3), ("video", 3), ("priorities", 4), ("organisation", 5), ("trying", 2), ("fire", 1), ("business", 3), ("don't", 1),
    ],
)  # fmt: skip
def test_syllables(word, count):
    assert syllables(word) == count


def test_the_formula_by_hand():
    """Six words of one syllable in one sentence: 0.39 x 6 + 11.8 x 1 - 15.59 = -1.45; and five is 3.55, shown as 5."""
    assert reading_age("The cat sat on the mat.") == 5
    # 14 words, 2 sentences, 28 syllables: 0.39 x 7 + 11.8 x 28 / 14 - 15.59 = 10.74; and five is 16.
    text = "Explain how volunteers support families. Describe what happens before, during and after every session."
    assert sum(map(syllables, text.replace(".", "").replace(",", "").split())) == 28
    assert reading_age(text) == 16


def test_hard_words_are_older_than_easy_ones():
    easy = "Tell us who you will help. Say what you will do each week."
    hard = "Please articulate the theoretical underpinnings of your intervention methodology, with reference to implementation fidelity."
    assert verdict(easy)[1] == "green"
    assert verdict(hard)[1] == "red"
    assert reading_age("Too short") is None
    assert verdict("") is None


def test_the_standard_form_reads_as_it_should():
    texts = [
        " ".join(filter(None, (each["text"], each.get("why"), each.get("help"))))
        for section in standard_form()["sections"]
        for each in section["questions"]
    ]
    ages = [reading_age(text) for text in texts]
    assert max(ages) <= 11, [text for text, age in zip(texts, ages, strict=True) if age > 11]


def test_officers_see_the_age_beside_each_text(as_, database):
    round = make.round(published=False)
    officer = make.staff("fund_officer", round)
    form = use_standard_form(round, by=officer, now=clock.now())
    client, here = as_(officer), f"/office/rounds/{round.id}/form"
    assert "Reading age" in client.get(here).text
    question = db.session.query(Question).filter_by(form_id=form.id, key="Q2").one()
    question.help = "Please articulate the theoretical underpinnings of your intervention methodology comprehensively."
    page = client.get(f"{here}/questions/{question.id}").text
    assert "shorter words and sentences help" in page
