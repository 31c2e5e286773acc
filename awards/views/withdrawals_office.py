"""For grant managers and decision makers: the letter about a withdrawal, proposed by one and approved by another."""

from flask import render_template, url_for

from awards import offers, withdrawals
from awards.forms import WithdrawalNoteForm
from awards.letter_words import document_of
from awards.tables import Award
from awards.views.doing import done
from fund.core.clock import now
from fund.core.navigation import audience_blueprint
from fund.core.pdf.as_html import as_html
from fund.core.permissions import ask, may, needs, signed_in
from fund.core.problems import NotYours, WrongMoment

blueprint = audience_blueprint("withdrawals_office", __name__, "staff")


@blueprint.route("/office/awards/<key:award_id>/withdrawal-letter")
@needs("see_award", award=offers.load_award)
def show(award: Award):
    """The letter as it would be sent now, and whose turn it is."""
    if award.application.status != "withdrawn" or award.accepted_at is None:
        raise WrongMoment("This letter is for a grant that the group withdrew from after accepting it.")
    return _page(award, WithdrawalNoteForm())


@blueprint.route("/office/awards/<key:award_id>/withdrawal-letter", methods=["POST"])
@needs("manage_award", award=offers.load_award)
def propose(award: Award):
    form = WithdrawalNoteForm()
    act = lambda: withdrawals.propose_letter(award, form.note.data or "", by=signed_in(), now=now())  # noqa: E731
    said, to = "Proposed. A decision maker or head of fund approves it.", url_for(".show", award_id=award.id)
    return (form.validate_on_submit() and done(act, said, to, form)) or _page(award, form)


def _page(award: Award, form: WithdrawalNoteForm):
    proposal = withdrawals.proposal_of(award)
    answer = ask(signed_in(), "approve_withdrawal_letter", award) if proposal else None
    if proposal and not form.is_submitted():
        form.note.data = proposal.note
    facts = withdrawals.planned_letter(award, proposal.note if proposal else "", now=now())
    return render_template(
        "awards/withdrawal_letter.html", award=award, form=form, proposal=proposal, may_propose=may(signed_in(), "manage_award", award),
        may_approve=bool(answer), refusal=getattr(answer, "reason", None), letter_html=as_html(document_of(facts), top_level=2),
    )  # fmt: skip


@blueprint.route("/office/awards/<key:award_id>/withdrawal-letter/approve", methods=["POST"])
@needs("approve_withdrawal_letter", award=offers.load_award)
def approve(award: Award):
    proposal = withdrawals.proposal_of(award)
    if proposal is None:
        raise NotYours()
    act = lambda: withdrawals.approve_letter(proposal, by=signed_in(), now=now())  # noqa: E731
    return done(act, "The letter is sent.", url_for("awards_office.show", award_id=award.id))
