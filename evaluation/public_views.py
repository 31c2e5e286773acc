"""The public's pages: what was funded, and what came of it. Only accepted returns count, small numbers are hidden."""

from flask import current_app, render_template, request

from applications.workflow import APPLICATION, AWARDED
from fund.core import files
from fund.core.clock import now, today
from fund.core.database import db
from fund.core.navigation import add_item, audience_blueprint
from fund.core.pages import as_csv, page_from, sort_from
from fund.core.pdf.as_word import as_word
from fund.core.pdf.document import draw
from fund.core.permissions import public
from fund.core.problems import NotYours
from fund.rounds import load_round

from .outcomes_paper import outcomes_paper
from .outcomes_reading import facts_of
from .public import COLUMNS, PUBLIC_ROUNDS, SORTS, as_funded, funded, narrowed, rounds_with_awards
from .release import release_of

blueprint = audience_blueprint("outcomes", __name__, "public")
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
add_item("What was funded", "outcomes.funded_list", "public", order=70)
add_item("What came of it", "outcomes.public_index", "public", order=71)


def public_facts(round_id: int):
    """The round's facts and their release. Raises NotYours for a round that is not public or made no awards."""
    round = load_round(round_id)
    if round is None or round.status not in PUBLIC_ROUNDS:
        raise NotYours()
    facts = facts_of(round)
    if not facts.awards:
        raise NotYours()
    return facts, release_of(facts, current_app.config["SETTINGS"].small_number)


@blueprint.route("/outcomes")
@public
def public_index():
    return render_template("evaluation/outcomes_index.html", rounds=rounds_with_awards())


@blueprint.route("/outcomes/<key:round_id>")
@public
def show(round_id):
    """What came of a round as a page, or with ?format=pdf or docx as a paper with the same figures and words."""
    facts, release = public_facts(round_id)
    if (wanted := request.args.get("format")) in ("pdf", "docx"):
        return _paper(facts, release, wanted)
    return render_template(
        "evaluation/outcomes.html", facts=facts, release=release, round=facts.round, today=today(now()),
        partnership=facts.round.fund.partnership, threshold=current_app.config["SETTINGS"].small_number,
    )  # fmt: skip


def _paper(facts, release, wanted: str):
    moment, threshold = now(), current_app.config["SETTINGS"].small_number
    document = outcomes_paper(facts, release, threshold, today(moment), moment)
    name = f"what-came-of-it-{facts.round.prefix}"
    if wanted == "docx":
        return files.send(as_word(document), f"{name}.docx", WORD)
    return files.send(draw(document), f"{name}.pdf", "application/pdf")


@blueprint.route("/outcomes/<key:round_id>/<word:table>.csv")
@public
def figures(round_id, table):
    _, release = public_facts(round_id)
    return table_csv(release, round_id, table, without=("priority-level",))


def table_csv(release, round_id: int, table: str, without=()):
    """One table of a release as a file, from the same rows as the page. Raises NotYours for an unknown one."""
    wanted = release.tables.get(table)
    if wanted is None or table in without:
        raise NotYours()
    return as_csv(f"outcomes-{round_id}-{table}", wanted.headers, wanted.exported)


@blueprint.route("/funded")
@public
def funded_list():
    given = {name: request.args.get(name, "") for name in ("q", "round", "priority", "status")}
    sort = sort_from(SORTS, "-awarded")
    wanted = narrowed(
        funded(), words=given["q"], round_id=given["round"], priority=given["priority"], status=given["status"]
    )
    wanted = sort.apply(wanted, "reference")
    if request.args.get("format") == "csv":
        rows = as_funded(db.session.execute(wanted).all())
        return as_csv("funded", COLUMNS, (row.exported() for row in rows))
    page = page_from(wanted)
    offered = funded().with_only_columns(*_CHOICES).distinct()
    choices = db.session.execute(offered).all()
    return render_template(
        "evaluation/funded.html", page=page, awards=as_funded(page.rows), given=given,
        sort=f"-{sort.key}" if sort.descending else sort.key,
        rounds=sorted({(row[0], row[1]) for row in choices}, key=lambda each: each[1]),
        priorities=[(title, title) for title in sorted({row[2] for row in choices if row[2]})],
        states=[(state, state) for state in sorted({APPLICATION.state(key).public for key in AWARDED})],
    )  # fmt: skip


def _choices():
    columns = funded().selected_columns
    return columns.round_id, columns.round, columns.priority


_CHOICES = _choices()
