"""The chair's table: bids by disagreement, then one page for each bid with marks, reasons and what the panel agrees."""

from flask import flash, redirect, render_template, request, url_for

from applications.tables import Application
from applications.workflow import APPLICATION
from fund.core.charts import ChartTable, dot_plot
from fund.core.clock import now
from fund.core.database import db
from fund.core.forms import clean
from fund.core.navigation import audience_blueprint
from fund.core.permissions import may, needs, signed_in
from fund.core.problems import Forbidden, Problem, WrongMoment
from fund.tables import Round

from .. import assignments, bid, draws, moderation, scores, shared_scenarios
from ..agreement import agreement_in
from ..criteria import MARK_WORDS, criteria_of, is_not_asked, may_not_apply
from ..desk import bids_by_round
from ..disagreement import bids_by_disagreement
from ..forms import EmptyForm, ReasonForm
from ..loading import load_assignment, load_bid, load_round
from ..opinions import view_marks, views_about
from ..outline import outline_of
from ..permissions import is_chair
from ..plain_words import remarks
from ..quotes import quotes_about
from ..tables import Assignment
from ..totals import ONE, mean_total, weighted_total, with_views
from ..viable import record_viable
from ..visibility import closed_to, hidden_from
from .typed import typed_in

blueprint = audience_blueprint("panel", __name__, "assessor")
LONGEST = 4000


@blueprint.route("/panel")
@needs("sit_on_panels")
def index():
    """The rounds that this person chairs or keeps the papers of."""
    mine = [each for each in bids_by_round(signed_in()) if each.kind in ("chair", "secretary")]
    closed = closed_to(signed_in())  # what tells of all bids is not for whoever is shut out of one
    keys = [each.round.id for each in mine if each.round.id not in closed]
    return render_template(
        "scoring/my_panels.html", rounds=mine, shared=shared_scenarios.rounds_with_some(keys), drawn=draws.rounds_with_some(keys)
    )  # fmt: skip


@blueprint.route("/panel/rounds/<key:round_id>")
@needs("see_moderation", round=load_round)
def table(round: Round):
    criteria, hidden = criteria_of(round), hidden_from(signed_in(), round)
    rows = bids_by_disagreement(round, criteria, signed_in())
    return render_template(
        "scoring/table.html", round=round, partnership=round.fund.partnership, rows=rows, hidden=len(hidden),
        quorum=round.panel_quorum, criteria=criteria, ready=sum(each.is_ready(round.panel_quorum) for each in rows),
    )  # fmt: skip


@blueprint.route("/panel/rounds/<key:round_id>/agreement")
@needs("see_moderation", round=load_round)
def agreement(round: Round):
    """How strict each member is, how far they agree, and what the ranking would be if strictness were taken out."""
    found = agreement_in(round, hidden_from(signed_in(), round))
    return render_template("scoring/agreement.html", round=round, partnership=round.fund.partnership, found=found)


@blueprint.route("/panel/bids/<key:application_id>", methods=["GET", "POST"])
@needs("moderate_bid", application=load_bid)
def moderate(application: Application):
    form, problems = EmptyForm(), []
    if form.validate_on_submit():
        _only_the_chair(application)
        problems = _save(application, criteria_of(application.round_id))
        if not problems:
            flash(
                f"{application.reference} is moderated." if request.form.get("do") == "moderate" else "Saved.",
                "success",
            )
            return redirect(_onwards(application))
    return _page(application, form, problems)


def _onwards(application: Application) -> str:
    """After a bid is moderated the list, which a stand-in for one bid does not have; else the page again."""
    if request.form.get("do") != "moderate":
        return url_for(".moderate", application_id=application.id)
    if may(signed_in(), "see_moderation", application.round):
        return url_for(".table", round_id=application.round_id)
    return url_for("assessing.index")


def _only_the_chair(application: Application) -> None:
    if not is_chair(signed_in(), application):
        raise Forbidden("The chair keeps what the panel agrees. You can read it.")


def _save(application: Application, criteria) -> list[tuple[str | None, str]]:
    """Save what was agreed and said; with do=moderate also make the move. What is right is kept beside what is wrong."""
    problems, moment, stored = [], now(), moderation.agreed_scores_of(application)
    taken = {each.assignment_id: each.reasons for each in moderation.readings_of(application, criteria)}
    for each in criteria:
        given = typed_in(request.form, each.id)
        taken_from = request.form.get(f"take-{each.id}", "")
        reason = given.reason or (taken.get(int(taken_from), {}).get(each.code, "") if taken_from.isdecimal() else "")
        try:
            if given.problem:
                raise given.problem
            moderation.agree_score(
                application, each, mark=given.mark, not_applicable=given.not_applicable, reason=reason[:LONGEST],
                seen_version=given.version, by=signed_in(), now=moment, stored=stored.get(each.id),
            )  # fmt: skip
        except Problem as problem:
            if isinstance(problem, WrongMoment) and problem.field is None:
                raise
            problems.append((problem.field, problem.sentence))
    words = {name: clean(request.form.get(name, ""))[:LONGEST] for name in ("strengths", "improvements", "note")}
    if any(words.values()):
        seen = request.form.get("words-version", "")
        try:
            moderation.save_words(application, **words, by=signed_in(), now=moment, seen_version=int(seen) if seen.isdecimal() and len(seen) < 9 else None)  # fmt: skip
        except Problem as problem:
            problems.append(("strengths", problem.sentence))
    problems += _save_viable(application, moment)
    db.session.commit()
    if request.form.get("do") == "moderate" and not problems:
        try:
            APPLICATION.move(application, "moderate", by=signed_in(), now=moment)
            db.session.commit()
        except Problem as problem:
            db.session.rollback()
            # Where marks are missing, all of them: nobody mends one and is sent back for the next.
            missing = moderation.not_agreed_yet(application) if problem.field else []
            problems = missing or [(problem.field, problem.sentence)]
    return problems


def _save_viable(application: Application, moment) -> list[tuple[str | None, str]]:
    if "viable" not in request.form:
        return []
    amount, reason = (clean(request.form.get(name, "")) for name in ("viable", "viable-reason"))
    seen = request.form.get("viable-version", "")
    try:
        record_viable(application, amount, reason, by=signed_in(), now=moment, seen_version=int(seen) if seen.isdecimal() and len(seen) < 9 else 0)  # fmt: skip
    except Problem as problem:
        return [(problem.field or "viable", problem.sentence)]
    return []


def _page(application: Application, form, problems):
    criteria, agreed = moderation.criteria_with_agreed(application)
    readings = moderation.readings_of(application, criteria)
    done = [each for each in readings if each.status == "sealed"]
    typed = {each.id: typed_in(request.form, each.id) for each in criteria} if form.is_submitted() else {}
    wrong = frozenset(field for field, _sentence in problems if field)
    outline = outline_of(criteria, done, agreed, flag=application.round.spread_flag, wrong=wrong)
    plots = {}
    for each in criteria:
        marks = [reading.marks.get(each.code) for reading in done]
        row = agreed.get(each.id)
        plots[each.id] = dot_plot(
            f"Marks for {each.title}", f"Marks of {len(done)} members from 0 to 5", [("Marks", marks, row.mark if row else None)],
            chart_id=f"marks-{each.id}",
        )  # fmt: skip
    rows = [(each.title, [reading.marks.get(each.code) for reading in done], agreed[each.id].mark if each.id in agreed else None) for each in criteria]  # fmt: skip
    agreed_marks = {each.code: agreed[each.id].mark for each in criteria if each.id in agreed and (agreed[each.id].mark is not None or agreed[each.id].not_applicable)}  # fmt: skip
    priority = application.priority.code if application.priority else None
    views, weight = views_about(application), application.round.view_weight
    said, viable = moderation.words_and_viable(application)
    may_change = bool(is_chair(signed_in(), application))
    plainer = {f"reason-{each.id}": remarks(agreed[each.id].reason) for each in criteria if each.id in agreed}
    plainer |= {name: remarks(getattr(said, name, None)) for name in ("strengths", "improvements")}
    return render_template(
        "scoring/moderate.html", application=application, round=application.round, form=form, problems=problems,
        partnership=application.round.fund.partnership, criteria=criteria, readings=readings, done=done, agreed=agreed,
        typed=typed, plots=plots, outline=outline, words=MARK_WORDS, said=said, plainer=plainer, viable=viable,
        typed_words=request.form if form.is_submitted() else {}, has_errors=bool(problems),
        optional={each.id for each in criteria if may_not_apply(each, priority) or is_not_asked(each, application)},
        not_asked={each.id for each in criteria if is_not_asked(each, application)},
        open=application.status == "in_scoring" and may_change,
        may_send_back=application.status == "moderated" and may_change,
        mean=with_views(mean_total(each.total for each in done), view_marks(views), weight), views=views,
        total=with_views(weighted_total(agreed_marks, criteria), view_marks(views), weight, ONE) if agreed_marks else None,
        figures=ChartTable.of(("Criterion", "Marks", "Agreed"), rows), answers=bid.answers_of(application), quotes=quotes_about(application),
        state=APPLICATION.state(application.status), return_form=ReasonForm(formdata=None),
    )  # fmt: skip


@blueprint.route("/panel/bids/<key:application_id>/return", methods=["GET", "POST"])
@needs("moderate_bid", application=load_bid)
def send_back(application: Application):
    """Send a moderated bid back to the assessors, with the reason they are told."""
    _only_the_chair(application)
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            APPLICATION.move(application, "return_to_scoring", by=signed_in(), now=now(), reason=form.reason.data)
        except Problem as problem:
            db.session.rollback()
            form.refuse(problem)
        else:
            db.session.commit()
            flash(f"{application.reference} is with the assessors again.", "success")
            return redirect(url_for(".moderate", application_id=application.id))
    return _ask_why(form, application, f"Send {application.reference} back to the assessors", "Send it back", "The assessors are told this reason. What the panel agreed stays until you agree anew.")  # fmt: skip


@blueprint.route("/panel/readings/<key:assignment_id>/open", methods=["GET", "POST"])
@needs("moderate_reading", assignment=load_assignment)
def open_again(assignment: Assignment):
    """Let a member change sealed scores."""
    return _act_on_reading(assignment, scores.unseal, f"Open {assignment.seat.label}'s scores again", "Open the scores", "What was sealed stays on record.")  # fmt: skip


@blueprint.route("/panel/readings/<key:assignment_id>/excuse", methods=["GET", "POST"])
@needs("moderate_reading", assignment=load_assignment)
def excuse(assignment: Assignment):
    """Go on without a member who cannot finish this bid."""
    return _act_on_reading(assignment, assignments.excuse, f"Excuse {assignment.seat.label} from this bid", "Excuse them", "They are not waited for any more, and nothing of theirs counts.")  # fmt: skip


def _act_on_reading(assignment: Assignment, act, title: str, button: str, hint: str):
    form, application = ReasonForm(), assignment.application
    if form.validate_on_submit():
        try:
            act(assignment, form.reason.data, by=signed_in(), now=now())
        except Problem as problem:
            db.session.rollback()
            form.refuse(problem)
        else:
            db.session.commit()
            flash("Done.", "success")
            return redirect(url_for(".moderate", application_id=application.id))
    return _ask_why(form, application, title, button, hint)


def _ask_why(form, application, title, button, hint):
    return render_template(
        "scoring/ask_why.html", form=form, application=application, title=title, button_text=button, hint=hint,
        partnership=application.round.fund.partnership,
    )  # fmt: skip
