"""Inviting to a panel, and the pages behind an invitation's link: anybody may read and decline, one person may accept."""

from flask import flash, redirect, render_template, request, url_for

from fund.core.clock import now
from fund.core.database import db
from fund.core.permissions import needs, public, signed_in
from fund.core.problems import NotYours, Problem
from fund.tables import Round

from .. import invitation_lists
from .. import invitations as acts
from ..forms import AcceptSeatForm, DeclineSeatForm, InvitationForm, InviteListForm, TermsForm
from ..loading import load_round
from ..panels import panel_of
from ..tables import SeatInvitation
from ..tables.panels import SEAT_KINDS
from .assessing import blueprint as assessing
from .by_lists import take_list
from .office import blueprint as office
from .office import page
from .public import blueprint as open_to_all


@office.route("/office/rounds/<key:round_id>/panel/invitations", methods=["GET", "POST"])
@needs("run_panel", round=load_round)
def invitations(round: Round):
    """Who was asked, what they answered, and asking somebody else."""
    terms = request.form.get("do") == "terms"
    form = InvitationForm(request.form if request.method == "POST" and not terms else None)
    terms_form = TermsForm(request.form if terms else None, data={"terms": acts.terms_of(panel_of(round))})
    chosen = terms_form if terms else form
    if request.method == "POST" and chosen.validate():
        try:
            said = _invite(round, form) if not terms else _terms(round, terms_form)
        except Problem as problem:
            db.session.rollback()
            chosen.refuse(problem)
        else:
            db.session.commit()
            flash(said, "success")
            return redirect(url_for(".invitations", round_id=round.id))
    return page(
        "scoring/invitations.html", round, form=form, terms_form=terms_form, wrong=chosen, rows=acts.invitations_of(round),
        kinds=SEAT_KINDS, answers=acts.ANSWERS, reasons=acts.DECLINE_REASONS, now=now(), is_open=acts.is_open,
    )  # fmt: skip


def _invite(round: Round, form: InvitationForm) -> str:
    acts.invite(
        round, form.email.data, form.kind.data, form.label.data, perspective=form.perspective.data, by=signed_in(), now=now()
    )  # fmt: skip
    return f"{form.label.data} is invited. The link works for {acts.INVITED_FOR.days} days."


def _terms(round: Round, form: TermsForm) -> str:
    acts.set_terms(round, form.terms.data, by=signed_in(), now=now())
    return "The terms are saved."


@office.route("/office/rounds/<key:round_id>/panel/invitations/list", methods=["GET", "POST"])
@needs("run_panel", round=load_round)
def invite_by_list(round: Round):
    """A whole panel from a spreadsheet: shown first, and sent whole only when it is confirmed."""
    form = InviteListForm()
    found, sent = take_list(
        form,
        lambda text: invitation_lists.compare(round, text, now()),
        lambda text, seen: invitation_lists.invite_all(round, text, seen, by=signed_in(), now=now()),
    )
    if sent is not None:
        flash("1 person is invited." if sent == 1 else f"{sent} people are invited.", "success")
        return redirect(url_for(".invitations", round_id=round.id))
    return page("scoring/invite_list.html", round, form=form, found=found)


@office.route("/office/panel-invitations/<key:invitation_id>/withdraw", methods=["POST"])
@needs("run_panel", invitation=acts.load_invitation)
def withdraw_invitation(invitation: SeatInvitation):
    try:
        acts.withdraw(invitation, by=signed_in(), now=now())
        db.session.commit()
        flash("The invitation is taken back. Its link does not work any more.", "success")
    except Problem as problem:
        db.session.rollback()
        flash(problem.sentence, "error")
    return redirect(url_for(".invitations", round_id=invitation.panel.round_id))


@open_to_all.route("/panel-invitations/<word:token>", methods=["GET", "POST"])
@public
def invited(token: str):
    """What one is asked to do. Reading changes nothing; declining needs the link and a reason, no account."""
    invitation = acts.load_by_token(token)
    if invitation is None:
        raise NotYours()
    acts.check_open(invitation, now())
    form, round = DeclineSeatForm(), acts.round_of(invitation)
    if form.validate_on_submit():
        try:
            acts.decline(invitation, form.reason.data or "", form.words.data, by=None, now=now())
        except Problem as problem:
            db.session.rollback()
            form.refuse(problem)
        else:
            db.session.commit()
            return render_template("scoring/invited_declined.html", round=round, partnership=round.fund.partnership)
    return render_template(
        "scoring/invited.html", invitation=invitation, round=round, partnership=round.fund.partnership, form=form, token=token,
        seat=SEAT_KINDS[invitation.kind], terms=acts.terms_of(invitation.panel), person=signed_in(),
    )  # fmt: skip


@assessing.route("/panel-invitations/<word:invitation_id>/accept", methods=["GET", "POST"])
@needs("answer_invitation", invitation=acts.load_by_token)
def accept_invitation(invitation: SeatInvitation):
    """Terms, expertise and the most bids one can read; then the seat is theirs."""
    acts.check_open(invitation, now())
    form, round = AcceptSeatForm(), acts.round_of(invitation)
    if form.validate_on_submit():
        try:
            acts.accept(
                invitation, expertise=form.expertise.data, bids_limit=form.bids_limit.data, terms_read=form.terms.data,
                by=signed_in(), now=now(),
            )  # fmt: skip
        except Problem as problem:
            if problem.status in (403, 409):
                raise
            db.session.rollback()
            form.refuse(problem)
        else:
            db.session.commit()
            flash(f"Thank you. You sit on the panel of {round.title} now.", "success")
            return redirect(url_for(".index"))
    return render_template(
        "scoring/invited_accept.html", invitation=invitation, round=round, partnership=round.fund.partnership, form=form,
        seat=SEAT_KINDS[invitation.kind], terms=acts.terms_of(invitation.panel),
    )  # fmt: skip
