"""For applicants: their bids, starting one, the task list or the status page, and working together."""

import secrets

from flask import flash, redirect, render_template, request, session, url_for
from wtforms import RadioField

from fund import hooks
from fund.caps import registration_of
from fund.core.clock import now, speak_since, speak_until, today
from fund.core.database import db
from fund.core.forms import BaseForm, Email, Text
from fund.core.navigation import add_item, audience_blueprint
from fund.core.pages import page_from, sort_from
from fund.core.permissions import may, needs, signed_in
from fund.core.problems import NotYours, Problem, WrongMoment
from fund.members import organisations_of
from fund.rounds import load_round
from fund.tables import Person

from .. import collaborators, copying
from ..answers import answers_of
from ..applications import (
    TooManyBids,
    applications_for,
    is_lead_of,
    load_application,
    load_with_voices,
    role_of,
    start_application,
)
from ..caps import over_by, room_for
from ..change_requests import asked_for, open_requests
from ..completeness import facts_for, section_states
from ..deadlines import closing_for
from ..forms import form_of
from ..keyed import keyed_bid_of
from ..question_types.base import options
from ..tables import AnswerChange, Collaborator, Question
from ..tables.applications import COLLABORATOR_ROLES
from ..tables.packs import CAME_BY
from ..tracks import track_sentence
from ..workflow import APPLICATION, AWARDED, ENDED, OPEN_TO_APPLICANT

blueprint = audience_blueprint("applications_applicant", __name__, "applicant")
add_item("Your bids", "applications_applicant.index", "applicant", "grantee", rule="start_application", order=10)

STATE_WORDS = {
    "done": ("Done", "green"),
    "started": ("Started", "blue"),
    "not_started": ("Not started", "grey"),
    "optional": ("Optional", "grey"),
}


@blueprint.route("/applications")
@needs("start_application")
def index():
    bids = applications_for(signed_in())
    return render_template(
        "applications/index.html", bids=bids, state=APPLICATION.state, asked=asked_for(bids), now=now()
    )


LOG_SORTS = {"when": AnswerChange.saved_at, "question": Question.text, "who": Person.name}


class StartForm(BaseForm):
    organisation = RadioField("Which organisation is this bid for?", validate_choice=False)


@blueprint.route("/rounds/<key:round_id>/apply", methods=["GET", "POST"])
@needs("start_application", round=load_round)
def start(round):
    if not round.is_public():
        raise NotYours()
    organisations = {str(row.id): row for row in organisations_of(signed_in())}
    form = StartForm(organisation=next(iter(organisations)) if len(organisations) == 1 else None)
    form.organisation.choices = options((key, row.name) for key, row in organisations.items())
    if form.validate_on_submit():
        chosen = organisations.get(form.organisation.data or "")
        if chosen is None:
            form.refuse(Problem("Choose an organisation", "organisation" if organisations else None))
        else:
            return _start(round, chosen, form)
    if not organisations:  # the page of the organisation that is added next leads back here
        session["carry_on"] = url_for(".start", round_id=round.id)
    return render_template(
        "applications/start.html", form=form, round=round, partnership=round.fund.partnership, has_some=bool(organisations),
        once=secrets.token_urlsafe(16), is_open=round.is_open(now()), is_over=now() >= round.closes_at,
    )  # fmt: skip


def _start(round, organisation, form):
    try:
        application = start_application(
            round, organisation, by=signed_in(), now=now(), once=request.form.get("once") or None
        )
    except TooManyBids as problem:
        db.session.rollback()
        mine = next((row for row in applications_for(signed_in()) if row.id in problem.existing), None)
        if mine is None:
            flash(f"{problem.sentence} Ask a colleague to let you work on it.")
            return redirect(url_for(".index"))
        flash(problem.sentence)
        return redirect(url_for(".show", application_id=mine.id))
    db.session.commit()
    session.pop("carry_on", None)
    return redirect(url_for(".show", application_id=application.id))


@blueprint.route("/applications/<key:application_id>")
@needs("read_application", application=load_with_voices)
def show(application):
    """The task list of a draft; of a sent bid, where it stands."""
    if application.status in OPEN_TO_APPLICANT:
        return _task_list(application)
    ended = application.status in ENDED
    return render_template(
        "applications/status.html",
        application=application,
        partnership=application.round.fund.partnership,
        state=APPLICATION.state(application.status),
        states=APPLICATION.state,
        history=APPLICATION.history(application),
        is_lead=is_lead_of(signed_in(), application),
        may_take_back=application.status == "submitted" and now() < closing_for(application),
        may_withdraw=APPLICATION.find("withdraw", application.status) is not None,
        open_requests=open_requests(application),
        may_write=bool(may(signed_in(), "write_application", application)),
        now=now(),
        today=today(now()),
        over="" if ended or application.status in AWARDED else over_by(application),
        is_to_check=not ended and registration_of(application.organisation) == "to_check",
        letters=[each for answer in hooks.letters_about.ask(application) for each in answer],
    )


def _task_list(application):
    rows = answers_of(application)
    values = form_of(application).visible({key: row.value for key, row in rows.items() if row.value is not None})
    room = room_for(application, application.requested_pence)
    stopped = ("asked",) if room.is_over else ()
    states = section_states(form_of(application), facts_for(application, values), stopped)
    saved = max((row.saved_at for row in rows.values()), default=None)
    return render_template(
        "applications/task_list.html",
        application=application,
        partnership=application.round.fund.partnership,
        states=states,
        state_words=STATE_WORDS,
        done=sum(each.state == "done" for each in states),
        room=room,
        parts=sum(each.state != "optional" for each in states),
        saved=speak_since(saved, now()) if saved else "",
        role=role_of(signed_in(), application),
        corrected=application.form.number > 1 and application.form.frozen_at > application.created_at,
        track=track_sentence(application, room.cap.most_pence),
        may_write=may(signed_in(), "write_application", application),
        left=speak_until(closing_for(application), now()),
        closes=closing_for(application),
        is_late=now() >= closing_for(application),
        earlier=None if rows else copying.last_bid(application, signed_in()),
        keyed=keyed_bid_of(application),
        ways=CAME_BY,
    )


@blueprint.route("/applications/<key:application_id>/copy", methods=["POST"])
@needs("write_application", application=load_application)
def copy_last(application):
    """Start from the answers of one's own last bid."""
    source = copying.last_bid(application, signed_in())
    if source is None:
        raise NotYours()
    try:
        copied = copying.copy_answers(application, source, by=signed_in(), now=now())
    except Problem as problem:
        db.session.rollback()
        flash(problem.sentence, "error")
    else:
        db.session.commit()
        flash(f"{copied} answers are copied. Read each of them: they must fit this round.", "success")
    return redirect(url_for(".show", application_id=application.id))


ROLE_WORDS = {
    "lead": "Lead: writes, sends, withdraws",
    "editor": "Editor: writes",
    "budget": "Money only: reads everything, writes the questions about money",
    "viewer": "Viewer: reads",
}


class InviteForm(BaseForm):
    email = Email("Email address")
    name = Text("Name", description="Only if they are new here")
    role = RadioField("What may they do?", choices=options(ROLE_WORDS.items()), default="editor", validate_choice=False)


@blueprint.route("/applications/<key:application_id>/colleagues", methods=["GET", "POST"])
@needs("lead_application", application=load_application)
def colleagues(application):
    form = InviteForm()
    if form.validate_on_submit():
        try:
            if not form.email.data:
                raise Problem("Enter an email address", "email")
            collaborators.invite(
                application, form.email.data, form.name.data, form.role.data or "", by=signed_in(), now=now()
            )
        except Problem as problem:
            db.session.rollback()
            form.refuse(problem)
        else:
            db.session.commit()
            flash("We have sent them an email.", "success")
            return redirect(url_for(".colleagues", application_id=application.id))
    return render_template(
        "applications/colleagues.html", form=form, application=application, partnership=application.round.fund.partnership,
        people=collaborators.collaborators_of(application), others=collaborators.colleagues_not_on(application), roles=COLLABORATOR_ROLES,
    )  # fmt: skip


class HandOverForm(BaseForm):
    person = RadioField("Who leads it from now on?", validate_choice=False)
    stay = RadioField(
        "And you?", default="editor", validate_choice=False,
        choices=options([("editor", "I go on writing"), ("viewer", "I only read"), ("leave", "I leave this bid")]),
    )  # fmt: skip


@blueprint.route("/applications/<key:application_id>/colleagues/hand-over", methods=["GET", "POST"])
@needs("lead_application", application=load_application)
def hand_over(application):
    """Another lead for a bid whose lead goes; nothing written changes."""
    people = {
        str(person.id): person for row, person in collaborators.collaborators_of(application) if row.role != "lead"
    }
    form = HandOverForm()
    form.person.choices = options((key, person.name) for key, person in people.items())
    if form.validate_on_submit():
        after = None if form.stay.data == "leave" else form.stay.data
        try:
            chosen = people.get(form.person.data or "")
            if chosen is None:
                raise Problem("Choose who leads it from now on", "person")
            collaborators.hand_over(application, chosen, after, by=signed_in(), now=now())
        except Problem as problem:
            db.session.rollback()
            if not is_lead_of(signed_in(), application):  # pressed twice, and the first press handed it over
                return redirect(url_for(".index"))
            form.refuse(problem)
        else:
            db.session.commit()
            flash(f"{chosen.name} leads this bid now and is told so.", "success")
            return redirect(url_for(".show", application_id=application.id) if after else url_for(".index"))
    return render_template(
        "applications/hand_over.html", form=form, application=application, partnership=application.round.fund.partnership,
        has_some=bool(people),
    )  # fmt: skip


@blueprint.route("/applications/<key:application_id>/who-changed-what")
@needs("read_application", application=load_application)
def who_changed_what(application):
    """Every saved change of every answer: who, what, when; each leads to the words of that answer."""
    page = page_from(
        sort_from(LOG_SORTS, "-when").apply(collaborators.changes_by_whom(application), AnswerChange.id.desc())
    )
    return render_template(
        "applications/who_changed_what.html", application=application, partnership=application.round.fund.partnership, page=page,
        asked=form_of(application).by_key,
        sort=request.args.get("sort", "-when"),
    )  # fmt: skip


@blueprint.route("/applications/<key:application_id>/colleagues/<key:collaborator_id>/remove", methods=["POST"])
@needs("lead_application", application=load_application)
def remove_colleague(application, collaborator_id):
    row = db.session.get(Collaborator, collaborator_id)
    if row is None or row.application_id != application.id or row.removed_at is not None:
        raise NotYours()
    try:
        collaborators.remove_collaborator(application, row, by=signed_in(), now=now())
    except (Problem, WrongMoment) as problem:
        db.session.rollback()
        flash(problem.sentence, "error")
    else:
        db.session.commit()
        flash("They can no longer see this bid.", "success")
    return redirect(url_for(".colleagues", application_id=application.id))
