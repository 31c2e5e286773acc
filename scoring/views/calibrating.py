"""The calibration bid: chosen and anchored by an officer or the chair, scored by each member, then shown beside its anchors."""

from datetime import datetime

from flask import flash, jsonify, redirect, render_template, request, url_for

from fund.core.clock import now
from fund.core.database import db
from fund.core.permissions import needs, signed_in
from fund.core.problems import NotYours, Problem, Stale
from fund.core.web import wants_json
from fund.tables import Round

from .. import calibration as acts
from .. import calibration_readings as readings
from ..criteria import MARK_WORDS, criteria_of
from ..forms import EmptyForm, MadeUpBidForm, OldBidForm
from ..loading import load_round
from ..tables import Calibration, CalibrationReading, Criterion, Seat
from .assessing import blueprint as assessing
from .office import blueprint as office
from .office import page
from .typed import Typed, typed_in

Problems = list[Problem]


@office.route("/office/rounds/<key:round_id>/calibration", methods=["GET", "POST"])
@needs("set_calibration", round=load_round)
def calibration(round: Round):
    """Choose the bid, give each criterion its anchor with a note, and put it before the members."""
    row, criteria, do = acts.calibration_of(round), criteria_of(round), request.form.get("do")
    old, made = (
        OldBidForm(request.form if do == "copy" else None),
        MadeUpBidForm(request.form if do == "write" else None),
    )
    form, problems, typed = made if do == "write" else old, [], {}
    if request.method == "POST" and EmptyForm().validate():
        typed = {each.id: typed_in(request.form, each.id) for each in criteria}
        try:
            said = _change(round, row, old, made, typed)
            if said:
                db.session.commit()
                flash(said, "success")
                return redirect(url_for(".calibration", round_id=round.id))
        except Problem as problem:
            db.session.rollback()
            row = acts.calibration_of(round)
            if problem.field in form.data:
                form.refuse(problem)
            else:
                problems = [problem]
    return page(
        "scoring/calibration_office.html", round, row=row, criteria=criteria, words=MARK_WORDS, form=form, old=old, made=made,
        problems=problems, typed=typed, anchors=acts.anchors_of(row) if row else {}, has_errors=bool(problems),
        finished=acts.finished_in(row) if row else 0,
    )  # fmt: skip


def _change(round: Round, row, old: OldBidForm, made: MadeUpBidForm, typed) -> str | None:
    """Do what the pressed button says; the sentence of what was done, None when its form was not filled in."""
    do, by, moment = request.form.get("do"), signed_in(), now()
    if do == "copy":
        if old.validate():
            acts.copy_calibration(round, old.reference.data, by=by, now=moment)
            return "The bid is copied without its names. Read it through, then give the marks it deserves."
        return None
    if do == "write":
        if made.validate():
            acts.write_calibration(round, made.title.data, made.words.data, by=by, now=moment)
            return "The bid is kept. Now give the marks it deserves."
        return None
    if row is None:
        raise NotYours()
    if do == "take":
        acts.take_away(row, by=by, now=moment)
        return "The calibration bid is taken away."
    given = {key: (each.mark, each.reason) for key, each in typed.items()}
    acts.set_anchors(row, given, comes_first=bool(request.form.get("comes_first")), by=by, now=moment)
    if do == "open":
        acts.open_calibration(row, by=by, now=moment)
        return "The members have the calibration bid before them."
    return "Saved."


@assessing.route("/assessing/rounds/<key:round_id>/calibration", methods=["GET", "POST"])
@needs("declare_conflicts", round=load_round)
def calibrate(round: Round):
    """Score the calibration bid; once finished, one's own marks beside those meant for it."""
    row, seat = acts.calibration_for(signed_in(), round)
    if row is None or seat is None:
        raise NotYours()
    criteria, form, problems = criteria_of(round), EmptyForm(), []
    typed = {}
    if form.validate_on_submit():
        typed = {each.id: typed_in(request.form, each.id) for each in criteria}
        problems = _save(row, seat, criteria, typed)
        if not problems:
            return redirect(url_for(".calibrate", round_id=round.id))
    reading = readings.reading_of(row, seat)
    done = reading is not None and reading.finished_at is not None
    return render_template(
        "scoring/calibration.html", round=round, partnership=round.fund.partnership, row=row, criteria=criteria, form=form,
        problems=problems, has_errors=bool(problems), typed=typed, words=MARK_WORDS,
        kept={each.id: readings.kept_of(reading, each) for each in criteria},
        theirs={each.field: each.theirs for each in problems if isinstance(each, Stale)},
        beside=readings.beside_anchors(row, reading, criteria) if done else None,
    )  # fmt: skip


def _save(row: Calibration, seat: Seat, criteria: list[Criterion], typed: dict[int, Typed]) -> Problems:
    """Save every criterion of the page and, when asked, finish it. What is right is kept even beside what is wrong."""
    moment = now()
    reading, problems = readings.open_reading(row, seat, now=moment), []
    for each in criteria:
        try:
            _keep(reading, each, typed[each.id], moment)
        except Problem as problem:
            problems.append(problem)
    if request.form.get("do") == "finish" and not problems:
        missing = readings.finish_calibration(reading, criteria, by=signed_in(), now=moment)
        problems = [Problem(sentence, field) for field, sentence in missing]
        if not problems:
            flash("Thank you. Below are your marks beside those the panel's officers would give.", "success")
    elif not problems:
        flash("Saved.", "success")
    db.session.commit()
    return problems


def _keep(reading: CalibrationReading, criterion: Criterion, given: Typed, moment: datetime) -> readings.Kept:
    if given.problem:
        raise given.problem
    return readings.save_mark(
        reading, criterion, given.mark, given.reason, seen_version=given.version, by=signed_in(), now=moment
    )


@assessing.route("/assessing/rounds/<key:round_id>/calibration/criteria/<key:criterion_id>", methods=["POST"])
@needs("declare_conflicts", round=load_round)
def calibrate_autosave(round: Round, criterion_id):
    """Keep one criterion of the calibration bid while the member writes. Answers its new version, or both when they differ."""
    row, seat = acts.calibration_for(signed_in(), round)
    criterion = next((each for each in criteria_of(round) if each.id == criterion_id), None)
    if row is None or seat is None or criterion is None:
        raise NotYours()
    if not wants_json():
        return redirect(url_for(".calibrate", round_id=round.id))
    moment = now()
    try:
        kept = _keep(
            readings.open_reading(row, seat, now=moment), criterion, typed_in(request.form, criterion.id), moment
        )
    except Stale as problem:
        db.session.rollback()
        return jsonify(error=problem.sentence, theirs=vars(problem.theirs) | {"not_applicable": False}), 409
    db.session.commit()
    return jsonify(version=kept.version)
