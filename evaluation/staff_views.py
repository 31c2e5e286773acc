"""Staff pages about a whole round: what came of it with nothing hidden, what will be left unspent, the indicators."""

from flask import render_template, request
from sqlalchemy import or_, select

from applications.workflow import APPLICATION
from fund.core.clock import now, today
from fund.core.database import db
from fund.core.money import plain_pounds
from fund.core.navigation import add_item, audience_blueprint, serve_as
from fund.core.pages import as_csv, page_from, sort_from
from fund.core.permissions import needs, signed_in
from fund.roles import is_staff
from fund.rounds import load_round
from fund.views import round_sections

from .forecast import SORTS as FORECAST_SORTS
from .forecast import forecast_of
from .outcomes_reading import facts_of
from .provenance import in_one_line, origin, remark
from .public_views import table_csv
from .release import release_of
from .tables import Indicator
from .tables.indicators import DIRECTIONS

blueprint = audience_blueprint("outcomes_office", __name__, "staff")
round_sections.add("Outcomes", "outcomes_office.show", rule="see_outcomes", order=70)
round_sections.add("Forecast", "outcomes_office.forecast", rule="see_outcomes", order=72)
add_item("Indicators", "outcomes_office.indicators", "staff", "evaluator", rule="read_indicators", order=80)


@blueprint.route("/office/rounds/<key:round_id>/outcomes")
@needs("see_outcomes", round=load_round)
def show(round):
    facts = facts_of(round)
    return render_template(
        "evaluation/office_outcomes.html", facts=facts, release=release_of(facts, 0), round=round, today=today(now()),
    )  # fmt: skip


@blueprint.route("/office/rounds/<key:round_id>/outcomes/<word:table>.csv")
@needs("see_outcomes", round=load_round)
def figures(round, table):
    return table_csv(release_of(facts_of(round), 0), round.id, table)


@blueprint.route("/office/rounds/<key:round_id>/forecast")
@needs("see_outcomes", round=load_round)
def forecast(round):
    """What each award and the round will leave unspent if the rest goes as planned."""
    sort = request.args.get("sort", "-underspend")
    if sort.removeprefix("-") not in FORECAST_SORTS:
        sort = "-underspend"
    rows = sorted(forecast_of(round), key=FORECAST_SORTS[sort.removeprefix("-")], reverse=sort.startswith("-"))
    if request.args.get("format") == "csv":
        headers = ("Award", "Group", "State", "Awarded", "Spent so far", "Still planned", "Comes to", "Left unspent", "Returns in", "Returns in all")  # fmt: skip
        return as_csv(f"forecast-{round.id}", headers, (_exported(row) for row in rows))
    return render_template(
        "evaluation/forecast.html", rows=rows, sort=sort, round=round, partnership=round.fund.partnership,
        states=APPLICATION,
    )  # fmt: skip


def _exported(row) -> tuple:
    money = (row.amount_pence, row.spent_pence, row.planned_pence, row.comes_to_pence, row.underspend_pence)
    state = APPLICATION.state(row.status).staff
    return (row.reference, row.group, state, *map(plain_pounds, money), row.reported_count, row.periods_count)


INDICATOR_SORTS = {
    "code": Indicator.code,
    "title": Indicator.title,
    "domain": Indicator.domain,
    "order": Indicator.position,
}


@blueprint.route("/office/indicators")
@needs("read_indicators")
def indicators():
    """The library: what a project may promise, how it is counted, and what its owners ask. Evaluators read it among their own pages."""
    if not is_staff(signed_in()):
        serve_as("evaluator")
    given = {name: request.args.get(name, "") for name in ("domain", "priority", "q")}
    sort, wanted = sort_from(INDICATOR_SORTS, "order"), select(Indicator)
    if given["domain"]:
        wanted = wanted.where(Indicator.domain == given["domain"])
    if given["q"]:
        near = (Indicator.title, Indicator.code, Indicator.linked_to)
        wanted = wanted.where(or_(*(column.icontains(given["q"], autoescape=True) for column in near)))
    if given["priority"]:
        wanted = wanted.where((", " + Indicator.linked_to + ",").contains(f", {given['priority']},", autoescape=True))
    wanted = sort.apply(wanted, Indicator.position)
    if request.args.get("format") == "csv":
        columns = ("code", "title", "domain", "linked_to", "unit", "direction", "level", "frequency", "collection", "source", "licence_caveat", "note")  # fmt: skip
        return as_csv("indicators", columns, (_as_read(row, columns) for row in db.session.scalars(wanted)))
    kinds = db.session.execute(select(Indicator.domain, Indicator.linked_to)).all()
    return render_template(
        "evaluation/indicators.html", page=page_from(wanted), given=given, directions=DIRECTIONS, origin=origin, remark=remark,
        domains=[(name, name) for name in sorted({row[0] for row in kinds})], sort=f"-{sort.key}" if sort.descending else sort.key,
        priorities=[(code, code) for code in sorted({code for row in kinds for code in (row[1] or "").split(", ") if code})],
    )  # fmt: skip


def _as_read(row: Indicator, columns: tuple[str, ...]) -> tuple:
    """A line of the file, with its source and note in words for people."""
    words = {"source": in_one_line(row.code), "note": remark(row.note)}
    return tuple(words.get(name, getattr(row, name)) for name in columns)
