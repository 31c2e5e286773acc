"""Small pieces of SVG that are safe in a page: escaped text, no style attributes, no script, ids that do not collide.

Drawings are fluid instead of scaled: lengths across are percentages, lengths down are pixels. So words keep their size
on a phone and on a projector (a scaled viewBox makes 14 px text 7 px at 320 px). The classes are coloured in fund.css.
"""

import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache

from markupsafe import Markup, escape

LINE = 20  # pixels from one line of words to the next
SPECIAL = re.compile("[&<>\"']").search  # what cannot stand in a page as it is
PATTERNS = ("solid", "stripes", "dots", "open", "cross", "lines")


def element(tag: str, *children: object, **attributes: object) -> Markup:
    """One element: children and values are escaped; an attribute that is None is left out."""
    given = "".join(
        [f' {attribute_name(name)}="{_escaped(value)}"' for name, value in attributes.items() if value is not None]
    )
    # A join of plain text: what Markup.format does for each piece was two thirds of a page of charts.
    inside = "".join([child if type(child) is Markup else _escaped(child) for child in children])
    return Markup(f"<{tag}{given}>{inside}</{tag}>")


def _escaped(value: object) -> str:
    """As escape, as plain text. Nearly all of a chart is numbers and class names with nothing to escape in them: looking
    first took half the time of a page of charts away."""
    if type(value) is str:
        return value if SPECIAL(value) is None else str(escape(value))
    return str(value) if type(value) in (int, float) else str(escape(value))


@lru_cache(maxsize=256)
def attribute_name(name: str) -> str:
    """class_ is class, text_anchor is text-anchor; SVG's own capitals (viewBox) stay."""
    return name.rstrip("_").replace("_", "-")


def percent(part: float, whole: float) -> str:
    """A share as SVG writes it, kept between nothing and all: 0 of 0 is 0%."""
    share = 100 * part / whole if whole > 0 else 0
    return f"{min(max(share, 0), 100):.2f}".rstrip("0").rstrip(".") + "%"


def identifier(title: str, description: str, given: str | None) -> str:
    """The id the drawing's parts start with: the one given, or the same one every time for the same words."""
    if given:
        return re.sub(r"[^A-Za-z0-9_-]", "-", given)
    mark = hashlib.sha256(f"{title}\n{description}".encode()).hexdigest()[:8]
    return f"chart-{mark}"


def drawing(title: str, description: str, ident: str, height: int, parts: Iterable[object], kind: str) -> Markup:
    """The outer element: an image with a name and a description, as wide as its place."""
    return element(
        "svg",
        element("title", title, id=f"{ident}-title"),
        element("desc", description, id=f"{ident}-desc"),
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        class_=f"chart chart--{kind}",
        role="img",
        aria_labelledby=f"{ident}-title",
        aria_describedby=f"{ident}-desc",
        width="100%",
        height=height,
        focusable="false",
    )


def text(words: object, x: object, y: float, kind: str = "label", anchor: str | None = None) -> Markup:
    """A line of words; anchor is start, middle or end."""
    return element("text", words, x=x, y=y, class_=f"chart__{kind}", text_anchor=anchor)


def wrap(words: str, width: int, lines: int = 2) -> list[str]:
    """Words cut into at most so many lines of so many characters; what does not fit ends in an ellipsis."""
    rows = [""]
    for word in str(words).split() or [""]:
        joined = f"{rows[-1]} {word}".strip()
        if len(joined) <= width or not rows[-1]:
            rows[-1] = joined
        else:
            rows.append(word)
    kept = [row if len(row) <= width else row[: width - 1].rstrip() + "…" for row in rows[:lines]]
    if len(rows) > lines and not kept[-1].endswith("…"):
        kept[-1] = kept[-1][: width - 1].rstrip(" ,.;:") + "…"
    return kept


def patterns(ident: str, count: int) -> Markup:
    """Definitions of the fills that tell series apart without colour; the first is plain."""
    made = []
    for number in range(1, min(count, len(PATTERNS))):
        made.append(
            element(
                "pattern",
                element("rect", width=8, height=8, class_=f"chart__ground chart__ground--{number + 1}"),
                pattern_mark(PATTERNS[number], number + 1),
                id=f"{ident}-p{number + 1}",
                width=8,
                height=8,
                patternUnits="userSpaceOnUse",
            )
        )
    return element("defs", *made) if made else Markup("")


def pattern_mark(pattern: str, series: int) -> Markup:
    """The strokes of one pattern in a square of eight pixels."""
    paths = {
        "stripes": "M-2 2 2-2M0 8 8 0M6 10l4-4",
        "dots": "M2 2h.01M6 6h.01",
        "cross": "M0 4h8M4 0v8",
        "open": "",
        "lines": "M0 2h8M0 6h8",
    }
    return element("path", d=paths[pattern] or None, class_=f"chart__mark chart__mark--{series} chart__mark--{pattern}")


def fill(ident: str, series: int) -> str | None:
    """What to put in fill=: nothing for the first series (its class colours it), a pattern for the others."""
    turn = (series - 1) % len(PATTERNS)
    return f"url(#{ident}-p{turn + 1})" if turn else None


def bar(ident: str, series: int, x: str, y: float, width: str, height: float) -> Markup:
    """A bar of one series."""
    return element(
        "rect",
        x=x,
        y=y,
        width=width,
        height=height,
        class_=f"chart__bar chart__bar--{(series - 1) % len(PATTERNS) + 1}",
        fill=fill(ident, series),
    )
