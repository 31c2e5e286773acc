"""For decision makers: the list of a round by rank, proposing, and approving on a phone."""

from flask import current_app, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from applications.applications import load_application
from applications.tables import Application
from applications.workflow import APPLICATION
from awards import deciding, decisions, notices, other_grants
from awards.feedback import feedback_words
from awards.forms import DecisionForm, SendBackForm
from awards.offers import award_of
from awards.tables import Decision
from awards.tables.decisions import DECISION_KINDS
from awards.views.doing import done
from fund.core import files
from fund.core.clock import now
from fund.core.database import db
from fund.core.money import plain_pounds, pounds
from fund.core.navigation import audience_blueprint
from fund.core.pages import as_csv
from fund.core.pdf.as_html import as_html
from fund.core.pdf.document import draw
from fund.core.permissions import ask, may, needs, signed_in
from fund.core.problems import Problem
from fund.pot_shown import pot_shown
from fund.rounds import load_round
from fund.tables import Fund, Round

blueprint = audience_blueprint("decisions_office", __name__, "staff")

FITS = {"whole": "Fits whole", "part": "Fits in part", "no": "Does not fit", "": ""}
SORTS = {
    "place": lambda row: (row.place is None, row.place or 0),
    "reference": lambda row: row.reference,
    "organisation": lambda row: row.organisation.lower(),
    "asked": lambda row: row.asked,
    "amount": lambda row: row.amount or 0,
    "status": lambda row: APPLICATION.keys.index(row.status),
}


@blueprint.route("/office/decisions")
@needs("see_decisions")
def rounds():
    """The rounds of this person's partnerships, with what there is to decide."""
    fund = joinedload(Round.fund).joinedload(Fund.partnership)
    query = select(Round).where(Round.status != "draft").options(fund).order_by(Round.closes_at.desc())
    found = [each for each in db.session.scalars(query) if may(signed_in(), "see_decisions", each)]
    return render_template("awards/decision_rounds.html", rounds=found, counts=deciding.rounds_with_counts(found))


@blueprint.route("/office/rounds/<key:round_id>/decisions")
@needs("see_decisions", round=load_round)
def index(round: Round):
    pot = pot_shown(round)
    rows = deciding.rows_for(round, pot.room_pence if pot else 0)
    wanted = request.args.get("status", "")
    shown = [row for row in rows if wanted in ("", row.status) or (wanted == "waiting" and row.waiting)]
    sort = request.args.get("sort", "place")
    key = SORTS.get(sort.removeprefix("-"), SORTS["place"])
    shown.sort(key=key, reverse=sort.startswith("-"))
    if request.args.get("format") == "csv":
        return _export(round, shown)
    waiting = sum(row.amount or 0 for row in rows if row.waiting and row.kind == "offer")
    return render_template(
        "awards/decisions.html", round=round, rows=shown, all=rows, pot=pot, waiting_pence=waiting, sort=sort, kinds=DECISION_KINDS,
        fits=FITS, states={state.key: state for state in APPLICATION.states}, statuses=deciding.ON_THE_LIST,
        decides=may(signed_in(), "approve_decisions", round), direct=deciding.could_be_direct(round),
    )  # fmt: skip


def _export(round: Round, rows):
    headers = ("Rank", "Reference", "Title", "Organisation", "Asked", "Agreed total", "Status", "Decision", "Amount", "Waits for approval")  # fmt: skip
    lines = (
        (row.place, row.reference, row.title, row.organisation, plain_pounds(row.asked), row.total,
         APPLICATION.state(row.status).staff, DECISION_KINDS.get(row.kind or "", ""), plain_pounds(row.amount),
         "yes" if row.waiting else "")
        for row in rows
    )  # fmt: skip
    return as_csv(f"decisions-{round.prefix}", headers, lines)


@blueprint.route("/office/applications/<key:application_id>/decision", methods=["GET", "POST"])
@needs("propose_decision", application=load_application)
def propose(application: Application):
    """Propose to offer, reserve or reject, or change what was proposed."""
    standing = decisions.current_decision(application)
    form = DecisionForm(data=_first_values(application, standing))
    if application.status == decisions.DIRECT:
        form.kind.choices = form.kind.choices[:1]
    if form.validate_on_submit():
        answer = done(
            lambda: decisions.propose_decision(
                application, form.kind.data, reasons=form.reasons.data, amount_pence=form.amount.data,
                conditions=form.own_conditions(), direct_reason=form.direct_reason.data or "", by=signed_in(), now=now(),
            ),
            f"{application.reference} waits for a second decision maker.",
            url_for(".index", round_id=application.round_id),
            form,
        )  # fmt: skip
        if answer:
            return answer
    most, why = decisions.offer_limit(application)
    return render_template(
        "awards/propose.html", form=form, application=application, round=application.round, standing=standing, most=most, why=why,
        pot=pot_shown(application.round), feedback=feedback_words(application), history=decisions.decisions_about(application),
        can=application.status in (*decisions.TO_DECIDE, decisions.DIRECT), direct=application.status == decisions.DIRECT, kinds=DECISION_KINDS,
        others=_others(application),
    )  # fmt: skip


def _others(application: Application):
    """Double funding: what other funders gave the same organisation."""
    return other_grants.matches(application.organisation, application.round.fund.partnership_id)


def _first_values(application: Application, standing: Decision | None) -> dict:
    if standing is not None and standing.is_waiting:
        return {
            "kind": standing.kind, "amount": standing.amount_pence, "reasons": standing.reasons,
            "conditions": "\n".join(standing.conditions), "direct_reason": standing.direct_reason,
        }  # fmt: skip
    most, _why = decisions.offer_limit(application)
    return {"amount": most}


@blueprint.route("/office/decisions/<key:decision_id>")
@needs("see_decision", decision=decisions.load_decision)
def show(decision: Decision):
    """One decision, small enough for a phone: what it says, what changed, approve or send back."""
    return _page(decision, SendBackForm())


def _page(decision: Decision, form: SendBackForm):
    application = decision.application
    history = decisions.decisions_about(application)
    before = next((each for each in history if each.id < decision.id), None)
    answer = ask(signed_in(), "approve_decision", decision)
    return render_template(
        "awards/decision.html", decision=decision, application=application, round=application.round, form=form, before=before,
        changes=what_changed(before, decision) if before else [], kinds=DECISION_KINDS, pot=pot_shown(application.round),
        may_approve=bool(answer), refusal=getattr(answer, "reason", None), award=award_of(application),
        others=_others(application), latest=history[0] if history[0].id != decision.id else None,
    )  # fmt: skip


@blueprint.route("/office/decisions/<key:decision_id>/notice")
@needs("see_decision", decision=decisions.load_decision)
def notice(decision: Decision):
    """A draft for the commissioner's published log of decisions."""
    return render_template(
        "awards/notice.html", decision=decision, application=decision.application, round=decision.application.round,
        state=notices.state_of(decision), notice_html=as_html(notices.notice_of(decision, _site())),
    )  # fmt: skip


@blueprint.route("/office/decisions/<key:decision_id>/notice.pdf")
@needs("see_decision", decision=decisions.load_decision)
def notice_pdf(decision: Decision):
    content = draw(notices.notice_of(decision, _site()))
    return files.send(content, f"decision-notice-{decision.application.reference}.pdf", "application/pdf", inline=True)


def _site() -> str:
    return current_app.config["SETTINGS"].public_url.rstrip("/")


def what_changed(old: Decision, new: Decision) -> list[tuple[str, str, str]]:
    """(what, before, now) for each part of a decision that differs from the one before."""
    parts = [
        ("Decision", DECISION_KINDS[old.kind], DECISION_KINDS[new.kind]),
        ("Amount", pounds(old.amount_pence), pounds(new.amount_pence)),
        ("Why without competition", old.direct_reason or "", new.direct_reason or ""),
        ("Reasons", old.reasons, new.reasons),
        ("Conditions", "\n".join(old.conditions), "\n".join(new.conditions)),
    ]
    return [(what, before or "–", after or "–") for what, before, after in parts if before != after]


@blueprint.route("/office/decisions/<key:decision_id>/approve", methods=["POST"])
@needs("approve_decision", decision=decisions.load_decision)
def approve(decision: Decision):
    reference = decision.application.reference
    return done(
        lambda: decisions.approve_decision(decision, by=signed_in(), now=now()),
        f"Approved: {DECISION_KINDS[decision.kind].lower()} for {reference}. The applicant is told.",
        url_for(".show", decision_id=decision.id),
    )


@blueprint.route("/office/decisions/<key:decision_id>/send-back", methods=["POST"])
@needs("approve_decision", decision=decisions.load_decision)
def send_back(decision: Decision):
    form = SendBackForm()
    answer = form.validate_on_submit() and done(
        lambda: decisions.send_back(decision, form.why.data, by=signed_in(), now=now()),
        "Sent back. The proposer sees why.",
        url_for(".index", round_id=decision.application.round_id),
        form,
    )
    return answer or _page(decision, form)


@blueprint.route("/office/rounds/<key:round_id>/decisions/waiting", methods=["GET", "POST"])
@needs("approve_decisions", round=load_round)
def waiting(round: Round):
    """Everything that waits for this person's approval, together."""
    person = signed_in()
    rows = [(each, ask(person, "approve_decision", each)) for each in deciding.waiting_in(round)]
    if request.method == "POST":
        ticked = set(request.form.getlist("decision"))
        return _approve_all([each for each, answer in rows if answer and str(each.id) in ticked], round)
    return render_template(
        "awards/waiting.html", round=round, rows=rows, kinds=DECISION_KINDS, pot=pot_shown(round),
        total=sum(each.amount_pence or 0 for each, answer in rows if answer),
    )  # fmt: skip


def _approve_all(chosen: list[Decision], round: Round):
    """Each by itself: the failure of one does not stop the others, and says why."""
    approved = 0
    for decision in chosen:
        reference = decision.application.reference
        try:
            with db.session.begin_nested():
                decisions.approve_decision(decision, by=signed_in(), now=now())
            approved += 1
        except Problem as problem:
            flash(f"{reference}: {problem.sentence}", "error")
    db.session.commit()
    if approved:
        flash(f"{approved} approved. The applicants are told.", "success")
    elif not chosen:
        flash("Tick at least one decision.", "error")
    return redirect(url_for(".waiting", round_id=round.id))
