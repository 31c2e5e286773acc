"""What may be shown of a round's outcomes: tables in which small numbers are hidden, from which page, chart and CSV are made.

There is one set of tables for everybody outside the fund, so that the public page and the evaluators' page never hide
different cells of the same figures. Staff see the same tables with nothing hidden (threshold 0).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from markupsafe import Markup

from fund.core import charts
from fund.core.charts import ChartTable
from fund.core.figures import Figure
from fund.core.money import pounds
from scoring.toolkits import reader as toolkits

from .figures import number, short_unit
from .outcomes import NO_PLACE, AwardRow, Facts, IndicatorRow, quarter_of, quarter_words
from .suppression import SECOND, suppress_count, suppress_row, suppress_table

LEVELS = {"primary": "Primary", "secondary": "Secondary", "tertiary": "Tertiary"}
TILES_FROM, TILES_TO = 4, 30  # below, a table is enough; above, tiles are too small to read


@dataclass(frozen=True)
class Table:
    """One set of figures. `rows` hold numbers or the signs of hidden ones; `drawn` makes the chart from the same rows."""

    key: str
    title: str
    note: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Figure, ...], ...]
    drawn: Callable[["Table"], Markup] | None = None
    total: tuple[Figure, ...] | None = None
    money: frozenset[int] = field(default_factory=frozenset)
    links: tuple[str, ...] = ()

    @property
    def chart(self) -> Markup | None:
        return self.drawn(self) if self.drawn and self.rows else None

    @property
    def whole(self) -> tuple[tuple[Figure, ...], ...]:
        return (*self.rows, self.total) if self.total else self.rows

    @property
    def words(self) -> ChartTable:
        """The rows as a reader sees them."""
        return ChartTable(
            self.headers, tuple(tuple(self._cell(at, cell) for at, cell in enumerate(row)) for row in self.whole)
        )

    def _cell(self, at: int, cell: Figure) -> str:
        return pounds(cell) if at in self.money and isinstance(cell, int) else number(cell)

    @property
    def exported(self) -> Iterable[tuple]:
        """The rows for a file: pounds with pence, numbers plain, hidden ones as their sign."""
        for row in self.whole:
            yield tuple(
                f"{cell / 100:.2f}" if at in self.money and isinstance(cell, int) else cell
                for at, cell in enumerate(row)
            )


@dataclass(frozen=True)
class Headline:
    """The figures on top of the page. Whatever is a text is a hidden small number."""

    reached: Figure
    promised: int
    spent_pence: int
    awarded_pence: int
    pence_a_person: int | None
    rate: Figure
    rate_measure: str
    response: Figure


@dataclass(frozen=True)
class Release:
    headline: Headline
    tables: dict[str, Table]


def release_of(facts: Facts, threshold: int) -> Release:
    """Everything that may be shown; counts of people below the threshold are hidden. 0 hides nothing."""
    priorities, levels, cross, reached = _priorities_and_levels(facts, threshold)
    made = [
        priorities,
        levels,
        cross,
        _strands(facts, threshold),
        _places(facts, threshold),
        _quarters(facts, threshold),
        _counted(facts, threshold),
        _rates(facts, threshold),
        _rate_by_quarter(facts, threshold),
        _other_counts(facts),
    ]
    return Release(_headline(facts, reached, threshold), {table.key: table for table in made if table is not None})


def _headline(facts: Facts, reached: Figure, threshold: int) -> Headline:
    spent = sum(award.spent_pence for award in facts.awards)
    top = facts.headline
    rate = _rate(top, threshold) if top else None
    known = top is not None and not isinstance(rate, str)
    return Headline(
        reached=reached,
        promised=sum(award.promised for award in facts.awards),
        spent_pence=spent,
        awarded_pence=sum(award.amount_pence for award in facts.awards),
        pence_a_person=int(spent / reached + 0.5) if isinstance(reached, int) and reached else None,
        rate=rate,
        rate_measure=top.measure if top else "",
        response=int(100 * top.answered / top.asked + 0.5) if known and top.asked else None,
    )


def _sums(facts: Facts, key: Callable[[AwardRow], str]) -> dict[str, tuple[int, int, int, int]]:
    """Awards, promised, awarded pence and spent pence by a key of the award."""
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for award in facts.awards:
        for at, value in enumerate((1, award.promised, award.amount_pence, award.spent_pence)):
            found[key(award)][at] += value
    return {name: tuple(values) for name, values in found.items()}


HEADERS = ("Awards", "People expected", "People reached", "Awarded", "Spent")
MONEY = frozenset({4, 5})


def _group_table(key: str, title: str, first: str, note: str, groups, shown, total, links=()) -> Table:
    """A table of groups: `groups` is [(label, sums)], `shown` the people reached as they may be shown."""
    rows = tuple(
        (label, awards, promised, people, awarded, spent)
        for (label, (awards, promised, awarded, spent)), people in zip(groups, shown, strict=True)
    )
    sums = [sum(values[at] for _, values in groups) for at in range(4)]
    whole = ("All", sums[0], sums[1], total, sums[2], sums[3])
    return Table(key, title, note, (first, *HEADERS), rows, _pairs, whole, MONEY, tuple(links))


def _pairs(table: Table) -> Markup:
    rows = [(str(row[0]), row[2], row[3]) for row in table.rows]
    return charts.paired_bars(table.title, "People expected and people reached.", rows, chart_id=f"chart-{table.key}")


def _priorities_and_levels(facts: Facts, threshold: int) -> tuple[Table, Table, Table, Figure]:
    """By priority, by level and both at once, hidden together because their totals explain each other."""
    labels = {a.priority: _priority_label(a) for a in sorted(facts.awards, key=lambda award: award.position)}
    names = {code: LEVELS.get(code, "Not said") for code in sorted({award.level for award in facts.awards})}
    counts = [
        [sum(a.reached for a in facts.awards if (a.priority, a.level) == (priority, level)) for level in names]
        for priority in labels
    ]
    cells, rows, columns, whole = suppress_table(counts, threshold)
    of_priority, of_level = _sums(facts, lambda a: a.priority), _sums(facts, lambda a: a.level)
    priorities = _group_table(
        "priority", "People expected and reached by priority", "Priority", "", [(labels[k], of_priority[k]) for k in labels],
        rows, whole, labels,
    )  # fmt: skip
    levels = _group_table(
        "level", "People expected and reached by prevention level", "Level",
        "Primary is for everybody, secondary for people at risk, tertiary for people already involved.",
        [(names[k], of_level[k]) for k in names], columns, whole,
    )  # fmt: skip
    cross = Table(
        "priority-level", "People reached by priority and prevention level", "", ("Priority", *names.values(), "All"),
        tuple((labels[k], *shown, total) for k, shown, total in zip(labels, cells, rows, strict=True)),
        total=("All", *columns, whole),
    )  # fmt: skip
    return priorities, levels, cross, whole


def _priority_label(award: AwardRow) -> str:
    return f"{award.priority}: {award.priority_title}".removeprefix(": ").rstrip(".")


def strand_name(strand_id: str) -> str:
    """The toolkit's name of a strand, or words for bids that claim none."""
    if strand_id in ("", "no-strand"):
        return "No toolkit strand"
    card = toolkits.yef_card(strand_id)
    return card.name if card else strand_id.replace("-", " ").capitalize()


def _strands(facts: Facts, threshold: int) -> Table:
    sums = _sums(facts, lambda award: strand_name(award.strand))
    people = facts.people_by(lambda award: [strand_name(award.strand)])
    names = sorted(sums, key=lambda name: -sums[name][1])
    shown, total = suppress_row([people[name] for name in names], sum(people.values()), threshold)
    return _group_table(
        "strand", "People expected and reached by toolkit strand", "Strand",
        "Strands of the Youth Endowment Fund Toolkit, as the bids named them.", [(name, sums[name]) for name in names],
        shown, total,
    )  # fmt: skip


def _places(facts: Facts, threshold: int) -> Table:
    people = facts.people_by(lambda award: award.places or [NO_PLACE])
    names = sorted(people)
    shown, total = suppress_row([people[name] for name in names], sum(people.values()), threshold)
    note = (
        "A project that works in several places is shared equally between them. We do not ask people where they live."
    )
    rows = tuple(zip(names, shown, strict=True))
    return Table("place", "People reached by ward", note, ("Ward", "People reached"), rows, _tiles, ("All", total))


def _tiles(table: Table) -> Markup:
    say = "People reached in each ward; darker is more."
    ident = f"chart-{table.key}"
    if TILES_FROM <= len(table.rows) <= TILES_TO:
        return charts.tile_map(table.title, say, table.rows, chart_id=ident)
    return charts.bar_chart(table.title, say, table.rows, chart_id=ident)


def _quarters(facts: Facts, threshold: int) -> Table:
    expected: dict = defaultdict(int)
    reached: dict = defaultdict(int)
    for period in facts.periods:
        expected[quarter_of(period.ends_on)] += period.expected
        reached[quarter_of(period.ends_on)] += (period.people or 0) if period.is_accepted else 0
    quarters = sorted(expected)
    shown, total = suppress_row([reached[each] for each in quarters], sum(reached.values()), threshold)
    reported = {quarter_of(period.ends_on) for period in facts.periods if period.is_accepted}
    rows = tuple(
        (quarter_words(each), people if each in reported else None, expected[each])
        for each, people in zip(quarters, shown, strict=True)
    )  # fmt: skip
    missing = sum(quarter_of(each.ends_on) in reported and not each.is_accepted for each in facts.periods)
    note = "Quarters by their first month. A period counts in the quarter in which it ends."
    if missing:
        note += f" Not in yet: {missing} return{'' if missing == 1 else 's'} of these quarters."
    whole = ("All", total, sum(expected.values()))
    return Table(
        "quarter", "People reached over the quarters", note, ("Quarter", "Reported", "Expected"), rows, _lines, whole
    )


def _lines(table: Table) -> Markup:
    rows = [(row[0], _drawable(row[1]), row[2]) for row in table.rows]
    say = "People reached in each quarter beside those expected."
    return charts.line_chart(table.title, say, rows, names=("Reported", "Expected"), chart_id=f"chart-{table.key}")


def _drawable(value: Figure) -> Figure:
    return None if isinstance(value, str) else value


def _counted(facts: Facts, threshold: int) -> Table | None:
    """Indicators that count people: expected added up beside reported added up."""
    rows = tuple(
        (_indicator_label(row), row.awards, _whole(row.target), suppress_count(_whole(row.reported), threshold))
        for row in facts.indicators if not row.is_rate and row.counts_people
    )  # fmt: skip
    if not rows:
        return None
    headers = ("Measure", "Awards", "Expected", "Reported")
    return Table("counted", "What was counted: expected and reported", "", headers, rows, _pairs)


def _other_counts(facts: Facts) -> Table | None:
    rows = tuple(
        (f"{_indicator_label(row)} ({short_unit(row.unit)})", row.awards, _whole(row.target), _whole(row.reported))
        for row in facts.indicators if not row.is_rate and not row.counts_people
    )  # fmt: skip
    if not rows:
        return None
    return Table("other", "Other things counted", "", ("Measure", "Awards", "Expected", "Reported"), rows)


def _rates(facts: Facts, threshold: int) -> Table | None:
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
    value = _rate(row, threshold)
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


def _rate(row: IndicatorRow, threshold: int, answered: int | None = None, value: float | None = None) -> Figure:
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


def _rate_by_quarter(facts: Facts, threshold: int) -> Table | None:
    top = facts.headline
    if top is None:
        return None
    quarters = sorted({quarter_of(period.ends_on) for period in facts.periods})
    baseline = None if top.baseline is None else round(top.baseline, 1)
    rows = tuple(
        (quarter_words(each), _rate(top, threshold, top.answered_in(each), top.reported_in(each)) if top.answered_in(each) else None, baseline)
        for each in quarters
    )  # fmt: skip

    def lines(table: Table) -> Markup:
        drawn = [(row[0], _drawable(row[1])) for row in table.rows]
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
