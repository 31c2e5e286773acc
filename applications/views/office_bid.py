"""For the fund's office: one bid as staff read it, its screening, more time, and reopening after a complaint."""

from datetime import date, datetime

from flask import flash, redirect, render_template, request, url_for

from fund.caps import registration_of
from fund.core.clock import london_moment, now
from fund.core.database import db
from fund.core.forms import BaseForm, DateField3, LongText, Required, Text
from fund.core.permissions import may, needs, signed_in
from fund.core.problems import Problem
from fund.plain_words import STANDING
from fund.strategies.legal_form import legal_form
from fund.views.round_forms import read_time

from .. import change_requests, screening
from ..applications import load_application
from ..caps import over_by
from ..deadlines import closing_for, extensions_of, grant_extension
from ..diligence.checks import early_findings
from ..documents import with_standing
from ..forms import form_of
from ..keyed import keyed_bid_of
from ..question_types import show as show_answer
from ..signals.answering import signals_of
from ..submission import submissions_of
from ..tables.packs import CAME_BY
from ..tables.screening import CHECK_ANSWERS
from ..tables.signals import SIGNAL_ANSWERS
from ..voices import notes_of
from ..workflow import APPLICATION, ENDED, OPEN_TO_APPLICANT
from .documents import send_document
from .office_list import blueprint
from .office_signals import readable


def _page(template: str, application, **context):
    return render_template(
        f"applications/office/{template}.html", application=application, round=application.round, **context
    )


def for_staff(application) -> dict:
    """What a bid that was sent has in common with others."""
    found = readable(signals_of(application)) if application.submitted_at else []
    return {"signals": found, "signal_answers": SIGNAL_ANSWERS, "early": []}


@blueprint.route("/office/applications/<key:application_id>")
@needs("read_applications", application=load_application)
def show(application):
    values, changed = change_requests.answers_with_changes(application)
    values = with_standing(application, values)
    standing, ended = registration_of(application.organisation), application.status in ENDED
    return _page(
        "show",
        application,
        state=APPLICATION.state(application.status),
        states=APPLICATION.state,
        legal_form=legal_form(application.organisation.legal_form),
        standing=STANDING[standing],
        is_to_check=not ended and standing == "to_check",
        over="" if ended else over_by(application),
        asked=form_of(application),
        values=values,
        show_answer=show_answer,
        changed=changed,
        notes=notes_of(application),
        history=APPLICATION.history(application),
        submissions=submissions_of(application),
        closes=closing_for(application),
        may_screen=may(signed_in(), "screen_application", application),
        is_draft=application.status in OPEN_TO_APPLICANT,
        keyed=keyed_bid_of(application),
        ways=CAME_BY,
        may_key=may(signed_in(), "key_in_bids", application),
        **for_staff(application),
    )


@blueprint.route("/office/applications/<key:application_id>/documents/<key:document_id>")
@needs("read_applications", application=load_application)
def document(application, document_id):
    return send_document(application, document_id)


class ReasonForm(BaseForm):
    reason = LongText("The reason, as the applicant will read it", [Required("Give a reason")])


@blueprint.route("/office/applications/<key:application_id>/screening", methods=["GET", "POST"])
@needs("screen_application", application=load_application)
def screen(application):
    """The machine's findings beside the officer's answers; saved together, checked one by one."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        errors = _save_checks(application)
        if not errors:
            db.session.commit()
            flash("Your answers are saved.", "success")
            return redirect(url_for(".screen", application_id=application.id))
        db.session.rollback()
    checks = screening.recorded_checks(application)
    return _page(
        "screen",
        application,
        checks=screening.checks_for(application),
        requests=change_requests.requests_of(application),
        asked_by_id=form_of(application).by_id,
        show_answer=show_answer,
        now=now(),
        findings=screening.machine_findings(application),
        recorded=checks,
        answers=CHECK_ANSWERS,
        typed=request.form if request.method == "POST" else {},
        errors=errors,
        form=ReasonForm(reason=screening.reason_from(checks)),
        is_open=application.status == "submitted",
        **for_staff(application) | {"early": early_findings(application, now()) if application.submitted_at else []},
    )


def _save_checks(application) -> dict[str, str]:
    found, errors = screening.machine_findings(application), {}
    for check in screening.checks_for(application):
        answer = request.form.get(check.key)
        if not answer:
            continue
        try:
            reason = request.form.get(f"{check.key}_reason")
            screening.record_check(
                application, check.key, answer, reason, by=signed_in(), now=now(), found=found[check.key]
            )
        except Problem as problem:
            if problem.status != 400:
                raise
            errors[check.key] = problem.sentence
    return errors


@blueprint.route("/office/applications/<key:application_id>/eligible", methods=["POST"])
@needs("screen_application", application=load_application)
def eligible(application):
    return _do(application, lambda: screening.find_eligible(application, by=signed_in(), now=now()), "It is eligible.")


@blueprint.route("/office/applications/<key:application_id>/ineligible", methods=["POST"])
@needs("screen_application", application=load_application)
def ineligible(application):
    reason = request.form.get("reason", "")[:5000]
    return _do(
        application,
        lambda: screening.find_ineligible(application, reason, by=signed_in(), now=now()),
        "It is not eligible. The applicant is told the reason, how to complain and where else to ask.",
    )


@blueprint.route("/office/applications/<key:application_id>/reopen", methods=["POST"])
@needs("screen_application", application=load_application)
def reopen(application):
    reason = request.form.get("reason", "")[:5000]
    return _do(
        application,
        lambda: screening.reopen_check(application, reason, by=signed_in(), now=now()),
        "It is open to be checked again.",
    )


def _do(application, act, done: str):
    try:
        act()
    except Problem as problem:
        if problem.status == 403:
            raise
        db.session.rollback()
        flash(problem.sentence, "error")
    else:
        db.session.commit()
        flash(done, "success")
    return redirect(url_for(".screen", application_id=application.id))


class MoreTimeForm(BaseForm):
    day = DateField3("Until which day?", [Required("Enter a day")])
    hour = Text("Until what time? (London)", description="Like 5pm or 9:30am", default="5pm")
    reason = LongText("Reason", [Required("Give a reason")])

    def until(self) -> datetime:
        return moment_of(self.day.data, self.hour.data)


def moment_of(day: date, hour: str) -> datetime:
    """The moment in UTC. Raises Problem for a time that is not one, or that the clock change doubles or drops."""
    try:
        at = read_time(hour)
    except ValueError:
        raise Problem("Enter a time, like 5pm or 9:30am", "hour") from None
    return london_moment(datetime.combine(day, at), field="hour")


@blueprint.route("/office/applications/<key:application_id>/more-time", methods=["GET", "POST"])
@needs("screen_application", application=load_application)
def more_time(application):
    form = MoreTimeForm()
    if form.validate_on_submit():
        try:
            grant_extension(application, form.until(), form.reason.data, by=signed_in(), now=now())
        except Problem as problem:
            db.session.rollback()
            form.refuse(Problem(problem.sentence, {"until": "day"}.get(problem.field or "", problem.field)))
        else:
            db.session.commit()
            flash("The applicant has more time and is told so.", "success")
            return redirect(url_for(".show", application_id=application.id))
    return _page(
        "more_time", application, form=form, extensions=extensions_of(application), closes=closing_for(application)
    )
