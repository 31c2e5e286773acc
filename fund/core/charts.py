"""Charts as inline SVG: pure functions, no database, no request. All of them are imported from here.

Every chart takes a title (its name for a screen reader), a description (what it shows, in a sentence) and rows, and
returns Markup. The same title and description twice on a page need a chart_id each.
What a figure may be stands in fund.core.figures.
"""

from collections.abc import Sequence
from functools import lru_cache

from markupsafe import Markup

from fund.core.figures import LABEL, ChartTable, Figure, Show, nothing, plain, size, words
from fund.core.line_charts import line_chart, sparkline, tile_map
from fund.core.svg import LINE, bar, drawing, element, identifier, patterns, percent, text, wrap

__all__ = [
    "ChartTable",
    "bar_chart",
    "dot_plot",
    "line_chart",
    "paired_bars",
    "progress_bar",
    "sparkline",
    "stacked_bar",
    "tile_map",
]


def label_lines(label: str, value: str, top: float, width: int = LABEL) -> tuple[list[Markup], float]:
    """A label on the left, wrapped, with its figure on the right; and where the next thing may begin."""
    lines = wrap(label, width)
    parts = [text(line, 0, top + 15 + LINE * number) for number, line in enumerate(lines)]
    parts.append(text(value, "100%", top + 15, "value", "end"))
    return parts, top + LINE * len(lines)


def bar_chart(
    title: str,
    description: str,
    rows: Sequence[tuple[str, Figure]],
    *,
    show: Show = plain,
    whole: float | None = None,
    chart_id: str | None = None,
) -> Markup:
    """One bar for each (label, figure); as long as its share of the largest, or of whole when that is given."""
    ident = identifier(title, description, chart_id)
    if not rows:
        return nothing(title, description, ident, "bars")
    most = whole or max(size(value) for _, value in rows)
    parts: list[Markup] = []
    y: float = 0
    for label, value in rows:
        head, y = label_lines(label, words(value, show), y)
        track = element("rect", x=0, y=y + 2, width="100%", height=14, class_="chart__track")
        parts += [*head, track, bar(ident, 1, "0", y + 2, percent(size(value), most), 14)]
        y += 28
    return drawing(title, description, ident, int(y), parts, "bars")


def paired_bars(
    title: str,
    description: str,
    rows: Sequence[tuple[str, Figure, Figure]],
    *,
    names: tuple[str, str] = ("Expected", "Reported"),
    show: Show = plain,
    chart_id: str | None = None,
) -> Markup:
    """Two bars for each (label, expected, reported): expected striped, reported plain, each with its figure."""
    ident = identifier(title, description, chart_id)
    if not rows:
        return nothing(title, description, ident, "pairs")
    most = max(size(value) for row in rows for value in row[1:])
    parts: list[Markup] = [patterns(ident, 2)]
    y: float = 0
    for label, *pair in rows:
        lines = wrap(label, LABEL + 12)
        parts += [text(line, 0, y + 15 + LINE * number, "strong") for number, line in enumerate(lines)]
        y += LINE * len(lines)
        for series, name, value in zip((2, 1), names, pair, strict=True):
            parts.append(text(name, 0, y + 15))
            parts.append(text(words(value, show), "100%", y + 15, "value", "end"))
            parts.append(element("rect", x=0, y=y + 20, width="100%", height=12, class_="chart__track"))
            parts.append(bar(ident, series, "0", y + 20, percent(size(value), most), 12))
            y += 36
        y += 12
    return drawing(title, description, ident, int(y), parts, "pairs")


def progress_bar(title: str, description: str, done: Figure, whole: Figure, *, chart_id: str | None = None) -> Markup:
    """How much of whole is done, as one bar; past the whole it is full and ends in a mark."""
    ident = identifier(title, description, chart_id)
    parts = [
        element("rect", x=0, y=1, width="100%", height=14, class_="chart__track"),
        bar(ident, 1, "0", 1, percent(size(done), size(whole)), 14),
    ]
    if size(done) > size(whole) > 0:
        parts.append(
            element("rect", x="100%", y=0, width=5, height=16, transform="translate(-5)", class_="chart__over")
        )
    return drawing(title, description, ident, 16, parts, "progress")


def stacked_bar(
    title: str,
    description: str,
    rows: Sequence[tuple[str, Figure]],
    *,
    show: Show = plain,
    whole: float | None = None,
    chart_id: str | None = None,
) -> Markup:
    """One bar cut into (label, figure) parts, such as a pot: paid, committed, offered, room.

    Each part has its own pattern and a line of words; at most six parts.
    """
    ident = identifier(title, description, chart_id)
    if not rows:
        return nothing(title, description, ident, "stack")
    total = max(whole or 0, sum(size(value) for _, value in rows))
    parts = [patterns(ident, len(rows)), element("rect", x=0, y=1, width="100%", height=30, class_="chart__track")]
    start: float = 0
    y: float = 40
    for number, (label, value) in enumerate(rows, 1):
        if size(value):
            parts.append(bar(ident, number, percent(start, total), 1, percent(size(value), total), 30))
        start += size(value)
        parts.append(bar(ident, number, "0", y + 3, "14", 14))
        lines = wrap(label, LABEL - 3)
        parts += [text(line, 22, y + 15 + LINE * at) for at, line in enumerate(lines)]
        parts.append(text(words(value, show), "100%", y + 15, "value", "end"))
        y += LINE * len(lines) + 4
    return drawing(title, description, ident, int(y), parts, "stack")


def dot_plot(
    title: str,
    description: str,
    rows: Sequence[tuple[str, Sequence[float | None], float | None]],
    *,
    most: int = 5,
    chart_id: str | None = None,
) -> Markup:
    """A line from 0 to most for each (criterion, marks, agreed or None).

    A dot above the line for every assessor, equal marks one above the other; a ring on it for the agreed score.
    """
    ident = identifier(title, description, chart_id)
    if not rows:
        return nothing(title, description, ident, "dots")
    parts: list[Markup] = []
    y: float = 0
    for label, marks, agreed in rows:
        given = [mark for mark in marks if mark is not None]
        say = f"agreed {plain(agreed)}" if agreed is not None else ("not agreed" if given else "no scores")
        head, y = label_lines(label, say, y, LABEL + 2)
        deepest = max((given.count(mark) for mark in given), default=1)
        base = y + 14 + 12 * deepest
        parts += [*head, scale(base, most), *dots(given, base, most)]
        if agreed is not None:
            parts.append(element("circle", cx=place(agreed, most), cy=base, r=7, class_="chart__ring"))
        y = base + 40
    return drawing(title, description, ident, int(y), parts, "dots")


def place(mark: float, most: int) -> str:
    """Where a mark stands across the plot, with room for a ring at either end."""
    return f"{4 + 92 * min(max(mark, 0), most) / most:.2f}%"


@lru_cache(maxsize=256)
def scale(base: float, most: int) -> Markup:
    """The line a criterion's dots stand on, with a number under each whole mark. Made once for each height of its place."""
    parts = [element("line", x1="4%", y1=base, x2="96%", y2=base, class_="chart__axis")]
    for mark in range(most + 1):
        parts.append(
            element("line", x1=place(mark, most), y1=base - 4, x2=place(mark, most), y2=base + 4, class_="chart__axis")
        )
        parts.append(text(mark, place(mark, most), base + 25, "tick", "middle"))
    return Markup("").join(parts)


def dots(marks: Sequence[float], base: float, most: int) -> list[Markup]:
    """A dot for each mark; equal marks stand one above the other."""
    parts = []
    for number, mark in enumerate(marks):
        height = marks[:number].count(mark)
        parts.append(element("circle", cx=place(mark, most), cy=base - 15 - 12 * height, r=5.5, class_="chart__dot"))
    return parts
