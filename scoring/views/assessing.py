"""The assessor's evening: my bids, conflicts first, then one page for each bid that saves as it goes."""

from flask import flash, jsonify, redirect, render_template, request, url_for
from wtforms.fields.choices import SelectChoice

from applications.tables import Application
from applications.voices import note_of
from fund.core import files
from fund.core.clock import now
from fund.core.database import db
from fund.core.navigation import audience_blueprint
from fund.core.permissions import needs, signed_in
from fund.core.problems import NotYours, Problem, Stale, WrongMoment
from fund.core.web import wants_json
from fund.needs import needs_for
from fund.needs_lines import sparks
from fund.tables import Round

from .. import bid, conflicts, quotes, recusals, scores, shared_scenarios, suggestions
from ..blind import is_blind, title_for
from ..calibration import calibrations_for, comes_first_for
from ..criteria import MARK_WORDS, is_not_asked, may_not_apply
from ..desk import STATES, Desk, bids_by_round
from ..forms import EmptyForm, QuoteForm, ReasonForm
from ..loading import load_assignment, load_round
from ..opinions import views_by_round
from ..pace import pace_of
from ..panels import seat_in
from ..papers import Papers, Sheet, papers_of, sheet_of
from ..prompts import MECHANISM, claim_prompts
from ..reading import sections_of
from ..tables import Assignment
from ..visibility import closed_to, may_see_others
from .public import card_context
from .typed import typed_in

blueprint = audience_blueprint("assessing", __name__, "assessor")


def load_to_assess(key: int) -> Assignment | None:
    """As the request needs it: held while scores are saved, free while they are read."""
    return load_assignment(key, held=request.method == "POST")


@blueprint.route("/assessing")
@needs("sit_on_panels")
def index():
    rounds = bids_by_round(signed_in())
    return render_template(
        "scoring/my_bids.html", rounds=rounds, states=STATES, closed=closed_to(signed_in()), form=EmptyForm(),
        views=views_by_round(signed_in()), stood_in_for=recusals.stood_in_for(signed_in()), calibrations=calibrations_for(signed_in()),
        paces={each.round.id: pace_of(each.finish_at, each.round, each.sealed, now()) for each in rounds},
        shared=shared_scenarios.rounds_with_some(each.round.id for each in rounds),
    )  # fmt: skip


@blueprint.route("/assessing/rounds/<key:round_id>/conflicts", methods=["GET", "POST"])
@needs("declare_conflicts", round=load_round)
def declare(round: Round):
    """One page, yes or no for every bid given, before any of them opens."""
    seat, form, problems = seat_in(signed_in(), round.id), EmptyForm(), []
    waiting = _in_order(conflicts.to_answer(seat), seat, round)
    hints = _hints(round, seat, waiting)
    if form.validate_on_submit():
        problems = _declare_all(seat, waiting, hints)
        if not problems:
            db.session.commit()
            flash("Thank you. The bids without a conflict are open to you now.", "success")
            return redirect(url_for(".index"))
        db.session.rollback()
        waiting = _in_order(conflicts.to_answer(seat), seat, round)
    return render_template(
        "scoring/conflicts.html", round=round, partnership=round.fund.partnership, waiting=waiting, form=form,
        hints=hints, blind=is_blind(seat, round), problems=problems, typed=request.form, reasons=conflicts.REASONS, has_errors=bool(problems),
    )  # fmt: skip


def _in_order(waiting, seat, round: Round):
    """By reference; in a round that is read blind by organisation, so that the order does not say whose bid is whose."""
    return sorted(waiting, key=lambda each: each.application.organisation.name) if is_blind(seat, round) else waiting


def _hints(round: Round, seat, waiting) -> dict[int, list[suggestions.Hint]]:
    """What was noticed about the bids to answer for, by bid."""
    found: dict[int, list[suggestions.Hint]] = {}
    if waiting:
        for each in suggestions.hints_in(round, seat=seat, among=[bid.application.id for bid in waiting]):
            found.setdefault(each.application.id, []).append(each)
    return found


def _declare_all(seat, waiting, hints) -> list[tuple[str, str]]:
    """Declare what was answered; (field, sentence) for every bid that was not answered well."""
    problems, blind = [], is_blind(seat, seat.panel.round)
    for each in waiting:
        called = each.application.organisation.name if blind else each.application.reference
        answer, reason = request.form.get(f"conflict-{each.id}"), request.form.get(f"reason-{each.id}", "")[:500]
        if answer not in ("yes", "no"):
            problems.append((f"conflict-{each.id}", f"Choose yes or no for {called}"))
            continue
        noticed = hints.get(each.application.id, []) if answer == "no" else []
        if noticed and not reason.strip():
            problems.append((f"reason-{each.id}", f"{called}: say why this is not a conflict"))
            continue
        try:
            if each.reading is None:
                conflicts.declare_beside(seat, each.application, answer == "yes", reason, by=signed_in(), now=now())
            else:
                conflicts.declare(each.reading, answer == "yes", reason, by=signed_in(), now=now())
            for hint in noticed:
                suggestions.not_a_conflict(hint, reason, by=signed_in(), now=now())
        except Problem as problem:
            problems.append((problem.field, f"{called}: {problem.sentence}"))
    return problems


@blueprint.route("/assessing/<key:assignment_id>", methods=["GET", "POST"])
@needs("assess_bid", assignment=load_to_assess)
def assess(assignment: Assignment):
    papers = papers_of(assignment)
    if papers.bids.undeclared:
        flash("Before you open a bid, say for each whether you have a conflict of interest.", "notice")
        return redirect(url_for(".declare", round_id=assignment.application.round_id))
    if papers.calibration:
        flash("Score the calibration bid first. It counts for nothing; the other bids open after it.", "notice")
        return redirect(url_for(".calibrate", round_id=assignment.application.round_id))
    if assignment.application.status == "eligible":
        raise WrongMoment("Scoring of this bid has not started yet. You will get an email when it does.")
    unfinished = any(each.status == "assigned" for each in papers.bids.rows)
    others = may_see_others(assignment, unfinished)
    form, sheet, problems = EmptyForm(), sheet_of(assignment, others=others), []
    if form.validate_on_submit():
        problems = save_page(assignment, sheet)
        if not problems:
            return redirect(_after(assignment, papers.bids))
        sheet = sheet_of(assignment, others=others)
    return _desk(assignment, sheet, papers, form, problems, others)


def save_page(assignment: Assignment, sheet: Sheet) -> list[tuple[str | None, str, object]]:
    """Save every criterion of the page and, when asked, seal the bid. What is right is kept even beside what is wrong."""
    problems, moment = [], now()
    for each in sheet.criteria:
        given = typed_in(request.form, each.id)
        try:
            if given.problem:
                raise given.problem
            scores.save_score(
                assignment, each, mark=given.mark, reason=given.reason, not_applicable=given.not_applicable,
                seen_version=given.version, by=signed_in(), now=moment, stored=sheet.stored,
            )  # fmt: skip
        except WrongMoment as problem:
            if not isinstance(problem, Stale):
                raise
            problems.append((problem.field, problem.sentence, problem.theirs))
        except Problem as problem:
            problems.append((problem.field, problem.sentence, None))
    if request.form.get("do") == "seal" and not problems:
        try:
            scores.seal(assignment, by=signed_in(), now=moment)
        except scores.NotFinished as problem:
            problems = [(field, sentence, None) for field, sentence in problem.missing]
    db.session.commit()
    return problems


def _after(assignment: Assignment, bids) -> str:
    """Where a saved page leads: a finished bid to the next to do, else the page itself."""
    if request.form.get("do") == "seal":
        done = sum(each.status == "sealed" for each in bids.rows) + 1
        flash(f"{assignment.application.reference} is finished: {done} of {len(bids.rows)}.", "success")
        following = bids.next_to_do(assignment.id)
        return url_for(".assess", assignment_id=following) if following else url_for(".index")
    flash("Saved.", "success")
    return url_for(".assess", assignment_id=assignment.id)


def _desk(assignment: Assignment, sheet: Sheet, papers: Papers, form, problems, others: bool):
    application, criteria, card = assignment.application, sheet.criteria, sheet.card
    typed = {each.id: typed_in(request.form, each.id) for each in criteria} if form.is_submitted() else {}
    priority = application.priority.code if application.priority else None
    places = needs_for(application.round.fund.partnership, bid.places_in(papers.answers))
    return render_template(
        "scoring/assess.html", assignment=assignment, application=application, round=application.round,
        partnership=application.round.fund.partnership, criteria=criteria, bids=papers.bids, form=form, problems=problems,
        theirs={field: row for field, _, row in problems if row is not None}, has_errors=bool(problems),
        stored=sheet.stored, typed=typed, answers=papers.answers, documents=papers.documents, spoken=papers.spoken, card=card, words=MARK_WORDS,
        needs=places, sparks=sparks(places), years=sorted({period for each in places for period, _ in each.trend}),
        funded=papers.funded, others=sheet.others if others else None, quotes=papers.quotes, changed=papers.changed, total=sheet.total(),
        optional={each.id for each in criteria if may_not_apply(each, priority) or is_not_asked(each, application)},
        not_asked={each.id for each in criteria if is_not_asked(each, application)},
        open=assignment.status == "assigned" and application.status == "in_scoring",
        title=title_for(assignment), blind=is_blind(assignment.seat, application.round),
        desk=Desk(assignment, criteria, papers.answers), sections=sections_of(papers.answers, papers.read),
        claims=claim_prompts(papers.answers) if card else [], mechanisms=MECHANISM, pace=pace_of(assignment.seat.finish_at, application.round, papers.sealed, now()), **(card_context(card) if card else {}),
    )  # fmt: skip


@blueprint.route("/assessing/<key:assignment_id>/criteria/<key:criterion_id>", methods=["POST"])
@needs("assess_bid", assignment=load_to_assess)
def autosave(assignment: Assignment, criterion_id):
    """Keep one criterion while the assessor writes. Answers the new version and total, or both texts when they differ."""
    sheet = sheet_of(assignment)
    criterion = sheet.criterion(criterion_id)
    if criterion is None or sheet.undeclared:
        raise NotYours()
    given = typed_in(request.form, criterion.id)
    if not wants_json():
        return redirect(url_for(".assess", assignment_id=assignment.id))
    try:
        if given.problem:
            raise given.problem
        score = scores.save_score(
            assignment, criterion, mark=given.mark, reason=given.reason, not_applicable=given.not_applicable,
            seen_version=given.version, by=signed_in(), now=now(), stored=sheet.stored,
        )  # fmt: skip
    except Stale as problem:
        theirs = problem.theirs
        both = {
            "mark": theirs.mark,
            "not_applicable": theirs.not_applicable,
            "reason": theirs.reason,
            "version": theirs.version,
        }
        db.session.rollback()
        return jsonify(error=problem.sentence, theirs=both), 409
    if score is not None:
        sheet.stored[criterion.id] = score
    answer = {"version": score.version if score else 0, "total": str(sheet.total())}
    db.session.commit()
    return jsonify(answer)


@blueprint.route("/assessing/<key:assignment_id>/quotes", methods=["GET", "POST"])
@needs("assess_bid", assignment=load_to_assess)
def quote(assignment: Assignment):
    """Hold a sentence beside a criterion: a page of its own, which the assessing page also posts to."""
    sheet, form = sheet_of(assignment), QuoteForm(request.form if request.method == "POST" else request.args)
    if sheet.undeclared:
        raise NotYours()
    form.criterion.choices = [SelectChoice(each.id, each.title) for each in sheet.criteria]
    if request.method == "POST" and form.validate():
        try:
            row = quotes.add_quote(assignment, sheet.criterion(form.criterion.data), form.question.data, form.words.data, by=signed_in(), now=now())  # fmt: skip
        except Problem as problem:
            db.session.rollback()
            problem.field = "words"
            form.refuse(problem)
        else:
            answer = {"id": row.id, "words": row.words}
            db.session.commit()
            if wants_json():
                return jsonify(answer)
            flash("The quote stands beside the criterion.", "success")
            return redirect(url_for(".assess", assignment_id=assignment.id, _anchor=f"criterion-{form.criterion.data}"))
    if request.method == "POST" and wants_json():
        return jsonify(error=next(iter(form.errors.values()))[0]), 400
    application: Application = assignment.application
    return render_template(
        "scoring/quote.html", form=form, assignment=assignment, application=application,
        partnership=application.round.fund.partnership, answers=bid.answers_for(assignment), title=title_for(assignment),
    )  # fmt: skip


@blueprint.route("/assessing/<key:assignment_id>/quotes/<key:quote_id>/remove", methods=["POST"])
@needs("assess_bid", assignment=load_to_assess)
def remove_quote(assignment: Assignment, quote_id):
    """The button stands in the form of the scores, so what was typed there comes along and is kept."""
    row = quotes.quote_of(assignment, quote_id)
    if row is None:
        raise NotYours()
    criterion, sheet = row.criterion_id, sheet_of(assignment)
    if any(f"version-{each.id}" in request.form for each in sheet.criteria):
        for _field, sentence, _theirs in save_page(assignment, sheet):
            flash(sentence, "error")
    quotes.remove_quote(row, assignment, by=signed_in(), now=now())
    db.session.commit()
    return redirect(url_for(".assess", assignment_id=assignment.id, _anchor=f"criterion-{criterion}"))


@blueprint.route("/assessing/<key:assignment_id>/conflict", methods=["GET", "POST"])
@needs("assess_bid", assignment=load_assignment)
def declare_late(assignment: Assignment):
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            conflicts.declare_late(assignment, form.reason.data, by=signed_in(), now=now())
        except Problem as problem:
            db.session.rollback()
            form.refuse(problem)
        else:
            db.session.commit()
            flash("Your conflict is recorded. Your scores for this bid do not count any more.", "success")
            return redirect(url_for(".index"))
    application: Application = assignment.application
    return render_template(
        "scoring/conflict_late.html", form=form, assignment=assignment, application=application,
        title=title_for(assignment), blind=is_blind(assignment.seat, application.round),
        partnership=application.round.fund.partnership,
    )  # fmt: skip


@blueprint.route("/assessing/<key:assignment_id>/documents/<key:document_id>")
@needs("assess_bid", assignment=load_assignment)
def document(assignment: Assignment, document_id):
    found = bid.document_of(assignment.application, document_id)
    blind = is_blind(assignment.seat, assignment.application.round)
    if found is None or blind or conflicts.has_undeclared(assignment.seat) or comes_first_for(assignment.seat):
        raise NotYours()
    return files.send(files.read(found.file), found.file.name, found.file.media_type)


@blueprint.route("/assessing/<key:assignment_id>/voice/<key:note_id>")
@needs("assess_bid", assignment=load_assignment)
def voice(assignment: Assignment, note_id):
    """A recording, for a member who reads with names: a voice says who speaks."""
    found = note_of(assignment.application, note_id)
    blind = is_blind(assignment.seat, assignment.application.round)
    if found is None or blind or conflicts.has_undeclared(assignment.seat):
        raise NotYours()
    return files.send_sound(files.read(found.file), found.file.name, found.file.media_type)
