"""The Easy Read page of a round, for everybody; and where an officer writes it."""

from flask import flash, redirect, render_template, request, url_for
from wtforms import SelectField

from fund.core.clock import now
from fund.core.database import db
from fund.core.forms import BaseForm, LongText
from fund.core.permissions import needs, public, signed_in
from fund.core.problems import Problem, Stale
from fund.rounds import load_round
from fund.tables import Round

from .. import easy_read as page_of
from ..question_types.base import options
from .loading import public_round
from .office_list import blueprint as office
from .public import blueprint

SPARE = 2  # empty lines at the end of the officer's form


@blueprint.route("/rounds/<key:round_id>/easy-read")
@public
def easy_read(round_id):
    """The round in short words and pictures, to read or to print."""
    round = public_round(round_id)
    return render_template(
        "applications/easy_read.html", round=round, partnership=round.fund.partnership, lines=page_of.lines_for(round),
        pictures=page_of.PICTURES, is_open=round.is_open(now()),
    )  # fmt: skip


def _form(lines: list[page_of.Line]):
    """One picture and one box of words for each line, and some spare ones."""
    many = min(len(lines) + SPARE, page_of.MOST_LINES)
    if request.method == "POST":
        many = min(sum(name.startswith("words_") for name in request.form), page_of.MOST_LINES)
    fields, data = {}, {}
    for place in range(1, many + 1):
        fields[f"picture_{place}"] = SelectField(
            f"Picture {place}", choices=options(page_of.PICTURES.items(), "Choose one"), validate_choice=False
        )
        fields[f"words_{place}"] = LongText(f"Line {place}", rows=3)
        if place <= len(lines):
            data |= {f"{name}_{place}": lines[place - 1][name] for name in ("picture", "words")}
    return type("EasyReadForm", (BaseForm,), fields)(data=data), many


@office.route("/office/rounds/<key:round_id>/easy-read", methods=["GET", "POST"])
@needs("design_form", round=load_round)
def write_easy_read(round: Round):
    """Write the page. ?draft=1 fills the form with what the round's facts say; nothing is kept before it is saved."""
    written = page_of.written_for(round)
    starts_again = written is None or "draft" in request.args
    form, many = _form(page_of.first_draft(round) if starts_again else written.lines)
    if request.method == "GET":
        form.version.data = str(written.version if written else 0)
    if form.validate_on_submit():
        lines = [
            {"picture": form[f"picture_{place}"].data or "", "words": form[f"words_{place}"].data or ""}
            for place in range(1, many + 1)
        ]
        try:
            page_of.write_easy_read(round, lines, form.seen_version, by=signed_in(), now=now())
        except Problem as problem:
            if problem.status != 400 and not isinstance(problem, Stale):
                raise
            db.session.rollback()
            form.refuse(problem)
        else:
            db.session.commit()
            flash("The Easy Read page is saved.", "success")
            return redirect(url_for(".write_easy_read", round_id=round.id))
    return render_template(
        "applications/office/easy_read.html", round=round, form=form, many=many, written=written, hints=page_of.hints_for,
        starts_again=starts_again,
    )  # fmt: skip
