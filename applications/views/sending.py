"""For applicants: check your answers, declare, send, the receipt; take the bid back or withdraw it."""

from flask import flash, redirect, render_template, url_for
from wtforms import BooleanField

from fund.core import files
from fund.core.clock import now
from fund.core.database import db
from fund.core.forms import BaseForm, LongText, Required, Text
from fund.core.pdf.document import draw
from fund.core.permissions import may, needs, signed_in
from fund.core.problems import NotYours, Problem
from fund.identifiers import schemes
from fund.strategies.legal_form import legal_form

from .. import submission
from ..answers import values_of
from ..applications import is_lead_of, leads_of, load_application, load_with_voices
from ..caps import room_for
from ..completeness import UNANSWERED, facts_for, find_gaps
from ..deadlines import closing_for, late_sentence
from ..documents import with_standing
from ..forms import form_of
from ..keyed import keyed_bid_of
from ..question_types import show
from ..receipts import receipt_document
from ..screening import complaint_until
from ..tables.packs import CAME_BY
from ..voices import notes_of
from ..workflow import APPLICATION, AWARDED, OPEN_TO_APPLICANT
from .drafts import blueprint


def _not_ready(application, values) -> list[tuple[str, str]]:
    """(sentence, question key) of everything that stops the bid, the cap included."""
    found = [
        (gap.question.text if gap.sentence == UNANSWERED else f"{gap.question.text} {gap.sentence}", gap.question.key)
        for gap in find_gaps(form_of(application), facts_for(application, values))
    ]
    room = room_for(application, values.get("asked"))
    return [*found, (room.sentence, "asked")] if room.is_over else found


@blueprint.route("/applications/<key:application_id>/check")
@needs("read_application", application=load_with_voices)
def check(application):
    values = with_standing(application, values_of(application))
    is_draft = application.status in OPEN_TO_APPLICANT
    return render_template(
        "applications/check.html",
        application=application,
        partnership=application.round.fund.partnership,
        asked=form_of(application),
        values=values,
        show=show,
        notes=notes_of(application),
        is_draft=is_draft,
        legal_form=legal_form(application.organisation.legal_form),
        schemes=schemes(),
        gaps=_not_ready(application, values) if is_draft else [],
        gap_of={
            gap.question.key: gap.sentence for gap in find_gaps(form_of(application), facts_for(application, values))
        }
        if is_draft
        else {},
        may_write=is_draft and may(signed_in(), "write_application", application),
        may_send=may(signed_in(), "send_application", application),
    )


@blueprint.route("/applications/<key:application_id>/print")
@needs("read_application", application=load_with_voices)
def print_view(application):
    """The whole bid on one page, for paper."""
    return render_template(
        "applications/print.html", application=application, partnership=application.round.fund.partnership,
        asked=form_of(application), values=with_standing(application, values_of(application)), show=show,
        notes=notes_of(application), sent=submission.latest_submission(application),
    )  # fmt: skip


class DeclarationForm(BaseForm):
    declared_name = Text("Your full name", [Required("Enter your name")])
    declared_role = Text(
        "Your role in the organisation",
        [Required("Enter your role in the organisation")],
        description="For example chair, treasurer or manager",
    )
    agreed = BooleanField(
        "I may send this bid for the organisation, and what it says is true as far as I know",
        [Required("Tick the box to say that the bid is true and that you may send it")],
    )


@blueprint.route("/applications/<key:application_id>/send", methods=["GET", "POST"])
@needs("send_application", application=load_application)
def send(application):
    if application.status not in OPEN_TO_APPLICANT:
        return redirect(url_for(".receipt", application_id=application.id))
    form = _declaration(application)
    if form.validate_on_submit():
        try:
            submission.submit_application(
                application, form.declared_name.data, form.declared_role.data, by=signed_in(), now=now()
            )
        except Problem as problem:
            db.session.rollback()
            if application.status not in OPEN_TO_APPLICANT:  # the button was pressed twice, and the first press sent it
                return redirect(url_for(".receipt", application_id=application.id))
            form.refuse(problem)
        else:
            db.session.commit()
            return redirect(url_for(".receipt", application_id=application.id))
    return render_template(
        "applications/send.html",
        form=form,
        application=application,
        partnership=application.round.fund.partnership,
        closes=closing_for(application),
        late=late_sentence(application) if now() >= closing_for(application) else None,
    )


def _declaration(application) -> DeclarationForm:
    """The declaration: of the lead, or of the officer who keys in what somebody else has signed or said."""
    if is_lead_of(signed_in(), application):
        return DeclarationForm(declared_name=signed_in().name)
    form = DeclarationForm(declared_name=next((person.name for person in leads_of(application)), ""))
    form.declared_name.label.text, form.declared_role.label.text = "Who signed it, or said so on the telephone", "Their role in the organisation"  # fmt: skip
    form.agreed.label.text = "This person may send the bid for the organisation, and I keyed in what they gave us"
    return form


@blueprint.route("/applications/<key:application_id>/receipt")
@needs("read_application", application=load_application)
def receipt(application):
    return render_template(
        "applications/receipt.html",
        application=application,
        partnership=application.round.fund.partnership,
        sent=_sent(application),
        keyed=keyed_bid_of(application),
        ways=CAME_BY,
    )


@blueprint.route("/applications/<key:application_id>/receipt/pdf")
@needs("read_application", application=load_application)
def receipt_pdf(application):
    """The receipt to keep: the same bytes whenever it is asked for."""
    content = draw(receipt_document(application, _sent(application)))
    return files.send(content, f"{application.reference}-receipt.pdf", "application/pdf", inline=True)


def _sent(application):
    """What was sent last, unless it was taken back since."""
    sent = submission.latest_submission(application)
    if sent is None or sent.taken_back_at is not None:
        raise NotYours()
    return sent


@blueprint.route("/applications/<key:application_id>/not-eligible")
@needs("read_application", application=load_application)
def not_eligible(application):
    """The letter of a bid that was found ineligible, as a page: the reason, how to complain, and where else to ask."""
    told = next((row for row in reversed(APPLICATION.history(application)) if row.new == "ineligible"), None)
    if application.status != "ineligible" or told is None:
        raise NotYours()
    return render_template(
        "applications/not_eligible.html", application=application, partnership=application.round.fund.partnership,
        reason=told.reason, told_at=told.at, complain_by=complaint_until(told.at), elsewhere=application.form.elsewhere,
    )  # fmt: skip


@blueprint.route("/applications/<key:application_id>/take-back", methods=["POST"])
@needs("lead_application", application=load_application)
def take_back(application):
    try:
        submission.take_back(application, by=signed_in(), now=now())
    except Problem as problem:
        db.session.rollback()
        flash(problem.sentence, "error")
    else:
        db.session.commit()
        flash("Your bid is a draft again. Send it again before the round closes.", "success")
    return redirect(url_for(".show", application_id=application.id))


class WithdrawForm(BaseForm):
    reason = LongText("Why do you withdraw it?", description="A few words are enough.")


@blueprint.route("/applications/<key:application_id>/withdraw", methods=["GET", "POST"])
@needs("lead_application", application=load_application)
def withdraw(application):
    if APPLICATION.find("withdraw", application.status) is None:
        return redirect(url_for(".show", application_id=application.id))
    form = WithdrawForm()
    if application.status in OPEN_TO_APPLICANT:
        form.reason.label.text = "Why do you withdraw it? (optional)"
    if form.validate_on_submit():
        try:
            submission.withdraw(application, form.reason.data, by=signed_in(), now=now())
        except Problem as problem:
            db.session.rollback()
            if APPLICATION.find("withdraw", application.status) is None:  # pressed twice
                return redirect(url_for(".show", application_id=application.id))
            form.refuse(problem)
        else:
            db.session.commit()
            flash("Your bid is withdrawn.", "success")
            return redirect(url_for(".show", application_id=application.id))
    return render_template(
        "applications/withdraw.html", form=form, application=application, partnership=application.round.fund.partnership,
        is_draft=application.status in OPEN_TO_APPLICANT, is_grant=application.status in AWARDED,
        may_take_back=application.status == "submitted" and now() < closing_for(application),
    )  # fmt: skip
