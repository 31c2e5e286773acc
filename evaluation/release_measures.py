"""What indicators counted and measured, expected beside reported, with small numbers and telling percentages hidden."""

from markupsafe import Markup

from fund.core import charts
from fund.core.figures import Figure

from .figures import number, short_unit
from .outcomes import Facts, IndicatorRow, quarter_of, quarter_words
from .shown import Table, drawable, pairs
from .suppression import SECOND, suppress_count


def counted(facts: Facts, threshold: int) -> Table | None:
    """Indicators that count people: expected added up beside reported added up."""
    rows = tuple(
        (_indicator_label(row), row.awards, _whole(row.target), suppress_count(_whole(row.reported), threshold))
        for row in facts.indicators if not row.is_rate and row.counts_people
    )  # fmt: skip
    if not rows:
        return None
    headers = ("Measure", "Awards", "Expected", "Reported")
    return Table("counted", "What was counted: expected and reported", "", headers, rows, pairs)


def other_counts(facts: Facts, threshold: int) -> Table | None:
    """Hours, sessions and events. An event can be about one person, so small counts of them are hidden as well."""
    rows = tuple(
        (
            f"{_indicator_label(row)} ({short_unit(row.unit)})", row.awards, _whole(row.target),
            suppress_count(_whole(row.reported), threshold),
        )
        for row in facts.indicators if not row.is_rate and not row.counts_people
    )  # fmt: skip
    if not rows:
        return None
    return Table("other", "Other things counted", "", ("Measure", "Awards", "Expected", "Reported"), rows)


def rates(facts: Facts, threshold: int) -> Table | None:
    """Percentages and scores: the mean target beside what those who answered reported, and how many they were."""
    rows = tuple(_rate_row(row, threshold) for row in facts.indicators if row.is_rate)
    if not rows:
        return None
    headers = (
        "Measure",
        "Baseline",
        "Expected",
        "Reported",
        "People asked",
        "People who answered",
        "Answered, per cent",
    )
    note = "Averages over the people who answered. A good figure from few answers is not a good figure."
    return Table("rate", "What was measured: expected and reported", note, headers, rows, _rate_pairs)


def _rate_row(row: IndicatorRow, threshold: int) -> tuple[Figure, ...]:
    unit = "%" if row.is_percentage else short_unit(row.unit)
    lower = "; lower is better" if row.direction == "lower_better" else ""
    value = rate(row, threshold)
    asked, answered = suppress_count(row.asked, threshold), suppress_count(row.answered, threshold)
    hidden = isinstance(value, str) or isinstance(asked, str) or isinstance(answered, str)
    response = SECOND if hidden else (int(100 * row.answered / row.asked + 0.5) if row.asked else None)
    baseline = None if row.baseline is None else round(row.baseline, 1)
    return (
        f"{_indicator_label(row)} ({unit}{lower})",
        baseline,
        round(row.target, 1),
        value,
        asked,
        answered,
        response,
    )


def rate(row: IndicatorRow, threshold: int, answered: int | None = None, value: float | None = None) -> Figure:
    """The rate, or the sign that hides it: when few answered, or when it would tell of a few people among them."""
    value = row.reported if value is None else value
    answered = row.answered if answered is None else answered
    if value is None:
        return None
    people = round(value * answered / 100) if row.is_percentage else answered
    few = [people, answered - people, answered] if row.is_percentage else [answered]
    return SECOND if any(0 < count < threshold for count in few) else round(value, 1)


def _rate_pairs(table: Table) -> Markup:
    rows = [(str(row[0]), row[2], row[3]) for row in table.rows if "(%" in str(row[0]) and row[2] >= 0]
    return charts.paired_bars(
        table.title, "The share expected and the share reported, of people who answered.", rows,
        show=lambda value: f"{number(value)} %", chart_id=f"chart-{table.key}",
    )  # fmt: skip


def rate_by_quarter(facts: Facts, threshold: int) -> Table | None:
    top = facts.headline
    if top is None:
        return None
    quarters = sorted({quarter_of(period.ends_on) for period in facts.periods})
    baseline = None if top.baseline is None else round(top.baseline, 1)
    rows = tuple(
        (quarter_words(each), rate(top, threshold, top.answered_in(each), top.reported_in(each)) if top.answered_in(each) else None, baseline)
        for each in quarters
    )  # fmt: skip

    def lines(table: Table) -> Markup:
        drawn = [(row[0], drawable(row[1])) for row in table.rows]
        return charts.line_chart(
            table.title, "The share of people who answered, in each quarter, with the baseline.", drawn, baseline=baseline,
            show=lambda value: f"{number(value)} %", chart_id=f"chart-{table.key}",
        )  # fmt: skip

    title = f"{_indicator_label(top)}, over the quarters (%)"
    return Table("rate-quarter", title, "", ("Quarter", "Reported", "Baseline"), rows, lines)


def _indicator_label(row: IndicatorRow) -> str:
    return row.measure[:1].upper() + row.measure[1:]


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value + 0.5)
