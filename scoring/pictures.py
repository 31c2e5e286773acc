"""The ranked bars of a portfolio: one bar a bid, filled by whether it is chosen, fragile or out, with the interval of its points."""

from functools import lru_cache

from markupsafe import Markup

from fund.core.charts import label_lines
from fund.core.svg import bar, drawing, element, identifier, patterns, percent

FILLS = {"chosen": 1, "fragile": 2, "out": 5}


Row = tuple[str, float, float | None, float | None, str]


@lru_cache(maxsize=32)  # sixty bars are a seventh of a page that is opened and sorted again and again
def ranked_bars(title: str, description: str, rows: tuple[Row, ...]) -> Markup:
    """Rows of (label, points, low, high, "chosen", "fragile" or "out"), points out of 100. The state stands in words too.

    Without low and high no line is drawn under the bar.
    """
    ident = identifier(title, description, "ranked")
    parts: list[Markup] = [patterns(ident, max(FILLS.values()))]
    y: float = 0
    for label, points, low, high, state in rows:
        head, y = label_lines(label, f"{points:.1f} {state}", y)
        parts += [*head, element("rect", x=0, y=y + 2, width="100%", height=14, class_="chart__track")]
        parts.append(bar(ident, FILLS[state], "0", y + 2, percent(points, 100), 14))
        if low is not None and high is not None:
            line = {"x1": percent(low, 100), "y1": y + 19, "x2": percent(high, 100), "y2": y + 19}
            parts.append(element("line", class_="chart__axis", **line))
        y += 30
    return drawing(title, description, ident, int(y), parts, "bars")
