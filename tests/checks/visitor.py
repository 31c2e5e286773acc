"""Somebody at a browser: goes where a person would, and has every page read by axe and by the page checker.

Each page a story reaches is checked at phone and desktop width, the same page twice in a run once. What axe reads of it says
tests/checks/axe.py; it reads the pages of SQLite's run only: PostgreSQL's are built alike.
"""

import os
import re
from pathlib import Path

from playwright.sync_api import Page

from tests.checks.axe import SHOWN, Axe, Parts
from tests.checks.html import BadPage, check_page

SIZES = ({"width": 360, "height": 740}, {"width": 1280, "height": 900})
_read: set[tuple[str, str]] = set()
# The parts of `make test` share what they have read.
AXE = Axe(Path(os.environ["SHARED"], "read-by-axe") if "SHARED" in os.environ else None)


class Visitor:
    """A page of a signed-in (or not signed-in) browser. `page` is Playwright's own, for what is not here."""

    def __init__(self, site, page: Page, *, scripts: bool = True):
        self.site, self.page, self.scripts = site, page, scripts
        self.axe = scripts and not os.environ.get("TEST_DATABASE_URL")  # axe is a script itself
        self.said: list[str] = []
        self.shown = ""
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

    def follow(self, selector: str) -> "Visitor":
        """Press the first link or button of this selector and wait until the page it leads to is there."""
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()
        return self

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
        size, parts = page.viewport_size, Parts.of(html)
        asked = self.axe and not AXE.knows(parts)
        try:
            for each in SIZES:
                page.set_viewport_size(each)
                self._fits(f"{where} at {each['width']} px")
                if asked:
                    self._read_with_axe(where, each["width"], parts)
            if asked:
                AXE.remember(parts)
        finally:
            page.set_viewport_size(size)
        if unexpected := [each for each in self.said if not each.startswith("Failed to load resource")]:
            raise BadPage(f"{where}: the browser said {unexpected}")
        return self

    def _fits(self, where: str) -> None:
        wide = self.page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            raise BadPage(f"{where} is {wide} px wider than the screen")

    def _read_with_axe(self, where: str, width: int, parts: Parts) -> None:
        """At the first width everything; at the second less, where what shows is the same and the frame was read before."""
        first = width == SIZES[0]["width"]
        before, self.shown = "" if first else self.shown, self.page.evaluate(SHOWN)
        framed = parts.frame in AXE.read
        found = AXE.faults(self.page, only_laid_out=framed and self.shown == before, inside="main" if framed else "")
        if found:
            raise BadPage(f"{where} at {width} px:\n  " + "\n  ".join(found))
