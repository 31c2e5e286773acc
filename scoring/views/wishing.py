"""What a member wishes to read, bid by bid, before bids are shared out."""

from flask import flash, redirect, render_template, request, url_for

from fund.core.clock import now
from fund.core.database import db
from fund.core.permissions import needs, signed_in
from fund.core.problems import Problem
from fund.tables import Round

from .. import expertise, panels, wishes
from ..blind import is_blind, mask
from ..forms import EmptyForm, LimitForm
from ..loading import load_round
from ..panels import GIVEN_BIDS, seat_in
from ..tables import Seat
from ..tables.panels import WISHES
from .assessing import blueprint


@blueprint.route("/assessing/rounds/<key:round_id>/wishes", methods=["GET", "POST"])
@needs("declare_conflicts", round=load_round)
def wish(round: Round):
    """Want, can or cannot for each bid that can still be given; nothing has to be said."""
    seat, form = seat_in(signed_in(), round.id), EmptyForm()
    bids = wishes.bids_to_wish_for(seat) if seat.kind in GIVEN_BIDS else []
    if request.form.get("do") == "know" and form.validate_on_submit():
        return _know(seat, round)
    limit = LimitForm(request.form if request.form.get("do") == "limit" else None, data={"bids_limit": seat.bids_limit})
    if request.form.get("do") == "limit":
        if limit.validate_on_submit() and seat.kind in GIVEN_BIDS:
            panels.say_my_limit(seat, limit.bids_limit.data, by=signed_in(), now=now())
            db.session.commit()
            flash("The most bids you can read is kept.", "success")
            return redirect(url_for(".wish", round_id=round.id))
    elif form.validate_on_submit():
        try:
            given = {each.id: request.form.get(f"wish-{each.id}", "") for each in bids}
            changed = wishes.wish(seat, given, by=signed_in(), now=now())
        except Problem as problem:
            db.session.rollback()
            form.refuse(problem)
        else:
            db.session.commit()
            flash("Your wishes are kept." if changed else "Nothing has changed.", "success")
            return redirect(url_for(".index"))
    return render_template(
        "scoring/wishes.html", round=round, partnership=round.fund.partnership, form=form, bids=bids, wishes=WISHES,
        titles={each.id: mask(each.title or "", [each.organisation.name]) if is_blind(seat, round) else each.title for each in bids},
        choices=expertise.choices_for(round) if seat.kind in GIVEN_BIDS else {}, knows=seat.knows or [],
        said={key: row.wish for key, row in wishes.wishes_of(seat).items()}, limit=limit,
    )  # fmt: skip


def _know(seat: Seat, round: Round):
    """What the member knows well: kept, or refused in a sentence."""
    try:
        expertise.say_what_i_know(seat, request.form.getlist("knows")[:100], by=signed_in(), now=now())
        db.session.commit()
        flash("What you know well is kept.", "success")
    except Problem as problem:
        db.session.rollback()
        flash(f"{problem.sentence}.", "error")
    return redirect(url_for(".wish", round_id=round.id))
