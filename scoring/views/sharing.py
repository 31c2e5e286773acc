"""Who reads what: the plan before it is saved, members kept apart, bids given by hand or by a list, the start of scoring."""

from collections import defaultdict

from flask import flash, redirect, request, url_for
from wtforms.fields.choices import SelectChoice

from fund.core.clock import now
from fund.core.database import db
from fund.core.pages import as_csv
from fund.core.permissions import needs, signed_in
from fund.core.problems import NotYours, Problem
from fund.tables import Round

from .. import assignments, before_start, giving, lists, opinions, panels, wishes
from ..forms import ApartForm, EmptyForm, GiveForm, ListForm
from ..loading import load_round
from ..overview import reading_counts
from .by_lists import take_list
from .office import blueprint, page


@blueprint.route("/office/rounds/<key:round_id>/assignments", methods=["GET", "POST"])
@needs("run_panel", round=load_round)
def sharing(round: Round):
    """The plan before it is saved, and what was given by hand; from here one goes on to the start of scoring."""
    if request.args.get("format") == "csv":
        return as_csv(f"who-reads-what-{round.prefix}", lists.HEADERS, lists.lines_of(round))
    do, seats_now = request.form.get("do"), panels.seats_of(round)
    quiet = ("secretary", "observer")
    readers = [each for each in seats_now if each.kind not in quiet and not opinions.gives_views(each, round)]
    give, apart = GiveForm(request.form if do == "give" else None), ApartForm(request.form if do == "apart" else None)
    found = assignments.share(round, seats_now)
    give.application.choices = [
        SelectChoice(key, f"{row.reference} {row.title or ''}") for key, row in found.bids.items()
    ]
    for field in (give.seat, apart.first, apart.second):
        field.choices = [SelectChoice(seat.id, seat.label) for seat in readers]
    if do != "apart" and len(readers) > 1:
        apart.second.data = readers[1].id  # two different people, whatever else is chosen
    form = apart if do == "apart" else give
    if request.method == "POST" and EmptyForm().validate():
        try:
            sentence = _share(round, give, apart, readers, found)
        except Problem as problem:
            db.session.rollback()
            form.refuse(problem)
            found = assignments.share(round, panels.seats_of(round))
        else:
            if sentence:
                db.session.commit()
                flash(sentence, "success")
                return redirect(url_for(".sharing", round_id=round.id))
    waiting = sum(row.status == "eligible" for row in found.bids.values())
    given = defaultdict(list)
    for bid, seat in found.plan.added:
        given[bid].append(seat)
    return page(
        "scoring/sharing.html", round, plan=found.plan, given=given, bids=found.bids, seats=found.seats, give=give, form=form,
        views=opinions.plan_views(round), counts=reading_counts(round), waiting=waiting, apart=apart, pairs=found.apart, wished=found.wished, knows=found.knows,
        unmet=wishes.unmet_wishes(found.plan, found.bids, found.seats, found.wished, found.apart, found.recused),
    )  # fmt: skip


def _share(round: Round, give: GiveForm, apart: ApartForm, readers, found: assignments.Shared) -> str | None:
    """Do what the pressed button says; the sentence of what was done, or None when the form was not filled in."""
    do, by, moment = request.form.get("do"), signed_in(), now()
    if do == "save":
        return f"{assignments.save_plan(round, _pairs(), by=by, now=moment)} readings are given."
    if do == "views":
        asked = opinions.ask_for_views(round, _pairs(), by=by, now=moment)
        return f"{asked} {'bid is' if asked == 1 else 'bids are'} given to young and lived-experience members."
    if do == "together":
        row = next((each for each in found.apart if str(each.id) == request.form.get("apart")), None)
        if row is None:
            raise NotYours()
        wishes.let_together(row, by=by, now=moment)
        return "They can read the same bids again."
    by_key = {each.id: each for each in readers}
    if do == "apart":
        if not apart.validate():
            return None
        wishes.keep_apart(by_key[apart.first.data], by_key[apart.second.data], apart.why.data, by=by, now=moment)
        return "These two will not be given the same bid."
    if not give.validate():
        return None
    bid = found.bids[give.application.data]
    giving.give_by_hand(bid, by_key[give.seat.data], by=by, now=moment)
    return f"{by_key[give.seat.data].label} was given {bid.reference}."


def _pairs() -> list[tuple[int, int]]:
    """The pairs of (bid, seat) of the plan that was shown."""
    given = (pair.split("-") for pair in request.form.getlist("pair") if _is_pair(pair))
    return [(int(bid), int(seat)) for bid, seat in given]


def _is_pair(text: str) -> bool:
    left, dash, right = text.partition("-")
    return bool(dash) and all(part.isascii() and part.isdecimal() and len(part) < 10 for part in (left, right))


@blueprint.route("/office/rounds/<key:round_id>/assignments/start", methods=["GET", "POST"])
@needs("run_panel", round=load_round)
def start(round: Round):
    """What starting changes: bids, readers, conflicts to answer and mail; then the one button that does it."""
    form = EmptyForm()
    if form.validate_on_submit():
        try:
            started, sentences = before_start.start(round, request.form.get("seen", ""), by=signed_in(), now=now())
        except Problem as problem:
            db.session.rollback()
            form.refuse(problem)
        else:
            db.session.commit()
            bids = "1 bid" if started == 1 else f"{started} bids"
            flash(" ".join([f"Scoring of {bids} has started, and the assessors have mail.", *sentences]), "success")
            return redirect(url_for(".sharing", round_id=round.id))
    return page("scoring/start.html", round, form=form, found=before_start.look_ahead(round, now()))


@blueprint.route("/office/rounds/<key:round_id>/assignments/list", methods=["GET", "POST"])
@needs("run_panel", round=load_round)
def by_list(round: Round):
    """A list from a spreadsheet: read, shown as a difference, and applied whole only when it is confirmed."""
    form = ListForm()
    found, changed = take_list(
        form,
        lambda text: lists.compare(round, text),
        lambda text, seen: lists.apply(round, text, seen, by=signed_in(), now=now()),
    )
    if changed is not None:
        flash("1 change is made." if changed == 1 else f"{changed} changes are made.", "success")
        return redirect(url_for(".sharing", round_id=round.id))
    return page("scoring/by_list.html", round, form=form, found=found)
