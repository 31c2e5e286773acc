"""Charts over time and place: lines with a baseline, a sparkline beside a figure, tiles for wards.

The manners are those of fund.core.charts, from where they are imported.
"""

from collections.abc import Sequence

from markupsafe import Markup

from fund.core.figures import LABEL, Figure, Show, nothing, plain, size, words
from fund.core.svg import LINE, drawing, element, identifier, percent, text, wrap

PLOT = 150  # pixels from the lowest to the highest gridline
TICKS = 5  # as many names under a line as fit on a phone


def known(values: Sequence[Figure]) -> list[float]:
    """The figures that can be drawn."""
    return [float(value) for value in values if value is not None and not isinstance(value, str)]


def round_top(value: float) -> float:
    """A round number at or above value for the top gridline: 1, 2, 4, 6, 8 or 10 of its power of ten."""
    if value <= 0:
        return 1
    power = 10.0 ** (len(str(int(value))) - 1) if value >= 1 else 0.1
    return next(step * power for step in (1, 2, 4, 6, 8, 10) if step * power >= value)


def line_chart(
    title: str,
    description: str,
    rows: Sequence[tuple],
    *,
    names: Sequence[str] = ("Reported",),
    baseline: float | None = None,
    baseline_name: str = "Baseline",
    show: Show = plain,
    chart_id: str | None = None,
) -> Markup:
    """A line for each name over rows of (period, figure, figure ...), from zero up, with a dashed baseline.

    Lines differ by dash and by the shape of their points; a missing figure leaves a gap.
    """
    ident = identifier(title, description, chart_id)
    drawable = known([value for row in rows for value in row[1:]])
    if not drawable:
        return nothing(title, description, ident, "lines")
    top = round_top(max([*drawable, baseline or 0]))
    parts, y = legend(rows, names, baseline, baseline_name, show)
    y += 26
    parts += grid(top, y, show)
    if baseline is not None:
        down = y + PLOT * (1 - min(baseline, top) / top)
        parts.append(element("line", x1="0", y1=down, x2="100%", y2=down, class_="chart__baseline"))
    lines, points = [], []
    for series in range(1, len(names) + 1):
        values = [row[series] if len(row) > series else None for row in rows]
        lines += runs(values, top, series)
        points += markers(values, top, series)
    frame = {"x": "6%", "y": y, "width": "88%", "height": PLOT, "overflow": "visible"}
    parts.append(element("svg", *lines, viewBox="0 0 1000 1000", preserveAspectRatio="none", **frame))
    parts.append(element("svg", *points, **frame))
    parts += periods([str(row[0]) for row in rows], y + PLOT + 22)
    return drawing(title, description, ident, int(y + PLOT + 34), parts, "lines")


def legend(
    rows: Sequence[tuple], names: Sequence[str], baseline: float | None, baseline_name: str, show: Show
) -> tuple[list[Markup], float]:
    """Each line's sign, name and last figure; and where the plot may begin."""
    parts: list[Markup] = []
    y: float = 0
    for series, name in enumerate(names, 1):
        last = next((row[series] for row in reversed(rows) if len(row) > series and row[series] is not None), None)
        parts.append(element("line", x1=0, y1=y + 10, x2=28, y2=y + 10, class_=f"chart__line chart__line--{series}"))
        parts.append(marker(14, y + 10, series))
        parts.append(text(wrap(name, LABEL - 5, 1)[0], 36, y + 15))
        parts.append(text(words(last, show), "100%", y + 15, "value", "end"))
        y += LINE + 2
    if baseline is not None:
        parts.append(element("line", x1=0, y1=y + 10, x2=28, y2=y + 10, class_="chart__baseline"))
        parts.append(text(wrap(baseline_name, LABEL - 5, 1)[0], 36, y + 15))
        parts.append(text(show(baseline), "100%", y + 15, "value", "end"))
        y += LINE + 2
    return parts, y


def grid(top: float, y: float, show: Show) -> list[Markup]:
    """Three gridlines with their figures above them, inside the plot, so that no width is lost to a margin."""
    parts = []
    for share in (1, 0.5, 0):
        down = y + PLOT * (1 - share)
        parts.append(element("line", x1="0", y1=down, x2="100%", y2=down, class_="chart__grid"))
        parts.append(text(show(top * share), 0, down - 4, "tick"))
    return parts


def across(number: int, count: int, width: float) -> float:
    """Where the nth of count points stands; a single one stands in the middle."""
    return width * number / (count - 1) if count > 1 else width / 2


def stretches(values: Sequence[Figure]) -> list[list[int]]:
    """The places of known figures that stand beside each other; a missing figure ends one stretch and begins the next."""
    found: list[list[int]] = [[]]
    for number, value in enumerate(values):
        if known([value]):
            found[-1].append(number)
        else:
            found.append([])
    return [each for each in found if each]


def runs(values: Sequence[Figure], top: float, series: int) -> list[Markup]:
    """Polylines through neighbouring known figures, with a gap between."""

    def point(number: int) -> str:
        return f"{across(number, len(values), 1000):.1f},{1000 * (1 - size(values[number]) / top):.1f}"

    return [
        element(
            "polyline",
            points=" ".join(map(point, run)),
            vector_effect="non-scaling-stroke",
            class_=f"chart__line chart__line--{series}",
        )
        for run in stretches(values)
        if len(run) > 1
    ]


def markers(values: Sequence[Figure], top: float, series: int) -> list[Markup]:
    """A shape at every known figure."""
    return [
        marker(f"{across(number, len(values), 100):.2f}%", PLOT * (1 - size(value) / top), series)
        for number, value in enumerate(values)
        if known([value])
    ]


def marker(x: object, y: float, series: int) -> Markup:
    """A disc, a square or a diamond, by series."""
    name = f"chart__point chart__point--{series}"
    if series % 3 == 1:
        return element("circle", cx=x, cy=y, r=5, class_=name)
    turn = "translate(-4.5 -4.5)" if series % 3 == 2 else None
    if turn:
        return element("rect", x=x, y=y, width=9, height=9, transform=turn, class_=name)
    diamond = element("path", d="M0-6.5 6.5 0 0 6.5-6.5 0z", class_=name)
    return element("svg", diamond, x=x, y=y, overflow="visible")


def periods(names: Sequence[str], y: float) -> list[Markup]:
    """The names under the plot: the first and the last always, in between as many as fit."""
    every = max(1, -(-(len(names) - 1) // (TICKS - 1)))
    shown = [n for n in range(len(names)) if n % every == 0 or n == len(names) - 1]
    if len(shown) > 2 and shown[-1] - shown[-2] < every:
        shown.pop(-2)
    parts = []
    for n in shown:
        anchor = "middle" if len(names) == 1 else "start" if n == 0 else "end" if n == len(names) - 1 else "middle"
        x = {"start": "0", "end": "100%"}.get(anchor, f"{6 + across(n, len(names), 88):.2f}%")
        parts.append(text(wrap(names[n], 9, 1)[0], x, y, "tick", anchor))
    return parts


def sparkline(
    title: str, description: str, rows: Sequence[tuple[str, Figure]], *, chart_id: str | None = None
) -> Markup:
    """A line as small as a word beside a figure, from the lowest to the highest figure; the last point is marked.

    A missing figure leaves a gap, and one that stands alone between two gaps is a dot.
    """
    ident = identifier(title, description, chart_id)
    values = [value for _, value in rows]
    drawn = known(values)
    low, high = (min(drawn), max(drawn)) if drawn else (0, 0)

    def point(number: int) -> tuple[float, float]:
        (value,) = known([values[number]])
        height = 16 * (value - low) / (high - low) if high > low else 8
        return 4 + across(number, len(values), 92), 20 - height

    lines = [[point(number) for number in stretch] for stretch in stretches(values)]
    parts = [
        element("polyline", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in line), class_="chart__line chart__line--1")
        for line in lines
        if len(line) > 1
    ]
    dots = [(*line[0], 1.5) for line in lines[:-1] if len(line) == 1] + [(*line[-1], 3) for line in lines[-1:]]
    parts += [element("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r=r, class_="chart__point") for x, y, r in dots]
    return drawing(
        title, description, ident, 24, [element("svg", *parts, viewBox="0 0 100 24", height=24, width=100)], "spark"
    )


def tile_map(
    title: str,
    description: str,
    rows: Sequence[tuple],
    *,
    columns: int = 3,
    show: Show = plain,
    chart_id: str | None = None,
) -> Markup:
    """A tile for each (ward, figure), or (ward, figure, column, row) counted from zero; darker is more."""
    ident = identifier(title, description, chart_id)
    if not rows:
        return nothing(title, description, ident, "tiles")
    placed = [row if len(row) > 3 else (*row[:2], n % columns, n // columns) for n, row in enumerate(rows)]
    wide = max(row[2] for row in placed) + 1
    most = max(size(row[1]) for row in placed)
    letters = max(5, 40 // wide)
    parts = [tile(row, wide, letters, most, show) for row in placed]
    height = 78 * (max(row[3] for row in placed) + 1)
    return drawing(title, description, ident, height, parts, "tiles")


def tile(row: tuple, wide: int, letters: int, most: float, show: Show) -> Markup:
    """One ward: its name in two lines and its figure, shaded in five steps."""
    label, value, column, line = row[:4]
    step = "none" if not known([value]) else max(1, min(5, -(-int(500 * size(value) / most) // 100))) if most else 1
    name = [text(part, "50%", 18 + 16 * n, "tile-name", "middle") for n, part in enumerate(wrap(label, letters))]
    return element(
        "svg",
        element("rect", x="1%", y=0, width="98%", height=74, class_=f"chart__tile chart__tile--{step}"),
        element(
            "g",
            *name,
            text(words(value, show), "50%", 62, "tile-value", "middle"),
            class_=f"chart__on chart__on--{step}",
        ),
        x=percent(column, wide),
        y=78 * line,
        width=percent(1, wide),
        height=74,
    )
