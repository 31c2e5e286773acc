"""The visitor sees what a page must not do, in a real browser against the real app."""

import pytest

from tests.checks.html import BadPage

pytestmark = pytest.mark.journey


def test_an_error_page_is_fit_for_everybody(visit):
    guest = visit().go("/no-such-page")
    assert guest.heading == "Page not found"


def show(guest, inside: str):
    """Write into the page as a bad template would, and read it again."""
    guest.page.evaluate("html => { document.querySelector('main').insertAdjacentHTML('beforeend', html) }", inside)
    guest.check()


def test_axe_is_asked(visit):
    guest = visit().go("/no-such-page")
    with pytest.raises(BadPage, match=r"aria-required-children|image-alt|no alt"):
        show(guest, '<div role="list"><div role="img"></div></div>')


FOLDED = """() => {
    const pale = new CSSStyleSheet();
    pale.replaceSync('p.pale { color: #ccc }');
    document.adoptedStyleSheets = [pale];
    document.querySelector('main').insertAdjacentHTML('beforeend',
        '<details class="pale"><summary>More</summary><p class="pale">words</p></details>');
}"""


def test_the_contrast_of_what_was_folded_is_measured_when_it_shows(visit):
    guest = visit().go("/no-such-page")
    guest.page.evaluate(FOLDED)
    guest.check()
    guest.page.evaluate("() => { document.querySelector('details.pale').open = true }")
    with pytest.raises(BadPage, match="color-contrast"):
        guest.check()


def test_a_page_wider_than_a_phone_fails(visit):
    guest = visit().go("/no-such-page")
    with pytest.raises(BadPage, match=r"at 360 px is .* wider than the screen"):
        show(guest, '<svg role="img" aria-label="A wide chart" width="900" height="9"></svg>')


def test_a_script_error_fails(visit):
    guest = visit().go("/no-such-page")
    guest.page.evaluate("() => { setTimeout(() => { throw new Error('broken') }, 0) }")
    guest.page.wait_for_timeout(50)
    with pytest.raises(BadPage, match="broken"):
        show(guest, "<p>changed</p>")


def test_the_browser_talks_to_nobody_else(visit):
    """No name but this machine's is looked up: a test that leans on the network fails."""
    from playwright.sync_api import Error

    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        visit().page.goto("http://elsewhere.example/")
