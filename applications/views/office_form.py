"""For the fund's office: the form of a round. Viewed, previewed and changed before the round is published."""

from flask import flash, redirect, render_template, request, url_for
from wtforms import BooleanField, RadioField

from fund.core.clock import now
from fund.core.database import db
from fund.core.forms import BaseForm, LongText, Required, Text, Whole
from fund.core.permissions import may, needs, signed_in
from fund.core.problems import NotYours, Problem
from fund.rounds import load_round
from fund.tables import Round

from .. import form_design
from ..forms import asked_form, current_form
from ..question_types import TYPES
from ..question_types.base import options
from ..standard_form import use_standard_form
from ..tables import Question
from .office_list import blueprint

SIMPLE = [(each.kind, each.name) for each in TYPES.values() if each.officers_can_add]


class NewQuestionForm(BaseForm):
    text = Text("The question")
    kind = RadioField("What kind of answer?", choices=options(SIMPLE), default="long_text", validate_choice=False)
    section = RadioField("In which part?", validate_choice=False)
    choices = LongText(
        "Choices, one on each line", description="Only for “choose one” and “choose one or more”", rows=4
    )


def _choices(text: str | None) -> list[list[str]] | None:
    lines = [line.strip() for line in (text or "").splitlines() if line.strip()]
    return [[f"c{number}", line[:200], ""] for number, line in enumerate(lines, 1)] or None


@blueprint.route("/office/rounds/<key:round_id>/form", methods=["GET", "POST"])
@needs("see_form", round=load_round)
def form(round: Round):
    """Every question in order. POST adds one (see NewQuestionForm)."""
    current = current_form(round)
    asked = asked_form(current) if current else None
    may_change = may(signed_in(), "design_form", round) and current is not None and current.frozen_at is None
    new = NewQuestionForm()
    new.section.choices = options((section.key, section.title) for section in asked.sections) if asked else []
    if request.method == "POST" and may_change and new.validate():
        try:
            form_design.add_question(
                current,
                new.section.data or "",
                new.kind.data or "",
                new.text.data,
                by=signed_in(),
                now=now(),
                choices=_choices(new.choices.data),
            )
        except Problem as problem:
            db.session.rollback()
            new.refuse(problem)
        else:
            db.session.commit()
            flash("The question is added at the end of its part.", "success")
            return redirect(url_for(".form", round_id=round.id))
    return render_template(
        "applications/office/form.html", round=round, current=current, asked=asked, may_change=may_change, form=new, types=TYPES,
        may_design=may(signed_in(), "design_form", round), needed=form_design.NEEDED,
    )  # fmt: skip


@blueprint.route("/office/rounds/<key:round_id>/form/standard", methods=["POST"])
@needs("design_form", round=load_round)
def standard(round: Round):
    return _do(round, lambda: use_standard_form(round, by=signed_in(), now=now()), "The round has the standard form.")


@blueprint.route("/office/rounds/<key:round_id>/form/open", methods=["POST"])
@needs("design_form", round=load_round)
def thaw(round: Round):
    """Open the form of a round that was taken back to be changed."""
    if round.status != "draft":
        raise Problem("Take the round back before you change its form.")
    return _do(round, lambda: form_design.thaw_form(round, by=signed_in(), now=now()), "You can change the form now.")


def _do(round: Round, act, done: str):
    try:
        act()
    except Problem as problem:
        db.session.rollback()
        flash(problem.sentence, "error")
    else:
        db.session.commit()
        flash(done, "success")
    return redirect(url_for(".form", round_id=round.id))


class QuestionForm(BaseForm):
    text = Text("The question", [Required("Enter the question")])
    why = LongText("Why we ask", rows=2)
    help = LongText("Help", rows=3)
    example = LongText("Worked example", rows=4)
    word_limit = Whole("Word limit", least=1, most=5000)
    required = BooleanField("Everybody has to answer it")


def _question(round: Round, question_id: int) -> Question:
    question = db.session.get(Question, question_id)
    current = current_form(round)
    if question is None or current is None or question.form_id != current.id:
        raise NotYours()
    return question


@blueprint.route("/office/rounds/<key:round_id>/form/questions/<key:question_id>", methods=["GET", "POST"])
@needs("design_form", round=load_round)
def question(round: Round, question_id: int):
    row = _question(round, question_id)
    form = QuestionForm(obj=row)
    if form.validate_on_submit():
        facts = {name: form[name].data for name in ("text", "why", "help", "example", "word_limit", "required")}
        try:
            form_design.change_question(row, by=signed_in(), now=now(), **facts)
        except Problem as problem:
            db.session.rollback()
            form.refuse(problem)
        else:
            db.session.commit()
            flash("The question is changed.", "success")
            return redirect(url_for(".form", round_id=round.id))
    return render_template(
        "applications/office/question.html",
        round=round,
        question=row,
        form=form,
        kind=TYPES[row.kind],
        needed=form_design.NEEDED,
    )


@blueprint.route("/office/rounds/<key:round_id>/form/questions/<key:question_id>/move", methods=["POST"])
@needs("design_form", round=load_round)
def move_question(round: Round, question_id: int):
    row, step = _question(round, question_id), -1 if request.form.get("step") == "up" else 1
    return _do(round, lambda: form_design.move_question(row, step, by=signed_in(), now=now()), "The question is moved.")


@blueprint.route("/office/rounds/<key:round_id>/form/questions/<key:question_id>/remove", methods=["POST"])
@needs("design_form", round=load_round)
def remove_question(round: Round, question_id: int):
    row = _question(round, question_id)
    return _do(round, lambda: form_design.remove_question(row, by=signed_in(), now=now()), "The question is taken out.")


@blueprint.route("/office/rounds/<key:round_id>/form/questions/<key:question_id>/preview")
@needs("see_form", round=load_round)
def preview(round: Round, question_id: int):
    """The question as applicants will see it; nothing can be sent from here."""
    asked = asked_form(current_form(round))
    shown = asked.by_id.get(_question(round, question_id).id)
    if shown.settings.get("choices") == "live":
        shown.settings = {**shown.settings, "choices": form_design.live_choices(shown, round)}
    return render_template(
        "applications/office/preview.html",
        round=round,
        partnership=round.fund.partnership,
        question=shown,
        form=shown.form_class(),
        asked=asked,
    )
