"""The officer's pages: criteria, and who sits on the panel."""

from flask import flash, redirect, render_template, request, url_for

from fund.core.clock import now
from fund.core.database import db
from fund.core.navigation import audience_blueprint, serve_as
from fund.core.permissions import may, needs, signed_in
from fund.core.problems import NotYours, Problem
from fund.tables import Round

from .. import assignments, panels
from .. import criteria as acts
from ..criteria import MARK_WORDS, criteria_of
from ..forms import ChangeSeatForm, CriterionForm, EmptyForm, NewCriterionForm, ReasonForm, SeatForm
from ..loading import load_criterion, load_round, load_seat
from ..overview import loads_of
from ..tables import Seat
from ..tables.panels import SEAT_KINDS

blueprint = audience_blueprint("scoring_office", __name__, "staff")


def page(template: str, round: Round, **context):
    """An office page of a round. A chair who reads one of them keeps the menu of members of a panel."""
    if not may(signed_in(), "use_office"):
        serve_as("assessor")
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


@blueprint.route("/office/seats/<key:seat_id>", methods=["GET", "POST"])
@needs("run_panel", seat=load_seat)
def change_seat(seat: Seat):
    """The member's name on the panel, what they bring and know, and the most bids they can read."""
    form, round = ChangeSeatForm(obj=seat), seat.panel.round
    if form.validate_on_submit():
        try:
            panels.change_seat(
                seat, label=form.label.data, perspective=form.perspective.data or "", expertise=form.expertise.data or "",
                bids_limit=form.bids_limit.data, by=signed_in(), now=now(),
            )  # fmt: skip
        except Problem as problem:
            db.session.rollback()
            form.refuse(problem)
        else:
            db.session.commit()
            flash(f"{seat.label} is saved.", "success")
            return redirect(url_for(".panel", round_id=round.id))
    return page("scoring/seat.html", round, seat=seat, form=form, kind=SEAT_KINDS[seat.kind])


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


@blueprint.route("/office/seats/<key:seat_id>/drop-out", methods=["GET", "POST"])
@needs("run_panel", seat=load_seat)
def drop_out(seat: Seat):
    """A member who cannot go on: their unfinished bids are given to others by the next plan, and nothing else moves."""
    form, round = ReasonForm(), seat.panel.round
    if form.validate_on_submit():
        try:
            freed = assignments.drop_out(seat, form.reason.data, by=signed_in(), now=now())
        except Problem as problem:
            db.session.rollback()
            form.refuse(problem)
        else:
            db.session.commit()
            needs = "1 bid needs" if freed == 1 else f"{freed} bids need"
            flash(f"{seat.label} left the panel. {needs} another reader: look at the plan.", "success")
            return redirect(url_for(".sharing", round_id=round.id))
    return page("scoring/drop_out.html", round, seat=seat, form=form)
