"""The page of an answer after one went back to it, or while a save never hears an answer: it saves by itself, and Save leads on."""

import pytest

pytestmark = pytest.mark.journey

RETURN = "Save and return to your bid"
# The server has the save, and the page never hears of it: a phone that has just lost its signal.
HANGING = """() => {
    const sending = window.fetch;
    window.heard = 0;
    window.fetch = (...what) => { sending(...what).then(() => { window.heard += 1; }); return new Promise(() => {}); };
}"""
# What Firefox and Safari do on the way back: the page of before, with its script as it stood, is shown again.
SHOWN_AGAIN = "() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"


def at_question(visitor, key: str = "title") -> str:
    """The lead's half-written bid, at this question."""
    visitor.go("/applications").follow("main a[href^='/applications/']")
    address = f"{visitor.page.url}/questions/{key}"
    visitor.page.goto(address)
    return address


def saved_by_itself(page) -> None:
    with page.expect_response(lambda answer: answer.request.method == "POST") as heard:
        pass
    assert heard.value.status == 200


def press(page, words: str = RETURN) -> None:
    with page.expect_navigation(timeout=10_000):
        page.get_by_role("button", name=words).click()


def kept_in(visitor, address: str) -> str:
    visitor.page.goto(address)
    return visitor.page.locator("#value").input_value()


def test_writing_on_after_going_back_saves_and_leads_on(visit):
    amina = visit("lead")
    address, page = at_question(amina), amina.page
    page.locator("#value").fill("Lamplight")
    saved_by_itself(page)
    page.locator("#value").press_sequentially(" evenings")
    press(page)
    page.go_back()
    page.wait_for_selector("#value")
    page.locator("#value").press("Control+End")
    page.keyboard.insert_text(" and weekends")
    saved_by_itself(page)
    page.get_by_text("Saved", exact=True).wait_for()
    page.wait_for_timeout(1100)
    press(page)
    assert "/questions/" not in page.url
    assert kept_in(amina, address) == "Lamplight evenings and weekends"


def test_a_page_shown_again_from_the_browsers_memory_saves_by_itself_again(visit):
    """The press had told the page to save no more by itself; what is written after going back is saved all the same."""
    amina = visit("lead")
    address, page = at_question(amina), amina.page
    page.locator("#value").fill("Lamplight")
    page.evaluate("() => document.addEventListener('submit', (event) => event.preventDefault())")
    page.get_by_role("button", name=RETURN).click()
    page.wait_for_timeout(1100)
    page.evaluate(SHOWN_AGAIN)
    page.locator("#value").fill("Lamplight on Fridays")
    saved_by_itself(page)
    page.get_by_text("Saved", exact=True).wait_for()
    assert kept_in(amina, address) == "Lamplight on Fridays"


def test_a_save_that_died_in_the_browsers_memory_does_not_hold_the_button(visit):
    amina = visit("lead")
    address, page = at_question(amina), amina.page
    page.evaluate(HANGING)
    page.locator("#value").fill("Lamplight")
    page.wait_for_function("() => window.heard")
    page.evaluate(SHOWN_AGAIN)
    page.locator("#value").fill("Lamplight on Fridays")
    press(page)
    assert "/questions/" not in page.url
    assert kept_in(amina, address) == "Lamplight on Fridays"


def test_the_button_waits_only_some_seconds_for_a_save_that_hears_no_answer(visit):
    amina = visit("lead")
    address, page = at_question(amina), amina.page
    page.evaluate(HANGING)
    page.locator("#value").fill("Lamplight")
    page.wait_for_function("() => window.heard")
    page.locator("#value").fill("Lamplight on Fridays")
    page.get_by_role("button", name=RETURN).click()
    page.get_by_text("Saving, then going on").wait_for()
    page.wait_for_url(lambda url: "/questions/" not in url, timeout=10_000)
    assert kept_in(amina, address) == "Lamplight on Fridays"


def test_a_press_without_signal_may_be_made_again_at_once(visit):
    """The first press led nowhere, so the second is no double click."""
    amina = visit("lead")
    address, page = at_question(amina), amina.page
    page.locator("#value").fill("Lamplight on Fridays")
    page.context.set_offline(True)
    page.get_by_role("button", name=RETURN).click()
    page.get_by_text("You are offline. We are keeping what you write on this device.").wait_for()
    page.context.set_offline(False)
    page.wait_for_function("() => navigator.onLine")
    press(page)
    assert kept_in(amina, address) == "Lamplight on Fridays"
