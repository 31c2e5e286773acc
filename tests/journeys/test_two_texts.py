"""Two people write one answer at the same moment: both texts are shown, one is chosen, and no word of either is lost."""

import pytest
from sqlalchemy import select

from applications.tables import Application
from fund.core.database import db

pytestmark = pytest.mark.journey

BOTH = "Two versions of one answer"


@pytest.fixture
def answer(site) -> str:
    """The address of an empty answer of the draft that the lead and the colleague of the cast share."""
    with site.app.app_context():
        wanted = select(Application).where(
            Application.status == "draft", Application.title.startswith("Marra to Marra")
        )
        bid = db.session.scalars(wanted.order_by(Application.id.desc())).first()
        return f"/applications/{bid.id}/questions/Q6"


def meet(visit, answer: str):
    """The lead at the page with both texts, after the colleague was first."""
    amina, ben = visit("lead").go(answer), visit("colleague").go(answer)
    ben.page.locator("#value").fill("The colleague's words.")
    ben.page.get_by_text("Saved", exact=True).wait_for()
    amina.page.locator("#value").fill("The lead's words.")
    amina.page.get_by_text("changed this answer while you had it open").wait_for()
    return amina.press("Save and continue")


def test_the_other_text_is_chosen_and_ones_own_is_in_the_history(visit, answer):
    amina = meet(visit, answer)
    assert amina.heading == BOTH
    for words in ("The colleague's words.", "The lead's words."):
        assert words in amina.words
    amina.press("Keep Ben Hartley’s")
    assert "This text stands." in amina.words
    assert amina.page.locator("#value").input_value() == "The colleague's words."
    amina.page.reload()  # what the device had kept of the lead's words does not come back over the choice
    amina.page.wait_for_timeout(1200)
    assert amina.page.locator("#value").input_value() == "The colleague's words."
    amina.go(f"{answer}/history")
    assert amina.words.count("The colleague's words.") == 2
    assert "The lead's words." in amina.words


def test_ones_own_text_is_chosen_and_the_other_is_in_the_history(visit, answer):
    amina = meet(visit, answer).press("Keep yours")
    amina.go(f"{answer}/history")
    for words in ("The colleague's words.", "The lead's words."):
        assert words in amina.words
    amina.go(answer)
    assert amina.page.locator("#value").input_value() == "The lead's words."
