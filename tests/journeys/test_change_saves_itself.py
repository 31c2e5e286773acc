"""The page of a change request saves by itself: one's own newer text is no conflict, and two editors see both texts."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from applications.forms import form_of
from applications.tables import Application, ChangeRequest, Collaborator
from fund.core import clock
from fund.core.database import db
from fund.tables import Person

pytestmark = pytest.mark.journey

BACK = "We kept what you wrote on this device and brought it back."


@pytest.fixture
def asked(site) -> str:
    """The address of the demonstration's change request; the lead and the colleague of the cast work on that bid."""
    with site.app.app_context():
        row = db.session.scalars(select(ChangeRequest).where(ChangeRequest.answered_at.is_(None))).first()
        row.due_at = clock.now() + timedelta(days=5)
        for cast_as, role in (("lead", "lead"), ("colleague", "editor")):
            person = db.session.scalars(select(Person).where(Person.cast_as == cast_as)).one()
            db.session.add(Collaborator(application_id=row.application_id, person_id=person.id, role=role, added_at=clock.now()))  # fmt: skip
        db.session.commit()
        return f"/applications/{row.application_id}/changes/{row.id}"


def type_and_wait(page, words: str) -> None:
    page.locator("#value").fill(words)
    page.get_by_text("Saved", exact=True).wait_for()


def test_ones_own_newer_text_is_no_conflict(visit, site, asked):
    """The page is left in the middle of a save and opened again: the server has the first text, the device the second."""
    amina = visit("lead").go(asked)
    page = amina.page
    page.evaluate("""() => { const sending = window.fetch; window.heard = 0;
        window.fetch = (...what) => { sending(...what).then(() => { window.heard += 1; }); return new Promise(() => {}); }; }""")
    page.locator("#value").fill("Ms Reed")
    page.wait_for_function("() => window.heard")
    page.locator("#value").fill("Ms Reed of the school")
    page.reload()
    page.get_by_text(BACK).wait_for()
    page.get_by_text("Saved", exact=True).wait_for()
    amina.press("Send the changed answer")
    with site.app.app_context():
        assert db.session.get(ChangeRequest, int(asked.rpartition("/")[2])).after == "Ms Reed of the school"


def test_two_colleagues_are_shown_both_texts_and_the_second_loses_nothing(visit, site, asked):
    amina, callum = visit("lead").go(asked), visit("colleague").go(asked)
    type_and_wait(callum.page, "The colleague's words.")
    amina.page.locator("#value").fill("The lead's words.")
    amina.page.get_by_text("changed this answer while you had it open").wait_for()
    amina.press("Send the changed answer")
    assert "The colleague's words." in amina.words
    assert amina.page.locator("#value").input_value() == "The lead's words."
    amina.page.locator("#value").fill("The lead's words. The colleague's words.")
    amina.page.wait_for_timeout(1100)
    amina.press("Send the changed answer")
    with site.app.app_context():
        row = db.session.get(ChangeRequest, int(asked.rpartition("/")[2]))
        assert row.after == "The lead's words. The colleague's words."


def test_what_was_written_without_signal_is_there_after_a_reload(visit, site, asked):
    amina = visit("lead").go(asked)
    page = amina.page
    type_and_wait(page, "With signal.")
    page.context.set_offline(True)
    page.locator("#value").fill("With signal. And without.")
    page.get_by_text("You are offline.").wait_for()
    page.evaluate("() => { window.fetch = () => new Promise(() => {}); }")  # the page goes before it can send anything
    page.context.set_offline(False)
    page.reload()
    page.get_by_text(BACK).wait_for()
    assert page.locator("#value").input_value() == "With signal. And without."
    page.get_by_text("Saved", exact=True).wait_for()
    page.reload()
    assert page.locator("#value").input_value() == "With signal. And without."


def test_more_budget_lines_than_the_page_has_boxes_come_back_from_the_device(visit, site, asked):
    """Lines were added and written without signal; the page that is opened again has a box for the sent lines alone."""
    with site.app.app_context():
        row = db.session.get(ChangeRequest, int(asked.rpartition("/")[2]))
        application = db.session.get(Application, row.application_id)
        row.question_id = form_of(application).question("budget").id
        db.session.commit()
    amina = visit("lead").go(asked)
    page = amina.page
    sent = page.locator("[data-row]").count()
    amina.press("Add another line")
    last = f"rows-{sent}-"
    page.locator(f"[name={last}heading]").select_option(index=1)
    for box, words in (("description", "A late idea"), ("quantity", "2"), ("unit", "each"), ("unit_cost", "10")):
        page.locator(f"[name={last}{box}]").fill(words)
    page.evaluate("() => { window.fetch = () => new Promise(() => {}); }")  # nothing of it reaches the server
    page.locator(f"[name={last}description]").fill("A late idea of ours")
    page.goto("about:blank")
    page.goto(site.address + asked)  # the script sends the lines first, and opens the page anew with a box for each
    page.locator(f"#rows fieldset [name={last}description]").wait_for()
    amina.check()
    assert page.locator("[data-row]").count() == sent + 1
    assert page.locator(f"[name={last}description]").input_value() == "A late idea of ours"
