"""For the fund's office: one question of a form, its words, who is asked it and when, and its words in the short form."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField

from fund.core.clock import now
from fund.core.database import db
from fund.core.forms import BaseForm, LongText, Required, Text, Whole
from fund.core.money import parse_pounds, plain_pounds
from fund.core.permissions import needs, signed_in
from fund.core.problems import NotYours, Problem
from fund.rounds import load_round
from fund.strategies.legal_form import legal_forms
from fund.tables import Round

from .. import form_design
from ..conditions import CHOICES, LISTS, VERBS, VERBS_FOR, verb_of
from ..forms import SPOKEN_KINDS, asked_form, newest_form
from ..question_types import TYPES
from ..question_types.base import options
from ..tables import Question
from ..tables.forms import TRACKS
from .office_form import do, labelled_choices
from .office_list import blueprint

WORDS = ("text", "why", "help", "example", "word_limit", "required")


class QuestionForm(BaseForm):
    text = Text("The question", [Required("Enter the question")])
    why = LongText("Why we ask", rows=2)
    help = LongText("Help", rows=3)
    example = LongText("Worked example", rows=4)
    word_limit = Whole("Word limit", least=1, most=5000)
    required = BooleanField("Everybody who is asked has to answer it")
    voice = BooleanField("May be answered by a voice note", description="For people who find writing hard. You type the words down for the assessors.")  # fmt: skip
    choices = LongText("Choices, one on each line", rows=5)
    section = SelectField("In which part?", validate_choice=False)
    when_question = SelectField("Ask it only after this answer", validate_choice=False)
    when_verb = SelectField("How does the answer compare?", choices=options(VERBS.items()), validate_choice=False)
    when_value = LongText(
        "The answer to look for", rows=2,
        description="As it stands among the choices, one on each line. “Yes” or “No”. Or a word, a number or an amount.",
    )  # fmt: skip
    legal_forms = SelectMultipleField(
        "Only for these kinds of organisation", choices=options((each.key, each.label) for each in legal_forms()),
        validate_choice=False, description="Tick none to ask every kind",
    )  # fmt: skip
    track = RadioField("Which form asks it?", choices=options(TRACKS.items()), validate_choice=False)
    short_text = Text("The question in the short form", description="Leave this empty for the same words")
    short_help = LongText("Help in the short form", rows=2)
    short_word_limit = Whole("Word limit in the short form", least=1, most=5000)


def load_question(round: Round, question_id: int) -> Question:
    """A question of the version that is being written, or of the one that holds."""
    row, form = db.session.get(Question, question_id), newest_form(round)
    if row is None or form is None or row.form_id != form.id:
        raise NotYours()
    return row


@blueprint.route("/office/rounds/<key:round_id>/form/questions/<key:question_id>", methods=["GET", "POST"])
@needs("design_form", round=load_round)
def question(round: Round, question_id: int):
    row = load_question(round, question_id)
    asked = asked_form(newest_form(round))
    form = QuestionForm(data=_filled(row, asked))
    earlier = [each for each in asked.questions[: asked.questions.index(asked.by_id[row.id])] if each.kind in VERBS_FOR]
    form.section.choices = options((each.key, each.title) for each in asked.sections)
    form.when_question.choices = options(((each.key, each.text) for each in earlier), "Ask it always")
    if form.validate_on_submit():
        try:
            _save(row, asked, form)
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
        has_choices=_has_choices(row),
        may_allow_voice=row.kind in SPOKEN_KINDS,
        two_tracks=asked.short_up_to_pence is not None,
    )


def _has_choices(row: Question) -> bool:
    return row.kind in ("radios", "checkboxes")


def _filled(row: Question, asked) -> dict[str, Any]:
    condition, short = row.show_when or {}, row.short or {}
    target = asked.by_key.get(condition.get("question"))
    return {
        **{name: getattr(row, name) for name in (*WORDS, "track")},
        "choices": "\n".join(each[1] for each in row.settings.get("choices") or []) if _has_choices(row) else "",
        "voice": bool(row.settings.get("voice")),
        "section": asked.by_id[row.id].section_key,
        "when_question": condition.get("question") or "",
        "when_verb": verb_of(condition) or "is",
        "when_value": _shown(target, condition[verb_of(condition)]) if target else "",
        "legal_forms": condition.get("legal_forms") or [],
        **{f"short_{name}": short.get(name) for name in ("text", "help", "word_limit")},
    }


def _save(row: Question, asked, form: QuestionForm) -> None:
    who: dict[str, Any] = {"by": signed_in(), "now": now()}
    choices = labelled_choices(form.choices.data) if _has_choices(row) and "choices" in request.form else None
    form_design.change_question(
        row, **who, **{name: form[name].data for name in WORDS}, choices=choices, voice=form.voice.data
    )
    if form.section.data and form.section.data != asked.by_id[row.id].section_key:
        form_design.place_question(row, form.section.data, **who)
    if "when_question" in request.form:
        form_design.set_condition(row, _condition(form, asked), **who)
    if "track" in request.form:
        short = {**(row.short or {}), **{name: form[f"short_{name}"].data for name in ("text", "help", "word_limit")}}
        form_design.set_track(row, form.track.data, short, **who)


def _condition(form: QuestionForm, asked) -> dict[str, Any] | None:
    condition: dict[str, Any] = {"legal_forms": form.legal_forms.data} if form.legal_forms.data else {}
    key = form.when_question.data
    if key:
        verb, target = form.when_verb.data, asked.by_key.get(key)
        if verb not in VERBS:
            raise Problem("Choose how the answer compares", "when_verb")
        condition |= {"question": key, verb: _wanted(target, form.when_value.data or "") if target else None}
    return condition or None


def _wanted(target, typed: str) -> Any:
    """What the officer typed as the value that such an answer holds. Raises Problem for what it cannot be."""
    lines = [line.strip() for line in typed.splitlines() if line.strip()]
    if not lines:
        raise Problem("Enter the answer to look for", "when_value")
    if target.kind == "yes_no":
        if lines[0].casefold() not in ("yes", "no"):
            raise Problem("Enter Yes or No", "when_value")
        return lines[0].casefold() == "yes"
    if target.kind in ("money", "amount"):
        try:
            return parse_pounds(lines[0])
        except Problem as problem:
            raise Problem(problem.sentence, "when_value") from None
    if target.kind == "number":
        if not lines[0].isdecimal() or len(lines[0]) > 12:
            raise Problem("Enter a whole number, like 42", "when_value")
        return int(lines[0])
    choices = target.settings.get("choices")
    if target.kind in CHOICES | LISTS and isinstance(choices, list):
        keys = {each[1].casefold(): each[0] for each in choices} | {
            str(each[0]).casefold(): each[0] for each in choices
        }
        found = [keys.get(line.casefold(), line) for line in lines]
        return found if len(found) > 1 else found[0]
    return lines if len(lines) > 1 and target.kind in CHOICES | LISTS else lines[0]


def _shown(target, value: Any) -> str:
    """The wanted value as the officer would type it."""
    if isinstance(value, list):
        return "\n".join(_shown(target, each) for each in value)
    if target.kind == "yes_no":
        return "Yes" if value else "No"
    if target.kind in ("money", "amount"):
        return plain_pounds(value)
    choices = target.settings.get("choices")
    return str(next((each[1] for each in choices if each[0] == value), value) if isinstance(choices, list) else value)


@blueprint.route("/office/rounds/<key:round_id>/form/questions/<key:question_id>/move", methods=["POST"])
@needs("design_form", round=load_round)
def move_question(round: Round, question_id: int):
    row, step = load_question(round, question_id), -1 if request.form.get("step") == "up" else 1
    return do(round, lambda: form_design.move_question(row, step, by=signed_in(), now=now()), "The question is moved.")


@blueprint.route("/office/rounds/<key:round_id>/form/questions/<key:question_id>/remove", methods=["POST"])
@needs("design_form", round=load_round)
def remove_question(round: Round, question_id: int):
    row = load_question(round, question_id)
    return do(round, lambda: form_design.remove_question(row, by=signed_in(), now=now()), "The question is taken out.")
