"""Every page in a real browser, on a phone and a desk: no accessibility violation, nothing wider than the screen."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.look.gallery import ADDRESSES, PARTNERSHIPS

WIDTHS = (320, 360, 1280)


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("address", ADDRESSES + [f"/public/{slug}" for slug in PARTNERSHIPS])
def test_page_has_no_accessibility_violation(browser: Browser, gallery_url: str, address: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: refused.append(str(error)))
    page.goto(gallery_url + address)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    results = Axe().run(page)
    page.close()
    assert results.violations_count == 0, results.generate_report()
    assert refused == []


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("address", ADDRESSES)
def test_page_is_no_wider_than_the_screen(browser: Browser, gallery_url: str, address: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(gallery_url + address)
    wide = page.evaluate("document.documentElement.scrollWidth")
    words = page.evaluate(
        """() => [...document.querySelectorAll('.chart text')].filter(one => {
             const box = one.getBoundingClientRect(), frame = one.closest('[role=img]').getBoundingClientRect();
             return box.left < frame.left - 1 || box.right > frame.right + 1 }).map(one => one.textContent)"""
    )
    page.close()
    assert wide <= width
    assert words == [], "words of a chart that are cut off"


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
