"""The evaluators' pages: a round's totals by priority, strand, level and place. Patterns, never people: small numbers hidden."""

from flask import current_app, render_template
from sqlalchemy import case, func, select

from applications.tables import Application
from applications.workflow import AWARDED
from fund.core.clock import now, today
from fund.core.database import db
from fund.core.navigation import add_item, audience_blueprint
from fund.core.permissions import needs, signed_in
from fund.rounds import load_round, seen_by
from fund.tables import Fund, Partnership, Round

from .outcomes_reading import facts_of
from .public import PUBLIC_ROUNDS
from .public_views import table_csv
from .release import release_of

blueprint = audience_blueprint("evaluation", __name__, "evaluator")
add_item("Rounds", "evaluation.rounds", "evaluator", rule="evaluate_rounds", order=10)


@blueprint.route("/evaluation/rounds")
@needs("evaluate_rounds")
def rounds():
    """The rounds with awards come first: they have something to evaluate."""
    made = (Application.round_id == Round.id, Application.status.in_(AWARDED))
    awards = select(func.count(Application.id)).where(*made).correlate(Round).scalar_subquery()
    wanted = (
        select(Round.id, Round.title, Partnership.name, Round.delivery_start_on, Round.delivery_end_on, awards)
        .join(Fund, Fund.id == Round.fund_id)
        .join(Partnership, Partnership.id == Fund.partnership_id)
        .where(seen_by(signed_in(), "evaluator", now=now()), Round.status.in_(PUBLIC_ROUNDS))
        .order_by(case((awards > 0, 0), else_=1), Round.delivery_start_on.desc(), Round.id)
    )
    return render_template("evaluation/evaluator_rounds.html", rounds=db.session.execute(wanted).all())


def _release(round):
    facts = facts_of(round)
    return facts, release_of(facts, current_app.config["SETTINGS"].small_number)


@blueprint.route("/evaluation/rounds/<key:round_id>")
@needs("evaluate_round", round=load_round)
def show(round):
    facts, release = _release(round)
    return render_template(
        "evaluation/evaluator_round.html", facts=facts, release=release, round=round, today=today(now()),
        partnership=round.fund.partnership, threshold=current_app.config["SETTINGS"].small_number,
    )  # fmt: skip


@blueprint.route("/evaluation/rounds/<key:round_id>/<word:table>.csv")
@needs("evaluate_round", round=load_round)
def figures(round, table):
    return table_csv(_release(round)[1], round.id, table)
