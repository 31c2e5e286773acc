"""The strategies in public: five cards, and one page that shows any pack whole, silences included."""

import re

from flask import abort, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from fund.core.charts import ChartTable, bar_chart
from fund.core.database import db
from fund.core.navigation import audience_blueprint
from fund.core.pages import as_csv
from fund.core.permissions import public
from fund.needs import AreaNeeds, needs_for, small_number
from fund.needs_lines import sparks
from fund.strategies.gaps import gaps_of
from fund.strategies.loader import national, national_measures
from fund.strategies.pack import Priority, StrategyPack
from fund.strategy_loading import pack_of
from fund.tables import Fund, Partnership, Round, Strategy

blueprint = audience_blueprint("strategies", __name__, "public")

IN_THE_CHART = 10  # places that a bar chart can show on a phone; the table shows all


def current_strategies(*wanted_too) -> list[Strategy]:
    """The version of every strategy (of those wanted) that holds now, with its partnership, in one statement."""
    wanted = (
        select(Strategy)
        .join(Strategy.partnership)
        .options(contains_eager(Strategy.partnership))
        .where(Strategy.superseded_at.is_(None), *wanted_too)
        .order_by(Partnership.short_name)
    )
    return [each for each in db.session.scalars(wanted) if each.pack]


@blueprint.get("/strategies")
@public
def index():
    """A card for every strategy."""
    cards = [(each, pack_of(each)) for each in current_strategies()]
    return render_template("strategies/index.html", cards=cards)


@blueprint.get("/strategies/<word:slug>")
@public
def show(slug: str):
    """One strategy, from its vision to what it does not say; `?format=csv` gives the figures by place."""
    strategy = load_strategy(slug) or abort(404)
    pack = pack_of(strategy)
    places = needs_for(strategy.partnership_id)
    if request.args.get("format") == "csv":
        return figures_csv(slug, places)
    source = pack.identity.document
    return render_template(
        "strategies/show.html", strategy=strategy, partnership=strategy.partnership, pack=pack, strands=strands(pack),
        outcome_groups=outcome_groups(pack), measures=national_measures(pack), gaps=gaps_of(pack), duty=national().duty,
        places=places, small=small_number(), figure=latest_figure(places), sparks=sparks(places), source=source,
        said=lambda text: said(text, source), levels={each.key: each for each in national().prevention_levels.levels},
        running=running_rounds(strategy.partnership_id),
    )  # fmt: skip


def running_rounds(partnership_id: int) -> list[tuple[int, str]]:
    """Key and title of the rounds that fund a partnership's strategy and are not over, the next to close first."""
    wanted = select(Round.id, Round.title).join(Fund, Fund.id == Round.fund_id)
    wanted = wanted.where(Fund.partnership_id == partnership_id, Round.status == "published")
    return [(row.id, row.title) for row in db.session.execute(wanted.order_by(Round.closes_at, Round.id))]


def load_strategy(slug: str) -> Strategy | None:
    return next(iter(current_strategies(Partnership.slug == slug)), None)


def strands(pack: StrategyPack) -> list[tuple[str, list[Priority]]]:
    """The priorities by strand, in the document's order; strand "" where it names none."""
    grouped: dict[str, list[Priority]] = {}
    for priority in pack.priorities:
        grouped.setdefault(priority.strand or "", []).append(priority)
    return list(grouped.items())


def outcome_groups(pack: StrategyPack):
    """The outcomes by their group or stage."""
    grouped: dict[str, list] = {}
    for outcome in pack.outcomes:
        grouped.setdefault(outcome.group or outcome.stage or "", []).append(outcome)
    return list(grouped.items())


def said(text: str, document: str) -> str:
    """Our key of a document ("seed 002") in words that a reader knows."""
    return re.sub(r"\bseed\b", "the document", re.sub(r"\bseed \d{3}\b", document, text))


def latest_figure(places: list[AreaNeeds]):
    """The newest year as bars, highest first, with its table; None without figures."""
    if not places:
        return None
    ordered = sorted(places, key=lambda each: (-each.latest if isinstance(each.latest, int) else 0, each.area))
    rows = [(each.area, each.latest) for each in ordered[:IN_THE_CHART]]
    title = f"{places[0].measure}, {places[0].period}"
    if len(places) > IN_THE_CHART:
        title += f": the {IN_THE_CHART} highest of {len(places)} places"
    chart = bar_chart(title, f"Highest: {rows[0][0]} with {rows[0][1]}. Lowest shown: {rows[-1][0]}.", rows)
    return chart, ChartTable.of(("Place", places[0].period), rows), title


def figures_csv(slug: str, places: list[AreaNeeds]):
    """The figures as shown: small numbers stay hidden in the file as on the page."""
    if not places:
        abort(404)
    periods = [period for period, _ in places[0].trend]
    rows = (
        (each.area, each.district, *(count for _, count in each.trend), "not shown" if each.total is None else each.total,
         each.rank, each.measure, each.scope, "yes" if each.invented else "no")
        for each in places
    )  # fmt: skip
    headers = ("Place", "District", *periods, "All years", "Rank", "Measure", "Scope", "Invented for demonstration")
    return as_csv(f"needs-{slug}", headers, rows)
