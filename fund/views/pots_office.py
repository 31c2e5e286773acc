"""The pot of a round: what is in it, where every penny is, and changing it."""

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from fund import ledger, pots
from fund.core.charts import ChartTable, stacked_bar
from fund.core.clock import now, speak_moment
from fund.core.database import db
from fund.core.money import plain_pounds, pounds
from fund.core.navigation import audience_blueprint
from fund.core.pages import as_csv
from fund.core.permissions import may, needs, signed_in
from fund.core.problems import Problem
from fund.pot_shown import WITHOUT, ShownPot, pot_shown
from fund.rounds import load_round
from fund.tables import PotChange, Round
from fund.tables.pot import ENTRY_KINDS
from fund.views.round_forms import PotForm

blueprint = audience_blueprint("pots_office", __name__, "staff")


def pot_figure(pot: ShownPot | None):
    """The pot as a bar cut into what is paid, promised, offered and left, with its table; None when there is none."""
    if pot is None:
        return None
    rows = [
        ("Paid", pot.paid_pence - pot.recovered_pence),
        ("Committed, not yet paid", pot.committed_pence),
        ("Offered, not yet accepted", pot.offered_pence),
        ("Room left", pot.room_pence),
    ]
    title = f"Where the pot is, {WITHOUT}" if pot.is_partial else "Where the pot is"
    told = ", ".join(f"{name.lower()} {pounds(pence)}" for name, pence in rows)
    chart = stacked_bar(title, f"Of {pounds(pot.total_pence)}{pot.note}: {told}.", rows, show=pounds)
    table = ChartTable.of(("Part of the pot", "Amount"), [*rows, ("Pot", pot.total_pence)], show=pounds)
    return chart, table, title


@blueprint.route("/office/rounds/<key:round_id>/pot", methods=["GET", "POST"])
@needs("see_round", round=load_round)
def pot(round: Round):
    """The pot, its movements and, for who may, the form that changes it."""
    if request.args.get("format") == "csv":
        return movements(round)
    there = pot_shown(round)
    form = PotForm(data={"pot": there and there.total_pence, "over": (there and there.over_pence) or None})
    if request.method == "POST":
        change = _change(round, form)
        if change:
            return change
        there = pot_shown(round)
    return render_template(
        "rounds/pot.html", round=round, form=form, pot=there, figure=pot_figure(there), entries=ledger.entries_of(round),
        kinds=ENTRY_KINDS, change=pots.waiting_change(round), two=round.status != "draft",
    )  # fmt: skip


def _change(round: Round, form: PotForm):
    if not may(signed_in(), "run_round", round):
        form.form_errors.append("Only fund officers of this partnership can change the pot.")
    elif form.validate_on_submit():
        try:
            waits = pots.change_pot(
                round, form.pot.data, form.over.data or 0, reason=form.reason.data, by=signed_in(), now=now()
            )
        except Problem as problem:
            db.session.rollback()
            form.refuse(problem)
            return None
        db.session.commit()
        flash("A second person must approve this change." if waits else "The pot is set.", "" if waits else "success")
        return redirect(url_for(".pot", round_id=round.id))
    return None


def movements(round: Round):
    rows = [
        (speak_moment(each.at), ENTRY_KINDS[each.kind], plain_pounds(each.amount_pence), each.about, each.note or "")
        for each in ledger.entries_of(round)
    ]
    return as_csv(f"pot-{round.prefix}", ("When (London)", "What", "Pounds", "About", "Note"), rows)


def load_change(key: int) -> PotChange | None:
    wanted = select(PotChange).where(PotChange.id == key).options(joinedload(PotChange.round).joinedload(Round.fund))
    return db.session.scalar(wanted)


@blueprint.post("/office/pot-changes/<key:change_id>/approve")
@needs("decide_pot", change=load_change)
def approve(change: PotChange):
    return _decide(change, pots.approve_change, "The pot is changed.")


@blueprint.post("/office/pot-changes/<key:change_id>/put-away")
@needs("put_pot_change_away", change=load_change)
def put_away(change: PotChange):
    return _decide(change, pots.refuse_change, "The change is put away. The pot stays as it was.")


def _decide(change: PotChange, act, done: str):
    key = change.round_id
    try:
        act(change, by=signed_in(), now=now())
    except Problem as problem:
        db.session.rollback()
        flash(problem.sentence, "error")
    else:
        db.session.commit()
        flash(done, "success")
    return redirect(url_for(".pot", round_id=key))
