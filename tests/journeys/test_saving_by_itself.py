"""A page that saves by itself and a button pressed at that very moment: nobody is told that somebody else changed it."""

import pytest

from .story import does_not_say, says

pytestmark = pytest.mark.journey

# The server has saved, and the page hears of it only later.
SLOW = """() => {
    const sending = window.fetch;
    window.fetch = async (...what) => {
        window.heard = (window.heard || 0) + 1;
        const answer = await sending(...what);
        await new Promise((go) => setTimeout(go, 700));
        return answer;
    };
}"""


def test_a_score_saved_and_a_button_pressed_at_once(visit):
    wren = visit("assessor_wren").go("/assessing")
    wren.follow("main a.govuk-button[href*='conflicts']")
    for each in wren.page.get_by_label("No conflict").all():
        each.check()
    wren.press("Save my answers")
    wren.follow("main a.govuk-button[href^='/assessing/']")
    wren.page.get_by_role("heading", name="Your scores").wait_for()
    wren.page.evaluate(SLOW)
    section = wren.page.locator("[data-criterion]").first
    section.locator("input[type=radio][value='4']").check()
    wren.page.wait_for_function("() => window.heard")
    section.locator("textarea").fill("The school names this club.")
    wren.press("Save", exact=True)
    does_not_say(wren, "There is a problem", "in another window")
    says(wren, "Saved")
    assert section.locator("textarea").input_value() == "The school names this club."


def test_the_calibration_bid_saves_by_itself_too(visit):
    wren = visit("assessor_wren").go("/assessing")
    wren.follow("main a[href*='calibration']")
    wren.page.get_by_role("heading", name="Your marks").wait_for()
    first, second = (wren.page.locator("[data-criterion]").nth(place) for place in (0, 1))
    second.locator("textarea").fill("A bus that runs is a bus that helps.")
    second.get_by_text("Saved", exact=True).wait_for()
    wren.page.evaluate(SLOW)
    first.locator("input[type=radio][value='4']").check()
    wren.page.wait_for_function("() => window.heard")
    first.locator("textarea").fill("The drivers counted.")
    wren.press("Save", exact=True)
    does_not_say(wren, "There is a problem", "in another window")
    says(wren, "Saved")
    assert first.locator("textarea").input_value() == "The drivers counted."
    assert second.locator("textarea").input_value() == "A bus that runs is a bus that helps."
    first.wait_for()
    wren.page.route("**/criteria/*", lambda route: route.abort())
    second.locator("textarea").fill("Written in a tunnel.")
    second.get_by_text("You are offline.").wait_for()
    wren.page.unroute("**/criteria/*")
    wren.page.reload()
    second.get_by_text("Saved", exact=True).wait_for()
    assert second.locator("textarea").input_value() == "Written in a tunnel."


def test_an_answer_saved_and_a_button_pressed_at_once(visit):
    amina = visit("lead").go("/applications")
    amina.follow("main a[href^='/applications/']")
    amina.page.wait_for_url("**/applications/*")
    question = f"{amina.page.url}/questions/title"
    amina.page.goto(question)
    amina.page.evaluate(SLOW)
    box = amina.page.locator("#value")
    box.fill("Lamplight")
    amina.page.wait_for_function("() => window.heard")
    box.fill("Lamplight evenings")
    amina.press("Save and continue")
    does_not_say(amina, "There is a problem", "Both texts")
    amina.page.goto(question)
    assert amina.page.locator("#value").input_value() == "Lamplight evenings"


def test_what_was_sent_and_never_arrived_is_there_again(visit):
    """The signal goes in the instant between the press and the server: the question page brings the words back."""
    amina = visit("lead").go("/applications")
    amina.follow("main a[href^='/applications/']")
    amina.page.wait_for_url("**/applications/*")
    question = f"{amina.page.url}/questions/title"
    amina.page.goto(question)
    amina.page.route(
        "**/questions/title", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    amina.page.locator("#value").fill("Lamplight at the harbour")
    amina.page.get_by_role("button", name="Save and continue").click()
    amina.page.wait_for_timeout(300)
    amina.page.unroute("**/questions/title")
    amina.page.goto(question)
    amina.page.get_by_text("We kept what you wrote on this device and brought it back.").wait_for()
    assert amina.page.locator("#value").input_value() == "Lamplight at the harbour"
    amina.press("Save and return to your bid")
    says(amina, "Lamplight at the harbour")
    left = amina.page.evaluate("() => Object.keys(localStorage).filter((key) => key.startsWith('fund-answer:'))")
    assert left == [], "what arrived leaves the device"


def test_two_windows_on_one_criterion_show_both_texts_and_nothing_goes_over_the_other_before_a_choice(visit):
    first = visit("assessor_wren").go("/assessing")
    if first.page.locator("main a.govuk-button[href*='conflicts']").count():
        first.follow("main a.govuk-button[href*='conflicts']")
        for each in first.page.get_by_label("No conflict").all():
            each.check()
        first.press("Save my answers")
    first.follow("main a.govuk-button[href^='/assessing/']")
    first.page.get_by_role("heading", name="Your scores").wait_for()
    address = first.page.url
    second = visit("assessor_wren").go(address[address.index("/assessing") :])
    here, there = (each.page.locator("[data-criterion]").nth(3) for each in (first, second))
    here.locator("textarea").fill("The police counted.")
    here.get_by_text("Saved", exact=True).wait_for()
    there.locator("textarea").fill("The school counted.")
    there.get_by_text("Saved in the other window: no mark. The police counted.").wait_for()
    other = second.page.locator("[data-criterion]").nth(4)  # leaving the box is no choice
    other.locator("textarea").fill("Something else.")
    other.get_by_text("Saved", exact=True).wait_for()
    first.page.reload()
    assert here.locator("textarea").input_value() == "The police counted."
    second.press("Save", exact=True)  # nor is the button of the page: it shows both texts again
    says(second, "Both texts are shown")
    says(second, "The police counted.")
    assert there.locator("textarea").input_value() == "The school counted."
    first.page.reload()
    assert here.locator("textarea").input_value() == "The police counted."
    second.press("Save", exact=True)  # with both before their eyes they have chosen
    says(second, "Saved")
    first.page.reload()
    assert here.locator("textarea").input_value() == "The school counted."
