"""The register of conflicts of a round, hints that wait for an answer, who chairs instead, and lifting a recusal."""

from flask import flash, redirect, render_template, request, url_for

from applications.tables import Application
from fund.core.clock import now, speak_moment
from fund.core.database import db
from fund.core.look import url_with
from fund.core.pages import Sort, as_csv, page_of, sort_from
from fund.core.permissions import may, needs, signed_in
from fund.core.problems import Problem
from fund.tables import Round

from .. import recusals, register_lines, suggestions
from ..forms import EmptyForm, ReasonForm
from ..loading import load_bid, load_round
from ..panels import seats_of
from ..register_lines import Line
from ..tables import Conflict
from ..tables.panels import SCORING_SEATS, SEAT_KINDS
from .office import blueprint, page

SORTS = {
    "declared": lambda line: (line.at is None, line.at),
    "bid": lambda line: line.reference,
    "member": lambda line: line.label.casefold(),
    "state": lambda line: line.state,
}
HEADERS = ("Declared", "Bid", "Title", "Organisation", "Member", "Name", "Seat", "Reason", "Late", "State", "Stands in")


@blueprint.route("/office/rounds/<key:round_id>/conflicts", methods=["GET", "POST"])
@needs("see_conflicts", round=load_round)
def register(round: Round):
    """Everything declared, asked about or answered, oldest first; a hint is answered here for good."""
    problem = None
    if request.method == "POST" and EmptyForm().validate():
        try:
            _answer(round)
        except Problem as refused:
            db.session.rollback()
            problem = refused
        else:
            db.session.commit()
            flash("Your answer is kept. We shall not ask about this again.", "success")
            return redirect(url_with())
    lines = register_lines.lines_of(round)
    sort = sort_from(SORTS, "declared")
    wanted = [request.args.get(name, "").strip() for name in ("state", "member", "q")]
    shown = register_lines.matching(lines, wanted[0], wanted[1], wanted[2].casefold())
    shown = _sorted(shown, sort)
    if request.args.get("format") == "csv":
        return as_csv(f"conflicts-{round.prefix}", HEADERS, (_line(each) for each in shown))
    found = page_of(shown)
    return page(
        "scoring/register.html", round, page=found, all=len(lines), sort=("-" if sort.descending else "") + sort.key,
        states=register_lines.counted(lines), members=register_lines.members_in(lines), kinds=SEAT_KINDS,
        hints=[line.hint for line in found.rows if line.hint], any_hint=any(line.hint for line in lines),
        hint_kinds=suggestions.KINDS, may_run=may(signed_in(), "run_panel", round), problem=problem, typed=request.form,
        has_errors=problem is not None,
    )  # fmt: skip


def _sorted(lines: list[Line], sort: Sort) -> list[Line]:
    """In the order asked for; where that is the day, lines without one come last either way."""
    if sort.key != "declared":
        return sorted(lines, key=sort.column, reverse=sort.descending)
    dated = sorted((each for each in lines if each.at), key=sort.column, reverse=sort.descending)
    return [*dated, *(each for each in lines if each.at is None)]


def _line(line: Line) -> tuple:
    return (
        speak_moment(line.at), line.reference, line.title, line.organisation, line.label, line.person, SEAT_KINDS[line.kind],
        line.words, "late" if line.is_late else "", line.state, line.entry.stand_in if line.entry else "",
    )  # fmt: skip


def _answer(round: Round) -> None:
    """Keep the answer to one hint. Raises Problem when it is answered or gone, or has no reason."""
    if not may(signed_in(), "run_panel", round):
        raise Problem("Only fund officers answer hints.")
    wanted = request.form.get("hint", "")
    hint = next((each for each in suggestions.hints_in(round) if each.key == wanted), None)
    if hint is None:
        raise Problem("This was answered meanwhile.")
    if hint.seat.person_id == signed_in().id:
        raise Problem("This is about you. Another officer answers it.", f"because-{hint.key}")
    try:
        suggestions.not_a_conflict(hint, request.form.get("because", "")[:500], by=signed_in(), now=now())
    except Problem as problem:
        raise Problem(problem.sentence, f"because-{hint.key}") from None


@blueprint.route("/office/conflicts/<key:conflict_id>/lift", methods=["GET", "POST"])
@needs("lift_recusal", conflict=recusals.load_conflict)
def lift(conflict: Conflict):
    """One person asks with the reason, a second lifts the recusal or leaves it standing."""
    form, round = ReasonForm(), conflict.application.round
    waits = conflict.lift_asked_at is not None and conflict.conflicted
    if request.method == "POST" and (form.validate() if not waits else EmptyForm().validate()):
        try:
            said = _decide(conflict, form, waits)
        except Problem as problem:
            db.session.rollback()
            form.refuse(problem)
        else:
            db.session.commit()
            flash(said, "success")
            return redirect(url_for(".register", round_id=round.id))
    return page(
        "scoring/lift.html", round, conflict=conflict, application=conflict.application, form=form, waits=waits,
        mine=conflict.lift_asked_by_id == signed_in().id,
    )  # fmt: skip


def _decide(conflict: Conflict, form: ReasonForm, waits: bool) -> str:
    by, moment = signed_in(), now()
    if not waits:
        recusals.ask_to_lift(conflict, form.reason.data, by=by, now=moment)
        return "A second person has to lift this recusal now."
    if request.form.get("do") == "leave":
        recusals.leave_standing(conflict, by=by, now=moment)
        return "The recusal stands."
    recusals.lift(conflict, by=by, now=moment)
    return "The recusal is lifted."


@blueprint.route("/office/applications/<key:application_id>/stand-in", methods=["GET", "POST"])
@needs("run_panel", application=load_bid)
def stand_in(application: Application):
    """Who chairs this bid while the chair is recused from it."""
    form = EmptyForm()
    seats = [each for each in seats_of(application.round_id, *SCORING_SEATS) if each.kind != "chair"]
    if form.validate_on_submit():
        chosen = next((each for each in seats if str(each.id) == request.form.get("seat")), None)
        try:
            if chosen is None:
                raise Problem("Choose a member", "seat")
            recusals.name_stand_in(application, chosen, by=signed_in(), now=now())
        except Problem as problem:
            if problem.status == 403:
                raise
            db.session.rollback()
            form.refuse(problem)
        else:
            db.session.commit()
            flash(f"{chosen.label} chairs {application.reference} now.", "success")
            return redirect(url_for(".register", round_id=application.round_id))
    return render_template(
        "scoring/stand_in.html", round=application.round, partnership=application.round.fund.partnership, form=form,
        application=application, seats=seats, present=recusals.stand_in_of(application),
    )  # fmt: skip
