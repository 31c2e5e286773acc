"""A sentence of the bid is selected and held beside a criterion: with the mouse, and with a thumb on a telephone."""

import pytest
from playwright.sync_api import expect

from .story import says

pytestmark = pytest.mark.journey

CONFLICTS = "main a.govuk-button[href*='conflicts']"
SELECT = """([key, letters]) => {
    const text = document.querySelector(`#answer-${key} .bid__text`);
    const walk = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
    let node = walk.nextNode();
    while (node.length < letters) node = walk.nextNode();
    const range = document.createRange();
    range.setStart(node, 0);
    range.setEnd(node, letters);
    text.scrollIntoView({ block: "center" });
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    return getSelection().toString().trim();
}"""


@pytest.mark.parametrize(("width", "thumb"), [(1280, False), (360, True)])
def test_a_selected_sentence_is_quoted_for_the_criterion_that_reads_the_answer(visit, width, thumb):
    wren = visit("assessor_wren", has_touch=thumb).go("/assessing")
    page = wren.page
    page.set_viewport_size({"width": width, "height": 740})
    if page.locator(CONFLICTS).count():
        wren.follow(CONFLICTS)
        for each in page.get_by_label("No conflict").all():
            each.check()
        wren.press("Save my answers")
    wren.follow("main a.govuk-button[href^='/assessing/']")
    bar = page.locator(".quoting")
    expect(bar).to_be_hidden()
    words = page.evaluate(SELECT, ["Q5", 40])
    expect(bar).to_contain_text(words)
    assert bar.locator("select option:checked").inner_text() == "Evidence-based practice"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    press = bar.get_by_role("button", name="Quote", exact=True)
    press.tap() if thumb else press.click()
    expect(bar).to_contain_text("Quoted for Evidence-based practice.")
    kept = page.locator("[data-criterion]", has_text="Evidence-based practice").locator(".quotes__list li")
    expect(kept).to_contain_text(words)

    # A tap on the criterion's own link takes the selection away first: the words are kept all the same.
    other = page.evaluate(SELECT, ["Q2", 30])
    expect(bar).to_contain_text(other)
    need = page.locator("[data-criterion]").first
    page.evaluate("getSelection().removeAllRanges()")
    need.locator("[data-quote]").dispatch_event("click")
    expect(need.locator(".quotes__list li")).to_contain_text(other)

    # What was quoted can be taken away again without loading the page before.
    with page.expect_navigation():
        kept.get_by_role("button", name="Remove").click()
    says(wren, "Evidence-based practice")
    expect(
        page.locator("[data-criterion]", has_text="Evidence-based practice").locator(".quotes__list li")
    ).to_have_count(0)
    expect(need.locator(".quotes__list li")).to_contain_text(other)
