"""Every page in a real browser, on a phone and a desk: no accessibility violation, nothing wider than the screen."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.look.gallery import ADDRESSES, PARTNERSHIPS

HEIGHT = 800
WIDTHS = (320, 360, 1280)
READ_BY_AXE = (360, 1280)
CUT_OFF = """() => [...document.querySelectorAll('.chart text')].filter(one => {
    const box = one.getBoundingClientRect(), frame = one.closest('[role=img]').getBoundingClientRect();
    return box.left < frame.left - 1 || box.right > frame.right + 1 }).map(one => one.textContent)"""


@pytest.mark.parametrize("address", ADDRESSES + [f"/public/{slug}" for slug in PARTNERSHIPS])
def test_page_fits_every_screen_and_has_no_accessibility_violation(browser: Browser, gallery_url: str, address: str) -> None:  # fmt: skip
    """Opened once on the narrowest screen, which then grows; axe reads it with everything unfolded."""
    page = browser.new_page(viewport={"width": WIDTHS[0], "height": HEIGHT})
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: refused.append(str(error)))
    page.goto(gallery_url + address)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        _fits(page, width)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    for width in READ_BY_AXE:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        results = Axe().run(page, options={"resultTypes": ["violations"]})
        assert results.violations_count == 0, f"at {width} px: {results.generate_report()}"
    page.close()
    assert refused == []


def _fits(page: Page, width: int) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= width, f"wider than {width} px"
    assert page.evaluate(CUT_OFF) == [], f"words of a chart that are cut off at {width} px"


def test_a_word_of_two_hundred_letters_pushes_no_column_off_the_desk_and_breaks_no_other_word(browser: Browser, gallery_url: str) -> None:  # fmt: skip
    page = browser.new_page(viewport={"width": 1280, "height": HEIGHT})
    page.goto(gallery_url + "/long-words")
    for name in ("few", "many"):
        box = page.locator(f".fund-table-scroll[aria-labelledby={name}-caption]")
        assert box.evaluate("one => one.scrollWidth - one.clientWidth") <= 0, f"the table with {name} columns"
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        lines = page.locator("#plain").evaluate("one => { const range = document.createRange(); range.selectNodeContents(one); return range.getClientRects().length }")  # fmt: skip
        assert lines == 1, f"an ordinary word is broken at {width} px"
    page.close()


def test_what_belongs_to_a_choice_shows_when_it_is_chosen(browser: Browser, gallery_url: str) -> None:
    for script in (True, False):
        page = browser.new_page(java_script_enabled=script)
        page.goto(gallery_url + "/applicant")
        words = page.get_by_text("Your charity number goes here")
        assert not words.is_visible()
        page.get_by_label("Yes, as a charity").check()
        assert words.is_visible()
        page.get_by_label("No", exact=True).check()
        assert not words.is_visible()
        page.close()


def test_components_start_and_room_stays_in_view(browser: Browser, gallery_url: str) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 640})
    page.goto(gallery_url + "/applicant")
    assert "govuk-frontend-supported" in page.locator("body").get_attribute("class")
    assert page.get_by_role("button", name="Menu").is_visible()
    box = page.locator(".fund-room").bounding_box()
    assert box["y"] + box["height"] == pytest.approx(640, abs=1)
    page.close()
