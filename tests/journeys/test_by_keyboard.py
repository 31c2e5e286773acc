"""Without a mouse: a question page and the assessing page, by Tab, letters, Space, arrows and Enter alone."""

import pytest

from . import bid
from .short_bid import ask_for_five_thousand_pounds
from .story import main, says

pytestmark = pytest.mark.journey


def walk_to(visitor, selector: str, most: int = 120) -> None:
    """Press Tab until this is where the focus is. Fails when it is never reached, or cannot be seen when it is."""
    keyboard = visitor.page.keyboard
    for _ in range(most):
        keyboard.press("Tab")
        if visitor.page.evaluate("selector => document.activeElement.matches(selector)", selector):
            seen = visitor.page.evaluate(
                "() => { const box = document.activeElement.getBoundingClientRect();"
                " return box.width > 0 && box.bottom > 0 && box.top < innerHeight }"
            )
            assert seen, f"{selector} has the focus and is not on the screen"
            return
    raise AssertionError(f"{most} times Tab does not reach {selector} on {visitor.page.url}")


def test_the_first_tab_leads_past_the_header(visit):
    amina = visit("lead").go("/applications")
    amina.page.keyboard.press("Tab")
    assert amina.page.evaluate("() => document.activeElement.textContent.trim()") == "Skip to main content"
    amina.page.keyboard.press("Enter")
    assert amina.page.evaluate("() => document.querySelector('main').contains(document.activeElement)")


def test_a_question_is_answered(visit):
    """The label's box, the words, Enter on the button; then a mistake leads to the box by its link."""
    amina = visit("lead").go("/applications")
    keyboard = amina.page.keyboard
    walk_to(amina, "main a[href^='/applications/']")
    keyboard.press("Enter")
    amina.page.wait_for_url("**/applications/*")
    address = amina.page.url
    amina.page.goto(f"{address}/questions/title")
    walk_to(amina, "#value")
    keyboard.press("Control+A")
    keyboard.type("Lamplight evenings")
    walk_to(amina, "main button[value=continue]")
    keyboard.press("Enter")
    amina.page.wait_for_url("**/Q1*")
    amina.page.goto(f"{address}/questions/asked")
    walk_to(amina, "#value")
    keyboard.press("Control+A")
    keyboard.type("40,000.01")
    keyboard.press("Enter")
    amina.page.get_by_text("Take off £0.01 to carry on.").first.wait_for()
    walk_to(amina, ".govuk-error-summary a")
    keyboard.press("Enter")
    assert amina.page.evaluate("() => document.activeElement.id") == "value"


def test_a_bid_is_assessed(visit):
    """Conflicts by Space; a mark by its digit, which leads on to the reason, Escape, n to the next criterion."""
    wren = visit("assessor_wren").go("/assessing")
    keyboard = wren.page.keyboard
    walk_to(wren, "main a.govuk-button[href*='conflicts']")
    keyboard.press("Enter")
    wren.page.get_by_role("heading", name="Conflicts of interest").wait_for()
    for _ in range(wren.page.locator(".conflict").count()):
        walk_to(wren, "input[value=no]")
        keyboard.press("Space")
    walk_to(wren, "main form button")
    keyboard.press("Enter")
    wren.page.get_by_text("The bids without a conflict are open to you now.").wait_for()
    walk_to(wren, "main a.govuk-button[href^='/assessing/']")
    keyboard.press("Enter")
    wren.page.get_by_role("heading", name="Your scores").wait_for()
    first = wren.page.locator("[data-criterion]").first
    walk_to(wren, "[data-criterion] input[type=radio]", 200)
    keyboard.press("4")
    assert first.locator("input[value='4']").is_checked(), main(wren)
    keyboard.type(bid.REASONS["assessor_wren"][1])
    keyboard.press("Escape")
    keyboard.press("n")
    keyboard.press("3")
    assert wren.page.locator("[data-criterion]").nth(1).locator("input[value='3']").is_checked()
    walk_to(wren, "main button[value=save]", 200)
    with wren.page.expect_navigation():
        keyboard.press("Enter")
    says(wren, "Your weighted total so far")
    assert wren.page.locator("[data-criterion] textarea").first.input_value() == bid.REASONS["assessor_wren"][1]


class KeyboardHands:
    """Reaches each control by Tab and works it by letters, Space, arrows and Enter; every page is read by axe on the way."""

    def __init__(self, visitor):
        self.visitor, self.keyboard, self.steps = visitor, visitor.page.keyboard, 0

    def write(self, selector: str, text: str) -> None:
        self._reach(selector)
        self.keyboard.press("Control+A")
        self.keyboard.insert_text(text)

    def tick(self, selector: str) -> None:
        """A checkbox by Space. A radio by Tab to its group, and the arrow keys to itself."""
        wanted = self.visitor.page.locator(selector).first
        if wanted.get_attribute("type") == "checkbox":
            self._reach(selector)
            self.keyboard.press("Space")
        else:
            name = wanted.get_attribute("name")
            walk_to(self.visitor, f"input[type=radio][name='{name}']")
            self.keyboard.press("Space")
            for _ in range(40):
                if wanted.is_checked():
                    break
                self.keyboard.press("ArrowDown")
        assert wanted.is_checked(), selector

    def pick(self, selector: str, words: str) -> None:
        self._reach(selector)
        self.keyboard.type(words)
        assert self.visitor.page.locator(f"{selector} option:checked").inner_text() == words

    def press(self, selector: str) -> None:
        page = self.visitor.page
        self._reach(selector)
        with page.expect_navigation():
            self.keyboard.press("Enter")
        self.visitor.check()
        page.evaluate("() => document.activeElement.blur()")
        self.steps += 1

    def _reach(self, selector: str) -> None:
        """Nearly always the control is further down; else once round the page."""
        walk_to(self.visitor, self._one(selector), 250)

    def _one(self, selector: str) -> str:
        """The same selector, for the first of several that it finds: the one a person would take."""
        self.visitor.page.evaluate(
            "selector => { document.querySelectorAll('[data-wanted]').forEach(each => each.removeAttribute('data-wanted'));"
            " document.querySelector(selector).setAttribute('data-wanted', '') }",
            selector,
        )
        return "[data-wanted]"


def test_a_whole_short_bid_is_written_and_sent(visit, site):
    """Start, five eligibility questions, first sign-in, the group, every question, check, send, receipt: no mouse at all."""
    jo = visit()
    hands = KeyboardHands(jo)
    reference = ask_for_five_thousand_pounds(hands, site)
    assert hands.steps > 30
    says(jo, reference, "Bid sent")
