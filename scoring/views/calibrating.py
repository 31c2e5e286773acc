"""The calibration bid: chosen and anchored by an officer or the chair, scored by each member, then shown beside its anchors."""

from flask import flash, redirect, render_template, request, url_for

from fund.core.clock import now
from fund.core.database import db
from fund.core.forms import clean
from fund.core.permissions import needs, signed_in
from fund.core.problems import NotYours, Problem, Stale
from fund.tables import Round

from .. import calibration as acts
from ..criteria import MARK_WORDS, criteria_of
from ..forms import EmptyForm, MadeUpBidForm, OldBidForm
from ..loading import load_round
from .assessing import blueprint as assessing
from .office import blueprint as office
from .office import page
from .typed import typed_in

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
    reading = acts.reading_of(row, seat)
    done = reading is not None and reading.finished_at is not None
    return render_template(
        "scoring/calibration.html", round=round, partnership=round.fund.partnership, row=row, criteria=criteria, form=form,
        problems=problems, has_errors=bool(problems), typed=typed, reading=reading, words=MARK_WORDS,
        beside=acts.beside_anchors(row, reading, criteria) if done else None,
    )  # fmt: skip


def _save(row, seat, criteria, typed) -> Problems:
    seen = clean(request.form.get("version", ""))
    problems: Problems = [each.problem for each in typed.values() if each.problem]
    if problems:
        return problems
    given = {key: (each.mark, each.reason) for key, each in typed.items()}
    try:
        reading = acts.save_calibration(
            row, seat, given, seen_version=int(seen) if seen.isdecimal() and len(seen) < 9 else None, by=signed_in(), now=now(),
        )  # fmt: skip
    except Stale:
        db.session.rollback()
        return [Problem("You changed this in another window. Your marks are below: save again to keep them.")]
    if request.form.get("do") == "finish":
        problems = [
            Problem(sentence, field)
            for field, sentence in acts.finish_calibration(reading, criteria, by=signed_in(), now=now())
        ]
        if not problems:
            flash("Thank you. Below are your marks beside those the panel's officers would give.", "success")
    else:
        flash("Saved.", "success")
    db.session.commit()
    return problems
