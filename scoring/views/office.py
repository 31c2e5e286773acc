"""The officer's pages: criteria, the panel, who reads what, and the ranked list with the budget line."""

from flask import flash, redirect, render_template, request, url_for
from wtforms.fields.choices import SelectChoice

from fund.core.clock import now
from fund.core.database import db
from fund.core.navigation import audience_blueprint
from fund.core.permissions import needs, signed_in
from fund.core.problems import NotYours, Problem, WrongMoment
from fund.tables import Round

from .. import assignments, panels
from .. import criteria as acts
from ..criteria import MARK_WORDS, criteria_of
from ..forms import CriterionForm, EmptyForm, GiveForm, NewCriterionForm, SeatForm
from ..loading import load_criterion, load_round, load_seat
from ..overview import loads_of, reading_counts
from ..tables import Seat
from ..tables.panels import SEAT_KINDS

blueprint = audience_blueprint("scoring_office", __name__, "staff")


def page(template: str, round: Round, **context):
    return render_template(
        template, round=round, partnership=round.fund.partnership, **context,
    )  # fmt: skip


@blueprint.route("/office/rounds/<key:round_id>/criteria", methods=["GET", "POST"])
@needs("design_criteria", round=load_round)
def criteria(round: Round):
    form = NewCriterionForm(request.form if request.form.get("do") == "add" else None)
    if request.method == "POST" and EmptyForm().validate():
        try:
            if request.form.get("do") == "standard":
                acts.use_standard_criteria(round, by=signed_in(), now=now())
            elif not form.validate():
                return page(
                    "scoring/criteria.html",
                    round,
                    criteria=criteria_of(round),
                    frozen=acts.are_frozen(round),
                    form=form,
                )
            else:
                row = acts.add_criterion(round, form.title.data, by=signed_in(), now=now())
                db.session.commit()
                return redirect(url_for(".criterion", round_id=round.id, criterion_id=row.id))
        except Problem as problem:
            db.session.rollback()
            form.refuse(problem)
        else:
            db.session.commit()
            flash("The standard criteria are in place.", "success")
            return redirect(url_for(".criteria", round_id=round.id))
    return page("scoring/criteria.html", round, criteria=criteria_of(round), frozen=acts.are_frozen(round), form=form)


@blueprint.route("/office/rounds/<key:round_id>/criteria/<key:criterion_id>", methods=["GET", "POST"])
@needs("design_criteria", round=load_round, criterion=load_criterion)
def criterion(round: Round, criterion):
    if criterion.round_id != round.id:
        raise NotYours()
    start = {f"descriptor_{mark}": words for mark, words in enumerate(criterion.descriptors)}
    form = CriterionForm(obj=criterion, data=start)
    if request.form.get("do") == "remove" and EmptyForm().validate():
        acts.remove_criterion(criterion, round, by=signed_in(), now=now())
        db.session.commit()
        flash(f"{criterion.title} is taken out.", "success")
        return redirect(url_for(".criteria", round_id=round.id))
    if form.validate_on_submit():
        try:
            acts.change_criterion(
                criterion, round, title=form.title.data, guidance=form.guidance.data, weight=form.weight.data,
                minimum_mark=form.minimum_mark.data, descriptors=form.descriptors(), by=signed_in(), now=now(),
            )  # fmt: skip
        except Problem as problem:
            db.session.rollback()
            form.refuse(problem)
        else:
            db.session.commit()
            flash(f"{criterion.title} is saved.", "success")
            return redirect(url_for(".criteria", round_id=round.id))
    return page(
        "scoring/criterion.html", round, criterion=criterion, form=form, words=MARK_WORDS, frozen=acts.are_frozen(round)
    )


@blueprint.route("/office/rounds/<key:round_id>/panel", methods=["GET", "POST"])
@needs("run_panel", round=load_round)
def panel(round: Round):
    form = SeatForm()
    if form.validate_on_submit():
        try:
            panel = panels.open_panel(round, by=signed_in(), now=now())
            panels.appoint_by_email(panel, form.email.data, form.kind.data, form.label.data, by=signed_in(), now=now(), perspective=form.perspective.data)  # fmt: skip
        except Problem as problem:
            db.session.rollback()
            form.refuse(problem)
        else:
            db.session.commit()
            flash(f"{form.label.data} has a seat.", "success")
            return redirect(url_for(".panel", round_id=round.id))
    return page("scoring/panel.html", round, form=form, seats=panels.seats_of(round), kinds=SEAT_KINDS, loads=loads_of(round))  # fmt: skip


@blueprint.route("/office/seats/<key:seat_id>/end", methods=["POST"])
@needs("run_panel", seat=load_seat)
def end_seat(seat: Seat):
    try:
        panels.end_seat(seat, by=signed_in(), now=now())
        db.session.commit()
        flash(f"{seat.label} left the panel.", "success")
    except Problem as problem:
        db.session.rollback()
        flash(problem.sentence, "error")
    return redirect(url_for(".panel", round_id=seat.panel.round_id))


@blueprint.route("/office/rounds/<key:round_id>/assignments", methods=["GET", "POST"])
@needs("run_panel", round=load_round)
def sharing(round: Round):
    """The plan before it is saved, what was given by hand, and the start of scoring."""
    plan, bids, seats = assignments.plan_for(round)
    give = GiveForm(request.form if request.form.get("do") == "give" else None)
    give.application.choices = [SelectChoice(key, f"{row.reference} {row.title or ''}") for key, row in bids.items()]
    give.seat.choices = [
        SelectChoice(seat.id, seat.label)
        for seat in panels.seats_of(round)
        if seat.kind not in ("secretary", "observer")
    ]
    if request.method == "POST" and EmptyForm().validate():
        try:
            sentence = _share(round, give)
        except Problem as problem:
            db.session.rollback()
            give.refuse(problem)
            plan, bids, seats = assignments.plan_for(round)
        else:
            if sentence:
                db.session.commit()
                flash(sentence, "success")
                return redirect(url_for(".sharing", round_id=round.id))
    waiting = sum(row.status == "eligible" for row in bids.values())
    return page("scoring/sharing.html", round, plan=plan, bids=bids, seats=seats, give=give, form=give, counts=reading_counts(round), waiting=waiting)  # fmt: skip


def _share(round: Round, give: GiveForm) -> str | None:
    """Do what the pressed button says; the sentence of what was done, or None when the form was not filled in."""
    do, by, moment = request.form.get("do"), signed_in(), now()
    if do == "save":
        given = (pair.split("-") for pair in request.form.getlist("pair") if _is_pair(pair))
        pairs = [(int(bid), int(seat)) for bid, seat in given]
        return f"{assignments.save_plan(round, pairs, by=by, now=moment)} readings are given."
    if do == "start":
        started, sentences = assignments.start_scoring(round, by=by, now=moment)
        if not started:
            raise WrongMoment(sentences[0] if sentences else "No bid is waiting to be scored.")
        return " ".join(
            [
                f"Scoring of {started} {'bid' if started == 1 else 'bids'} has started, and the assessors have mail.",
                *sentences,
            ]
        )
    if not give.validate():
        return None
    _plan, bids, _seats = assignments.plan_for(round)
    seat = next(each for each in panels.seats_of(round) if each.id == give.seat.data)
    assignments.assign(bids[give.application.data], seat, by=by, now=moment)
    return f"{seat.label} was given {bids[give.application.data].reference}."


def _is_pair(text: str) -> bool:
    left, dash, right = text.partition("-")
    return bool(dash) and all(part.isascii() and part.isdecimal() and len(part) < 10 for part in (left, right))
