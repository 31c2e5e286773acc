"""For staff: a round's money by financial year, with what to act on before 31 March."""

from flask import render_template, request, url_for

from awards import years
from awards.forms import YearForm
from awards.views.doing import done
from fund.core.charts import ChartTable, paired_bars
from fund.core.clock import now, today
from fund.core.money import plain_pounds, pounds
from fund.core.navigation import audience_blueprint
from fund.core.pages import as_csv
from fund.core.permissions import may, needs, signed_in
from fund.core.years import year_words
from fund.rounds import load_round
from fund.tables import Round

blueprint = audience_blueprint("years_office", __name__, "staff")
HEADS = ("Financial year", "Money of the year", "Paid", "Came back", "Planned", "Offered", "Forecast", "Left")


@blueprint.route("/office/rounds/<key:round_id>/years", methods=["GET"])
@needs("see_money", round=load_round)
def show(round: Round):
    rows = years.years_of(round, today(now()))
    if request.args.get("format") == "csv":
        return as_csv(f"years-{round.prefix}", HEADS, [[row.words, *map(plain_pounds, _figures(row))] for row in rows])
    return _page(round, _form(rows), rows)


@blueprint.route("/office/rounds/<key:round_id>/years", methods=["POST"])
@needs("set_years", round=load_round)
def save(round: Round):
    rows = years.years_of(round, today(now()))
    form = _form(rows)
    answer = form.validate_on_submit() and done(
        lambda: years.set_share(round, form.year.data, form.amount.data, by=signed_in(), now=now()),
        "Saved.",
        url_for(".show", round_id=round.id),
        form,
    )
    return answer or _page(round, form, rows)


def _form(rows: list[years.Year]) -> YearForm:
    form = YearForm()
    form.year.choices = [(row.year, row.words) for row in rows]
    return form


def _figures(row: years.Year) -> tuple[int | None, ...]:
    return row.share, row.paid, row.recovered, row.planned, row.offered, row.forecast, row.left


def _page(round: Round, form: YearForm, rows: list[years.Year]):
    pairs = [(row.words, row.share or 0, row.forecast) for row in rows]
    said = "; ".join(f"{name}: has {pounds(has)}, forecast {pounds(forecast)}" for name, has, forecast in pairs)
    names = ("Money of the year", "Paid and planned")
    chart = paired_bars("Money by financial year", said, pairs, names=names, show=pounds)
    table = ChartTable.of(HEADS, [(row.words, *_figures(row)) for row in rows], show=lambda pence: pounds(pence) or "–")
    return render_template(
        "awards/years.html", round=round, rows=rows, form=form, chart=chart, table=table,
        warnings=years.warnings(rows, today(now())), sets=may(signed_in(), "set_years", round), this_year=year_words(years.year_of(today(now()))),
    )  # fmt: skip
