"""axe, which is slow, asked about each page as little as tells everything: what it has read once it does not read again.

A page is a frame and what it says itself. axe reads it where one of the two is built as on no page before: words, numbers and
how many rows alike follow each other make no difference to it. At the second width, where the same elements show, only what
depends on where things lie is asked again. Contrast, more than half of its work, is measured at each width where elements
stand in each other as on no page before. With EVERYTHING_TWICE, as in `make proof`, each page that is read is asked everything
at both widths.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
CONTRAST = "color-contrast"
LAID_OUT = ["target-size", "scrollable-region-focusable", "link-in-text-block"]
EVERYTHING = bool(os.environ.get("EVERYTHING_TWICE"))
RUN = "options => axe.run(document, options).then(found => found.violations)"
# Two neighbours in a page that are built alike, such as the rows of a list. Inside them is nothing of their own kind.
ALIKE = re.compile(r"(<(?P<tag>[a-z][a-z0-9]*)\b(?:(?!<(?P=tag)\b).)*?</(?P=tag)>)(?:w?\1)+", re.DOTALL)
SHOWN = "() => [...document.querySelectorAll('main, main *')].map(one => +one.checkVisibility()).join('')"
# Of every element and what it stands in, all that our style sheets ask about: in these the colours lie.
NEIGHBOURS = """asked => {
    const named = one => [one.tagName, one.getAttribute('class'), one.disabled, one.checked,
        ...asked.map(name => name.startsWith('data-') ? one.hasAttribute(name) : one.getAttribute(name))].join();
    return [...new Set([...document.querySelectorAll('body, body *')].map(one => named(one.parentElement) + '>' + named(one)))];
}"""
SHEETS = Path(__file__).parents[2] / "static"
BY_ATTRIBUTE = {name for sheet in SHEETS.rglob("*.css") for name in re.findall(r"\[([a-z-]+)", sheet.read_text())}
ASKED = sorted(BY_ATTRIBUTE - {"id", "href"} | {"fill", "stroke"})


def shape_of(html: str) -> str:
    """How a page is built, without its words and numbers, rows alike once."""
    bare = re.sub(r"\s+", " ", re.sub(r"\d+", "0", re.sub(r'(?<=>)[^<]+|\b(?:value|content)="[^"]*"', "w", html)))
    while (fewer := ALIKE.sub(r"\1", bare)) != bare:
        bare = fewer
    return bare


@dataclass(frozen=True)
class Parts:
    """The shapes of what a page says itself and of the frame around it."""

    said: str
    frame: str

    @classmethod
    def of(cls, html: str) -> "Parts":
        before, opened, rest = shape_of(html).partition("<main")
        inside, closed, after = rest.rpartition("</main>")
        return cls(opened + inside + closed, before + after)


class Axe:
    """Reads pages and remembers which parts it has read."""

    def __init__(self) -> None:
        self.read: set[str] = set()
        self.measured: set[tuple[int, str]] = set()

    def knows(self, parts: Parts) -> bool:
        return {parts.said, parts.frame} <= self.read

    def remember(self, parts: Parts) -> None:
        self.read |= {parts.said, parts.frame}

    def faults(self, page: Page, width: int, *, only_laid_out: bool = False) -> list[str]:
        """What axe says against this page as it stands."""
        if page.evaluate("() => !('axe' in window)"):
            page.evaluate(AXE_SCRIPT)
        pairs = {(width, each) for each in page.evaluate(NEIGHBOURS, ASKED)}
        measured = EVERYTHING or bool(pairs - self.measured)
        found = page.evaluate(RUN, {"resultTypes": ["violations"]} | _rules(measured, only_laid_out and not EVERYTHING))
        if not found:
            self.measured |= pairs
        return [f"{each['id']}: {each['help']} - {node['html'][:160]}" for each in found for node in each["nodes"][:3]]


def _rules(measured: bool, only_laid_out: bool) -> dict:
    if only_laid_out:
        return {"runOnly": {"type": "rule", "values": LAID_OUT + [CONTRAST] * measured}}
    all_of_them = {"runOnly": {"type": "tag", "values": TAGS}}
    return all_of_them if measured else all_of_them | {"rules": {CONTRAST: {"enabled": False}}}
