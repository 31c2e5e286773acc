"""For the fund's office: the due-diligence pack of a bid as a page, what an officer says of each check, and the kept PDFs."""

from flask import flash, redirect, render_template, url_for
from wtforms import RadioField

from fund.core import files
from fund.core.clock import now
from fund.core.database import db
from fund.core.forms import BaseForm, LongText, Required
from fund.core.permissions import may, needs, require, signed_in
from fund.core.problems import Forbidden, NotYours, Problem

from ..applications import load_application
from ..diligence import keeping, looking
from ..question_types.base import options
from ..tables.diligence import LOOKS
from .office_list import blueprint

SHORT = {"fine": "Fine", "not_fine": "Not fine"}


class LookForm(BaseForm):
    answer = RadioField("You looked at it. Is it fine?", choices=options(SHORT.items()), validate_choice=False)
    reason = LongText(
        "Because",
        [Required("Say what you looked at and what you saw")],
        description="For example the page of the register and its date, or whom you asked.",
        rows=4,
    )


@blueprint.route("/office/applications/<key:application_id>/due-diligence")
@needs("read_applications", application=load_application)
def diligence(application):
    """Every check with what the system knows, what an officer said, and what is still open."""
    person = signed_in()
    sheet = looking.sheet_of(application, now(), person)
    return render_template(
        "applications/office/diligence.html",
        application=application,
        round=application.round,
        lines=sheet.lines,
        left=looking.open_count(sheet.lines),
        packs=sheet.packs,
        may_look=may(person, "screen_application", application) and application.submitted_at is not None,
    )


@blueprint.route("/office/applications/<key:application_id>/due-diligence/<word:key>", methods=["GET", "POST"])
@needs("screen_application", application=load_application)
def look(application, key):
    """One check: what the system knows, and a place to say what an officer found."""
    line = next((each for each in looking.lines_of(application, now(), signed_in()) if each.check.key == key), None)
    if line is None:
        raise NotYours()
    if line.is_kept:
        raise Forbidden("This check tells of a bid that you are recused from. Somebody else has to look.")
    form = LookForm()
    if form.validate_on_submit():
        try:
            looking.record_look(application, key, form.answer.data or "", form.reason.data, by=signed_in(), now=now())
        except Problem as problem:
            if problem.status in (403, 409):
                raise
            db.session.rollback()
            form.refuse(problem)
        else:
            db.session.commit()
            flash(f"{line.check.title}: your answer is kept.", "success")
            return redirect(url_for(".diligence", application_id=application.id))
    return render_template(
        "applications/office/diligence_look.html",
        application=application,
        round=application.round,
        line=line,
        form=form,
        looks=LOOKS,
    )


@blueprint.route("/office/applications/<key:application_id>/due-diligence/packs", methods=["POST"])
@needs("read_applications", application=load_application)
def keep_diligence(application):
    """Keep the pack as it is now as a PDF."""
    require(signed_in(), "screen_application", application)
    keeping.keep_pack(application, by=signed_in(), now=now())
    db.session.commit()
    flash("The PDF is kept. It says how things stood at this moment.", "success")
    return redirect(url_for(".diligence", application_id=application.id))


@blueprint.route("/office/applications/<key:application_id>/due-diligence/packs/<key:kept_id>")
@needs("read_applications", application=load_application)
def kept_diligence(application, kept_id):
    """One pack as it was kept: the same bytes every time."""
    pack = keeping.pack_of(application, kept_id, signed_in())
    if pack is None:
        raise NotYours()
    return files.send(files.read(pack.file), pack.file.name, "application/pdf", inline=True)
