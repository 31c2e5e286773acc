"""People expected and reached by priority, level, strand, ward and quarter, with small numbers hidden."""

from collections import defaultdict
from collections.abc import Callable

from markupsafe import Markup

from fund.core import charts
from fund.core.figures import Figure
from scoring.toolkits import reader as toolkits

from .outcomes import NO_PLACE, AwardRow, Facts, quarter_of, quarter_words
from .shown import Table, drawable, pairs
from .suppression import suppress_row, suppress_table

LEVELS = {"primary": "Primary", "secondary": "Secondary", "tertiary": "Tertiary"}
TILES_FROM, TILES_TO = 4, 30  # below, a table is enough; above, tiles are too small to read
HEADERS = ("Awards", "People expected", "People reached", "Awarded", "Spent")
MONEY = frozenset({4, 5})


def priorities_and_levels(facts: Facts, threshold: int) -> tuple[Table, Table, Table, Figure]:
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


def strands(facts: Facts, threshold: int) -> Table:
    sums = _sums(facts, lambda award: strand_name(award.strand))
    people = facts.people_by(lambda award: [strand_name(award.strand)])
    names = sorted(sums, key=lambda name: -sums[name][1])
    shown, total = suppress_row([people[name] for name in names], sum(people.values()), threshold)
    return _group_table(
        "strand", "People expected and reached by toolkit strand", "Strand",
        "Strands of the Youth Endowment Fund Toolkit, as the bids named them.", [(name, sums[name]) for name in names],
        shown, total,
    )  # fmt: skip


def strand_name(strand_id: str) -> str:
    """The toolkit's name of a strand, or words for bids that claim none."""
    if strand_id in ("", "no-strand"):
        return "No toolkit strand"
    card = toolkits.yef_card(strand_id)
    return card.name if card else strand_id.replace("-", " ").capitalize()


def places(facts: Facts, threshold: int) -> Table:
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


def quarters(facts: Facts, threshold: int) -> Table:
    expected: dict = defaultdict(int)
    reached: dict = defaultdict(int)
    for period in facts.periods:
        expected[quarter_of(period.ends_on)] += period.expected
        reached[quarter_of(period.ends_on)] += (period.people or 0) if period.is_accepted else 0
    days = sorted(expected)
    shown, total = suppress_row([reached[each] for each in days], sum(reached.values()), threshold)
    reported = {quarter_of(period.ends_on) for period in facts.periods if period.is_accepted}
    rows = tuple(
        (quarter_words(each), people if each in reported else None, expected[each])
        for each, people in zip(days, shown, strict=True)
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
    rows = [(row[0], drawable(row[1]), row[2]) for row in table.rows]
    say = "People reached in each quarter beside those expected."
    return charts.line_chart(table.title, say, rows, names=("Reported", "Expected"), chart_id=f"chart-{table.key}")


def _group_table(key: str, title: str, first: str, note: str, groups, shown, total, links=()) -> Table:
    """A table of groups: `groups` is [(label, sums)], `shown` the people reached as they may be shown."""
    rows = tuple(
        (label, awards, promised, people, awarded, spent)
        for (label, (awards, promised, awarded, spent)), people in zip(groups, shown, strict=True)
    )
    sums = [sum(values[at] for _, values in groups) for at in range(4)]
    whole = ("All", sums[0], sums[1], total, sums[2], sums[3])
    return Table(key, title, note, (first, *HEADERS), rows, pairs, whole, MONEY, tuple(links))


def _sums(facts: Facts, key: Callable[[AwardRow], str]) -> dict[str, tuple[int, int, int, int]]:
    """Awards, promised, awarded pence and spent pence by a key of the award."""
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for award in facts.awards:
        for at, value in enumerate((1, award.promised, award.amount_pence, award.spent_pence)):
            found[key(award)][at] += value
    return {name: tuple(values) for name, values in found.items()}
