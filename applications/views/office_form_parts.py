"""For the fund's office: the parts of a form, its eligibility questions, and correcting it while the round is open."""

from flask import flash, redirect, render_template, request, url_for
from wtforms import RadioField

from fund.core.clock import now
from fund.core.database import db
from fund.core.forms import BaseForm, LongText, Required, Text
from fund.core.permissions import may, needs, signed_in
from fund.core.problems import NotYours, Problem
from fund.rounds import load_round
from fund.tables import Round

from .. import corrections, eligibility_design, form_design
from ..forms import asked_form, current_form, eligibility_of, newest_form
from ..question_types.base import options
from ..tables import EligibilityQuestion, Form, Section
from .office_form import do
from .office_list import blueprint


class PartForm(BaseForm):
    title = Text("What is the part called?", [Required("Enter what the part is called")])


def _form(round: Round) -> Form:
    form = newest_form(round)
    if form is None:
        raise NotYours()
    return form


def _section(round: Round, section_id: int) -> Section:
    row = db.session.get(Section, section_id)
    if row is None or row.form_id != _form(round).id:
        raise NotYours()
    return row


def _step() -> int:
    return -1 if request.form.get("step") == "up" else 1


@blueprint.route("/office/rounds/<key:round_id>/form/parts", methods=["POST"])
@needs("design_form", round=load_round)
def add_part(round: Round):
    title = request.form.get("title", "")[:500]
    form = _form(round)
    return do(round, lambda: form_design.add_section(form, title, by=signed_in(), now=now()), "The part is added.")


@blueprint.route("/office/rounds/<key:round_id>/form/parts/<key:section_id>", methods=["GET", "POST"])
@needs("design_form", round=load_round)
def part(round: Round, section_id: int):
    row = _section(round, section_id)
    form = PartForm(obj=row)
    if form.validate_on_submit():
        try:
            form_design.change_section(row, form.title.data, by=signed_in(), now=now())
        except Problem as problem:
            db.session.rollback()
            form.refuse(problem)
        else:
            db.session.commit()
            flash("The part has its new name.", "success")
            return redirect(url_for(".form", round_id=round.id))
    return render_template("applications/office/part.html", round=round, section=row, form=form)


@blueprint.route("/office/rounds/<key:round_id>/form/parts/<key:section_id>/move", methods=["POST"])
@needs("design_form", round=load_round)
def move_part(round: Round, section_id: int):
    row, step = _section(round, section_id), _step()
    return do(round, lambda: form_design.move_section(row, step, by=signed_in(), now=now()), "The part is moved.")


@blueprint.route("/office/rounds/<key:round_id>/form/parts/<key:section_id>/remove", methods=["POST"])
@needs("design_form", round=load_round)
def remove_part(round: Round, section_id: int):
    row = _section(round, section_id)
    return do(round, lambda: form_design.remove_section(row, by=signed_in(), now=now()), "The part is taken out.")


class EligibilityForm(BaseForm):
    text = Text("The question", [Required("Enter the question")], description="It is answered with yes or no")
    help = LongText("Help", rows=2)
    good = RadioField("Which answer is fine?", choices=options([("yes", "Yes"), ("no", "No")]), default="yes", validate_choice=False)  # fmt: skip
    ends = RadioField("Who gives the other answer", choices=options(eligibility_design.ENDS.items()), default="talk", validate_choice=False)  # fmt: skip
    otherwise = LongText("What they read then", [Required("Enter what people read who give the other answer")], rows=3)

    def facts(self) -> dict:
        return {**{name: self[name].data for name in ("text", "help", "ends", "otherwise")}, "good": self.good.data == "yes"}  # fmt: skip


def _eligibility(round: Round, check_id: int) -> EligibilityQuestion:
    row = db.session.get(EligibilityQuestion, check_id)
    if row is None or row.form_id != _form(round).id:
        raise NotYours()
    return row


def _eligibility_page(round: Round, form: EligibilityForm, row: EligibilityQuestion | None):
    current = _form(round)
    return render_template(
        "applications/office/eligibility.html", round=round, rows=eligibility_of(current), row=row, form=form,
        may_change=current.frozen_at is None and may(signed_in(), "design_form", round), ends=eligibility_design.ENDS,
    )  # fmt: skip


@blueprint.route("/office/rounds/<key:round_id>/form/eligibility", methods=["GET", "POST"])
@needs("design_form", round=load_round)
def eligibility(round: Round):
    """The questions that say whether somebody can apply. POST adds one."""
    form = EligibilityForm()
    if form.validate_on_submit():
        try:
            eligibility_design.add_eligibility(_form(round), by=signed_in(), now=now(), **form.facts())
        except Problem as problem:
            db.session.rollback()
            form.refuse(problem)
        else:
            db.session.commit()
            flash("The question is added.", "success")
            return redirect(url_for(".eligibility", round_id=round.id))
    return _eligibility_page(round, form, None)


@blueprint.route("/office/rounds/<key:round_id>/form/eligibility/<key:check_id>", methods=["GET", "POST"])
@needs("design_form", round=load_round)
def eligibility_question(round: Round, check_id: int):
    row = _eligibility(round, check_id)
    given = {"text": row.text, "help": row.help, "ends": row.ends, "otherwise": row.otherwise}
    form = EligibilityForm(data={**given, "good": "yes" if row.good else "no"})
    if form.validate_on_submit():
        try:
            eligibility_design.change_eligibility(row, by=signed_in(), now=now(), **form.facts())
        except Problem as problem:
            db.session.rollback()
            form.refuse(problem)
        else:
            db.session.commit()
            flash("The question is changed.", "success")
            return redirect(url_for(".eligibility", round_id=round.id))
    return _eligibility_page(round, form, row)


@blueprint.route("/office/rounds/<key:round_id>/form/eligibility/<key:check_id>/move", methods=["POST"])
@needs("design_form", round=load_round)
def move_eligibility(round: Round, check_id: int):
    row, step = _eligibility(round, check_id), _step()
    done = "The question is moved."
    return do(round, lambda: eligibility_design.move_eligibility(row, step, by=signed_in(), now=now()), done, ".eligibility")  # fmt: skip


@blueprint.route("/office/rounds/<key:round_id>/form/eligibility/<key:check_id>/remove", methods=["POST"])
@needs("design_form", round=load_round)
def remove_eligibility(round: Round, check_id: int):
    row = _eligibility(round, check_id)
    done = "The question is taken out."
    return do(round, lambda: eligibility_design.remove_eligibility(row, by=signed_in(), now=now()), done, ".eligibility")  # fmt: skip


@blueprint.route("/office/rounds/<key:round_id>/form/correction/start", methods=["POST"])
@needs("design_form", round=load_round)
def start_correction(round: Round):
    done = "You can correct the questions now. Applicants see nothing of it until you publish the correction."
    return do(round, lambda: corrections.start_correction(round, by=signed_in(), now=now()), done)


@blueprint.route("/office/rounds/<key:round_id>/form/correction/drop", methods=["POST"])
@needs("design_form", round=load_round)
def drop_correction(round: Round):
    done = "The correction is dropped. The form stays as it was."
    return do(round, lambda: corrections.drop_correction(round, by=signed_in(), now=now()), done)


class CorrectionForm(BaseForm):
    note = LongText("What did you correct?", [Required("Say in a sentence what you corrected")], rows=3)


@blueprint.route("/office/rounds/<key:round_id>/form/correction", methods=["GET", "POST"])
@needs("design_form", round=load_round)
def correction(round: Round):
    """What the correction changes, and publishing it."""
    written = corrections.correction_of(round)
    if written is None:
        raise NotYours()
    before, after = asked_form(current_form(round)), asked_form(written)
    form = CorrectionForm()
    if form.validate_on_submit():
        try:
            corrections.publish_correction(round, form.note.data, by=signed_in(), now=now())
        except Problem as problem:
            db.session.rollback()
            form.refuse(Problem(problem.sentence, problem.field or "note"))
        else:
            db.session.commit()
            flash("The correction is published. Everybody who writes a bid is told.", "success")
            return redirect(url_for(".form", round_id=round.id))
    return render_template(
        "applications/office/correction.html", round=round, form=form, changes=list(corrections.changes_between(before, after)),
        unfair=list(corrections.unfair(before, after)),
    )  # fmt: skip
