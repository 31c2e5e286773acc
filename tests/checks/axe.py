"""axe, which is slow, asked about each page as little as tells everything: what it has read once it does not read again.

A page is a frame and what it says itself. axe reads it where one of the two is built as on no page before: words, numbers and
how many rows alike follow each other make no difference to it. At the second width, where the same elements show, only what
depends on where things lie is asked again; and where the frame was read before, only inside it. Contrast, more than half of its
work, is measured of the elements that stand in another as on no page before, at the phone's width first: no colour of ours
depends on the width, and large letters need less. With EVERYTHING_TWICE, as in
`make proof`, each page that is read is asked everything at both widths.
"""

import os
import re
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
CONTRAST = "color-contrast"
LAID_OUT = ["target-size", "scrollable-region-focusable", "link-in-text-block"]
EVERYTHING = bool(os.environ.get("EVERYTHING_TWICE"))
RUN = """([where, options]) =>
    axe.run(where ? document.querySelector(where) : document, options).then(found => found.violations)"""
MEASURE = """([pairs, options]) =>
    axe.run({ include: pairs.map(pair => axe.pairs.get(pair)) }, options).then(found => found.violations)"""
# Two neighbours in a page that are built alike, such as the rows of a list. Inside them is nothing of their own kind.
ALIKE = re.compile(r"(<(?P<tag>[a-z][a-z0-9]*)\b(?:(?!<(?P=tag)\b).)*?</(?P=tag)>)(?:w?\1)+", re.DOTALL)
SHOWN = "() => [...document.querySelectorAll('main, main *')].map(one => +one.checkVisibility()).join('')"
# Of every element that shows and what it stands in, all that our style sheets ask about: in these the colours lie.
NEIGHBOURS = """asked => {
    const named = one => [one.tagName, one.getAttribute('class'), one.disabled, one.checked,
        ...asked.map(name => name.startsWith('data-') ? one.hasAttribute(name) : one.getAttribute(name))].join();
    axe.pairs = new Map();
    for (const one of document.querySelectorAll('body, body *')) {
        const pair = named(one.parentElement) + '>' + named(one);
        if (!axe.pairs.has(pair) && one.checkVisibility()) axe.pairs.set(pair, one);
    }
    return [...axe.pairs.keys()];
}"""
SHEETS = Path(__file__).parents[2] / "static"
BY_ATTRIBUTE = {name for sheet in SHEETS.rglob("*.css") for name in re.findall(r"\[([a-z-]+)", sheet.read_text())}
ASKED = sorted(BY_ATTRIBUTE - {"id", "href"} | {"fill", "stroke"})


def options(**only: list[str]) -> dict:
    """Of axe: `rule=` these rules, or `tag=` the rules that have one of these tags."""
    ((kind, values),) = only.items()
    return {"resultTypes": ["violations"], "runOnly": {"type": kind, "values": values}}


WITHOUT_CONTRAST = options(tag=TAGS) | {"rules": {CONTRAST: {"enabled": False}}}


# Where one is in a menu: it makes no difference in which place of the menu that is.
HERE = re.compile(
    r' aria-current="\w+"| govuk-service-navigation__item--active'
    r'|<strong class="govuk-service-navigation__active-fallback">|(?<=[^>])</strong>\s*(?=</a>)'
)

# What a page loads, and for whom its colours are: contrast is another matter, see `_contrast`.
SHEET = re.compile(r'<link\b[^>]*>|<script\b[^>]*></script>|(?<=<body) class="[^"]*"')


def shape_of(html: str) -> str:
    """How a page is built, without its words and numbers and where its links lead, rows alike once."""
    bare = re.sub(r'(?<=>)[^<]+|\b(?:value|content|action)="[^"]*"|\b(?:href="/|aria-label=".)[^"]*"', "w", html)
    bare = re.sub(r"\s+", " ", re.sub(r"\d+", "0", bare))
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
        before, opened, rest = html.partition("<main")
        inside, closed, after = rest.rpartition("</main>")
        around = SHEET.sub("", before + after)
        marks = "".join(sorted(set(HERE.findall(around))))
        return cls(shape_of(opened + inside + closed), shape_of(HERE.sub("", around)) + marks)


class Memory:
    """What was read without a fault, as marks of a few letters; in a file, when there is one, for several processes."""

    def __init__(self, where: Path | None = None) -> None:
        self.marks: set[str] = set()
        self.file = open(where, "a+", encoding="ascii") if where else None  # noqa: SIM115 - open as long as the process lives
        if self.file:
            self.file.seek(0)

    def __contains__(self, what: str) -> bool:
        return self.mark(what) in self.marks

    def look(self) -> None:
        """Take in what others have read meanwhile."""
        if self.file:
            self.marks.update(self.file.read().split("\n"))

    def add(self, *what: str) -> None:
        new = {self.mark(each) for each in what} - self.marks
        self.marks |= new
        if self.file and new:
            self.file.write("".join(f"{each}\n" for each in new))
            self.file.flush()

    @staticmethod
    def mark(what: str) -> str:
        return blake2b(what.encode(), digest_size=16).hexdigest()


class Axe:
    """Reads pages and remembers which parts it has read: in the file at `where`, or by itself."""

    def __init__(self, where: Path | None = None) -> None:
        self.read = Memory(where)

    def knows(self, parts: Parts) -> bool:
        self.read.look()
        return parts.said in self.read and parts.frame in self.read

    def remember(self, parts: Parts) -> None:
        self.read.add(parts.said, parts.frame)

    def faults(self, page: Page, *, only_laid_out: bool = False, inside: str = "") -> list[str]:
        """What axe says against this page as it stands; of what is built as before only what can differ, and only `inside`
        this selector when there is one."""
        if page.evaluate("() => !('axe' in window)"):
            page.evaluate(AXE_SCRIPT)
        if EVERYTHING:
            found = page.evaluate(RUN, ["", options(tag=TAGS)])
        else:
            found = page.evaluate(RUN, [inside, options(rule=LAID_OUT) if only_laid_out else WITHOUT_CONTRAST])
            found += self._contrast(page)
        return [f"{each['id']}: {each['help']} - {node['html'][:160]}" for each in found for node in each["nodes"][:3]]

    def _contrast(self, page: Page) -> list[dict]:
        """Of the first element of each pair that was not measured yet, and of what is in it."""
        new = [pair for pair in page.evaluate(NEIGHBOURS, ASKED) if pair not in self.read]
        found = page.evaluate(MEASURE, [new, options(rule=[CONTRAST])]) if new else []
        if not found:
            self.read.add(*new)
        return found
