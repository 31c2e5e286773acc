"""For the fund's office: asking the applicant to change one answer while a bid is checked, and naming another lead."""

from datetime import datetime

from flask import flash, redirect, render_template, url_for
from wtforms import RadioField, SelectField

from fund.core.clock import now
from fund.core.database import db
from fund.core.forms import BaseForm, DateField3, LongText, Required, Text
from fund.core.permissions import needs, signed_in
from fund.core.problems import NotYours, Problem

from .. import change_requests, collaborators
from ..applications import load_application
from ..forms import form_of
from ..question_types.base import options
from ..tables import ChangeRequest
from .office_bid import moment_of
from .office_list import blueprint


class AskChangeForm(BaseForm):
    question = SelectField("Which answer?", [Required("Choose a question")], validate_choice=False)
    sentence = LongText("What should they change?", [Required("Say what should be changed")], rows=4, description="They read this sentence. Aim for short words.")  # fmt: skip
    day = DateField3("Until which day?", [Required("Enter a day")])
    hour = Text("Until what time? (London)", description="Like 5pm or 9:30am", default="5pm")

    def due_at(self) -> datetime:
        return moment_of(self.day.data, self.hour.data)


@blueprint.route("/office/applications/<key:application_id>/changes/new", methods=["GET", "POST"])
@needs("screen_application", application=load_application)
def ask_change(application):
    form = AskChangeForm()
    asked = change_requests.askable(form_of(application))
    form.question.choices = options(((each.key, each.text) for each in asked), "Choose a question")
    if form.validate_on_submit():
        try:
            change_requests.ask_change(
                application, form.question.data or "", form.sentence.data, form.due_at(), by=signed_in(), now=now()
            )
        except Problem as problem:
            db.session.rollback()
            form.refuse(problem)
        else:
            db.session.commit()
            flash("The applicant is asked to change this answer.", "success")
            return redirect(url_for(".screen", application_id=application.id))
    return render_template("applications/office/ask_change.html", application=application, round=application.round, form=form)  # fmt: skip


@blueprint.route("/office/applications/<key:application_id>/changes/<key:request_id>/cancel", methods=["POST"])
@needs("screen_application", application=load_application)
def cancel_change(application, request_id):
    row = db.session.get(ChangeRequest, request_id)
    if row is None or row.application_id != application.id:
        raise NotYours()
    try:
        change_requests.cancel_change(row, application, by=signed_in(), now=now())
    except Problem as problem:
        db.session.rollback()
        flash(problem.sentence, "error")
    else:
        db.session.commit()
        flash("The request is taken back. The answer stays as it was sent.", "success")
    return redirect(url_for(".screen", application_id=application.id))


class NewLeadForm(BaseForm):
    person = RadioField("Who leads it from now on?", validate_choice=False)


@blueprint.route("/office/applications/<key:application_id>/new-lead", methods=["GET", "POST"])
@needs("screen_application", application=load_application)
def new_lead(application):
    """Another lead for a bid whose lead has gone: a colleague on the bid, or another member of the organisation."""
    on_it = [person for row, person in collaborators.collaborators_of(application) if row.role != "lead"]
    people = {str(person.id): person for person in [*on_it, *collaborators.colleagues_not_on(application)]}
    form = NewLeadForm()
    form.person.choices = options((key, f"{person.name}, {person.email}") for key, person in people.items())
    if form.validate_on_submit():
        try:
            chosen = people.get(form.person.data or "")
            if chosen is None:
                raise Problem("Choose who leads it from now on", "person")
            if chosen not in on_it:
                collaborators.add_collaborator(application, chosen, "editor", by=signed_in(), now=now())
            collaborators.hand_over(application, chosen, "viewer", by=signed_in(), now=now())
        except Problem as problem:
            db.session.rollback()
            form.refuse(problem)
        else:
            db.session.commit()
            flash(f"{chosen.name} leads this bid now.", "success")
            return redirect(url_for(".show", application_id=application.id))
    return render_template(
        "applications/office/new_lead.html",
        application=application,
        round=application.round,
        form=form,
        has_some=bool(people),
    )
