"""The draw between bids that are tied where the pot ends: seed published, drawn, signed by two people, for anyone to repeat."""

from flask import flash, redirect, request, url_for

from fund.core.clock import now
from fund.core.database import db
from fund.core.permissions import may, needs, require, signed_in
from fund.core.problems import NotYours, Problem
from fund.tables import Round

from .. import draws
from ..forms import EmptyForm, SeedForm
from ..loading import load_round
from .office import blueprint, page


@blueprint.route("/office/rounds/<key:round_id>/draw", methods=["GET", "POST"])
@needs("see_ranking", round=load_round)
def draw(round: Round):
    form, found = SeedForm(), draws.draws_of(round, signed_in())
    if request.method == "POST":
        require(signed_in(), "plan_portfolio", round)
        try:
            sentence = _act(round, form, found)
        except Problem as problem:
            db.session.rollback()
            form.refuse(problem)
        else:
            if sentence:
                db.session.commit()
                flash(sentence, "success")
                return redirect(url_for(".draw", round_id=round.id))
    if request.method == "POST":
        found = draws.draws_of(round, signed_in())
    tied = draws.tied_now(round, signed_in())
    return page("scoring/draw.html", round, form=form, draws=found, tied=tied, may_draw=may(signed_in(), "plan_portfolio", round), me=signed_in())  # fmt: skip


def _act(round: Round, form: SeedForm, found) -> str | None:
    """Do what the pressed button says; None when the form was not filled in."""
    if request.form.get("do") == "publish":
        if not form.validate():
            return None
        draws.publish_seed(round, form.seed.data, form.floors(), by=signed_in(), now=now())
        return "The seed is published."
    if not EmptyForm().validate():
        return None
    row = next((each for each in found if str(each.id) == request.form.get("draw")), None)
    if row is None:
        raise NotYours()
    if request.form.get("do") == "sign":
        draws.sign_draw(row, round, by=signed_in(), now=now())
        return "The draw is signed and counts now."
    draws.hold_draw(row, round, by=signed_in(), now=now())
    return "The draw is held. A second person must sign it."
