"""Somebody at a browser: goes where a person would, and has every page read by axe and by the page checker.

Each page a story reaches is checked at phone and desktop width, the same page twice in a run once. axe, which is slow, reads
pages that differ in words and numbers only once, and those of SQLite's run only: PostgreSQL's are built alike.
"""

import os
import re

from axe_playwright_python.base import AXE_SCRIPT as AXE
from playwright.sync_api import Page

from tests.checks.html import BadPage, check_page

SIZES = ({"width": 360, "height": 740}, {"width": 1280, "height": 900})
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
OPTIONS = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": TAGS}}
_read: set[tuple[str, str]] = set()
_shapes: set[str] = set()


def shape_of(html: str) -> str:
    """How a page is built, without its words and numbers: what axe would say of two pages that differ in these only."""
    return re.sub(r"\d+", "0", re.sub(r'(?<=>)[^<]+|\b(?:value|content)="[^"]*"', "w", html))


class Visitor:
    """A page of a signed-in (or not signed-in) browser. `page` is Playwright's own, for what is not here."""

    def __init__(self, site, page: Page, *, scripts: bool = True):
        self.site, self.page, self.scripts = site, page, scripts
        self.axe = scripts and not os.environ.get("TEST_DATABASE_URL")  # axe is a script itself
        self.said: list[str] = []
        page.on("pageerror", lambda error: self.said.append(f"script error: {error}"))
        page.on("console", lambda message: self.said.append(message.text) if message.type == "error" else None)

    def go(self, address: str) -> "Visitor":
        """Open an address of the site. Raises BadPage when the page is not fit for everybody."""
        self.page.goto(self.site.address + address)
        return self.check()

    def press(self, words: str, *, exact: bool = False) -> "Visitor":
        """Press the button or link with these words, the page's own before those around it, and read where it leads."""
        inside = self._control(self.page.locator("main"), words, exact)
        with self.page.expect_navigation():  # a page that is still saving goes on only afterwards
            (inside if inside.count() else self._control(self.page, words, exact)).first.click()
        return self.check()

    @staticmethod
    def _control(place, words: str, exact: bool):
        return place.get_by_role("button", name=words, exact=exact).or_(
            place.get_by_role("link", name=words, exact=exact)
        )

    def fill(self, label: str, text: str) -> "Visitor":
        self.page.get_by_label(label, exact=False).first.fill(text)
        return self

    def choose(self, label: str) -> "Visitor":
        """Tick a box or choose a radio button by its words."""
        self.page.get_by_label(label, exact=False).first.check()
        return self

    @property
    def heading(self) -> str:
        return self.page.locator("h1").inner_text()

    @property
    def words(self) -> str:
        """Everything the page says."""
        return self.page.locator("body").inner_text()

    def check(self) -> "Visitor":
        """Read the present page at both widths. Raises BadPage with every fault."""
        page = self.page
        html = page.content()
        once = (re.sub(r"\d+", "0", page.url.removeprefix(self.site.address)), re.sub(r'value="[^"]*"', "", html))
        if once in _read:
            return self
        _read.add(once)
        where = page.url.removeprefix(self.site.address)
        check_page(html, where, csrf=True)
        size, shape = page.viewport_size, shape_of(html)
        try:
            for each in SIZES:
                page.set_viewport_size(each)
                self._fits(f"{where} at {each['width']} px")
                if self.axe and shape not in _shapes:
                    self._read_with_axe(f"{where} at {each['width']} px")
            _shapes.add(shape)
        finally:
            page.set_viewport_size(size)
        if unexpected := [each for each in self.said if not each.startswith("Failed to load resource")]:
            raise BadPage(f"{where}: the browser said {unexpected}")
        return self

    def _fits(self, where: str) -> None:
        wide = self.page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            raise BadPage(f"{where} is {wide} px wider than the screen")

    def _read_with_axe(self, where: str) -> None:
        if self.page.evaluate("() => !('axe' in window)"):
            self.page.evaluate(AXE)
        found = self.page.evaluate("options => axe.run(document, options).then(found => found.violations)", OPTIONS)
        if found:
            faults = [
                f"{each['id']}: {each['help']} - {node['html'][:160]}" for each in found for node in each["nodes"][:3]
            ]
            raise BadPage(f"{where}:\n  " + "\n  ".join(faults))
