"""For the fund's office: the form of a round. Viewed, previewed and changed before the round is published."""

from flask import flash, redirect, render_template, request, url_for
from wtforms import RadioField, SelectField

from fund.core.clock import now
from fund.core.database import db
from fund.core.forms import BaseForm, LongText, MoneyField, Text
from fund.core.permissions import may, needs, signed_in
from fund.core.problems import NotYours, Problem
from fund.rounds import load_round
from fund.tables import Round

from .. import form_design
from ..forms import asked_form, current_form, newest_form
from ..question_types import TYPES
from ..question_types.base import options
from ..standard_form import use_standard_form
from .office_list import blueprint

SIMPLE = [(each.kind, each.name) for each in TYPES.values() if each.officers_can_add]


class NewQuestionForm(BaseForm):
    text = Text("The question")
    kind = RadioField("What kind of answer?", choices=options(SIMPLE), default="long_text", validate_choice=False)
    section = SelectField("In which part?", validate_choice=False)
    choices = LongText(
        "Choices, one on each line", description="Only for “choose one” and “choose one or more”", rows=4
    )


def labelled_choices(text: str | None) -> list[list[str]] | None:
    """Choices as a question keeps them, from lines; None when there is none."""
    lines = [line.strip() for line in (text or "").splitlines() if line.strip()]
    return [[f"c{number}", line[:200], ""] for number, line in enumerate(lines, 1)] or None


@blueprint.route("/office/rounds/<key:round_id>/form", methods=["GET", "POST"])
@needs("see_form", round=load_round)
def form(round: Round):
    """Every question in order. POST adds one (see NewQuestionForm)."""
    current, holds = newest_form(round), current_form(round)
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
                choices=labelled_choices(new.choices.data),
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
        may_design=may(signed_in(), "design_form", round), needed=form_design.NEEDED, limit=limit_form(current),
        correcting=current is not None and current is not holds, may_correct=round.status == "published",
    )  # fmt: skip


@blueprint.route("/office/rounds/<key:round_id>/form/standard", methods=["POST"])
@needs("design_form", round=load_round)
def standard(round: Round):
    return do(round, lambda: use_standard_form(round, by=signed_in(), now=now()), "The round has the standard form.")


@blueprint.route("/office/rounds/<key:round_id>/form/open", methods=["POST"])
@needs("design_form", round=load_round)
def thaw(round: Round):
    """Open the form of a round that was taken back to be changed."""
    if round.status != "draft":
        raise Problem("Take the round back before you change its form.")
    return do(round, lambda: form_design.thaw_form(round, by=signed_in(), now=now()), "You can change the form now.")


def do(round: Round, act, done: str, leads_to: str = ".form"):
    """One act on the form from a button, then the page it belongs to."""
    try:
        act()
    except Problem as problem:
        db.session.rollback()
        flash(problem.sentence, "error")
    else:
        db.session.commit()
        flash(done, "success")
    return redirect(url_for(leads_to, round_id=round.id))


class LimitForm(BaseForm):
    short_up_to = MoneyField("Up to how much?", description="Leave this empty for one form for all bids")


def limit_form(current) -> LimitForm | None:
    return current and LimitForm(formdata=None, data={"short_up_to": current.short_up_to_pence})


@blueprint.route("/office/rounds/<key:round_id>/form/short", methods=["POST"])
@needs("design_form", round=load_round)
def short_limit(round: Round):
    """Up to which sum a bid uses the short form."""
    current, form = newest_form(round), LimitForm()
    if current is None:
        raise NotYours()
    if not form.validate():
        flash(form.short_up_to.errors[0] if form.short_up_to.errors else "Enter pounds and pence", "error")
        return redirect(url_for(".form", round_id=round.id))
    pence = form.short_up_to.data
    done = "The short form is for bids up to that sum." if pence else "All bids use one form."
    return do(round, lambda: form_design.set_short_limit(current, pence, by=signed_in(), now=now()), done)
