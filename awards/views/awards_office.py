"""For staff: the awards of a partnership and one award with everything that belongs to it."""

from flask import render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from applications.tables import Application
from applications.workflow import APPLICATION
from awards import bank, conditions, delivery, money, offers, tranches, unspent
from awards.account_check import UNUSUAL
from awards.award_file import file_of
from awards.forms import AskBackForm, BankCheckForm, EndForm, EvidenceForm, KeepForm
from awards.schedule import last_day
from awards.shared_accounts import Shared
from awards.tables import Award, BankDetail, Condition, Recovery
from awards.tables.letters import LETTER_KINDS
from awards.views.doing import done
from fund.core.clock import now
from fund.core.database import db
from fund.core.money import plain_pounds
from fund.core.navigation import audience_blueprint
from fund.core.pages import as_csv, page_from, sort_from
from fund.core.permissions import may, needs, signed_in
from fund.core.problems import Forbidden
from fund.roles import is_staff
from fund.tables import Fund, Organisation, Round

blueprint = audience_blueprint("awards_office", __name__, "staff")
AWARD_STATES = ("offered", "accepted", "declined", "lapsed", "in_delivery", "closed", "terminated", "withdrawn")


def load_recovery(key: int) -> Recovery | None:
    return db.session.get(Recovery, key)


def my_rounds(sees=is_staff) -> list[Round]:
    """The rounds that this person may see, the latest first."""
    fund = joinedload(Round.fund).joinedload(Fund.partnership)
    rounds = db.session.scalars(select(Round).options(fund).order_by(Round.closes_at.desc()))
    return [each for each in rounds if sees(signed_in(), each)]


@blueprint.route("/office/awards")
@needs("see_award")
def index():
    rounds = my_rounds()
    columns = {
        "reference": Award.reference, "organisation": Organisation.name, "status": Application.status,
        "offered": Award.offered_pence, "committed": Award.committed_pence, "paid": Award.paid_pence, "made": Award.offered_at,
    }  # fmt: skip
    sort = sort_from(columns, "-made")
    query = sort.apply(_filtered(_rows([round.id for round in rounds])), Award.id)
    if request.args.get("format") == "csv":
        return _export(query)
    return render_template(
        "awards/awards.html", page=page_from(query), sort=sort, rounds=rounds, states={s.key: s for s in APPLICATION.states},
        statuses=AWARD_STATES,
    )  # fmt: skip


def _rows(rounds: list[int]):
    return (
        select(
            Award.id, Award.reference, Organisation.name.label("organisation"), Application.title, Application.status,
            Award.offered_pence, Award.committed_pence, Award.paid_pence, Award.recovered_pence, Award.offered_at,
        )
        .join(Application, Application.id == Award.application_id)
        .join(Organisation, Organisation.id == Award.organisation_id)
        .where(Award.round_id.in_(rounds))
    )  # fmt: skip


def _filtered(query):
    if request.args.get("status") in AWARD_STATES:
        query = query.where(Application.status == request.args["status"])
    if (key := request.args.get("round", "")).isdigit() and len(key) < 10:
        query = query.where(Award.round_id == int(key))
    if words := request.args.get("q", "").strip()[:100]:
        query = query.where(Organisation.name.icontains(words, autoescape=True) | Award.reference.icontains(words, autoescape=True))  # fmt: skip
    return query


def _export(query):
    headers = (
        "Reference",
        "Organisation",
        "Title",
        "Status",
        "Offered",
        "Committed",
        "Paid",
        "Recovered",
        "Offered on",
    )
    lines = (
        (row.reference, row.organisation, row.title, APPLICATION.state(row.status).staff, plain_pounds(row.offered_pence),
         plain_pounds(row.committed_pence), plain_pounds(row.paid_pence), plain_pounds(row.recovered_pence),
         row.offered_at.date().isoformat())
        for row in db.session.execute(query)
    )  # fmt: skip
    return as_csv("awards", headers, lines)


@blueprint.route("/office/awards/<key:award_id>")
@needs("see_award", award=offers.load_award)
def show(award: Award):
    return _page(award)


def _page(award: Award, **forms):
    person, found = signed_in(), file_of(award, now())
    detail = found.detail
    given = {"check_form": BankCheckForm(), "evidence_form": EvidenceForm(), "open_condition": None} | forms
    return render_template(
        "awards/award.html", award=award, application=award.application, round=award.round, titles=LETTER_KINDS, last_day=last_day,
        state=APPLICATION.state(award.application.status), states=APPLICATION.state, gate_words=tranches.gate_words,
        tranche_states={s.key: s for s in tranches.STATES}, moves=_moves(award), unusual=UNUSUAL,
        sees_account=may(person, "see_payments", award), reads_signal=_reads_signal(found.shared),
        may_check=detail is not None and may(person, "check_bank", detail), may_confirm=detail is not None and may(person, "confirm_bank", detail),
        may_manage=may(person, "manage_award", award), may_receive=may(person, "receive_recovery", award),
        **vars(found), **given,
    )  # fmt: skip


def _reads_signal(shared: Shared | None) -> bool:
    """Whether the page leads to the signal about a shared account: some staff read the bids of one round only."""
    return bool(shared and shared.signal and all(may(signed_in(), "read_applications", each) for each in (shared.signal.application, shared.signal.other)))  # fmt: skip


def _moves(award: Award) -> list[str]:
    """Which of the page's buttons are drawn."""
    moves = APPLICATION.moves_for(signed_in(), award.application, "start_delivery", "close", "terminate")
    return [move.action for move in moves]


@blueprint.route("/office/awards/<key:award_id>/start", methods=["POST"])
@needs("manage_award", award=offers.load_award)
def start(award: Award):
    act = lambda: delivery.start_delivery(award, by=signed_in(), now=now())  # noqa: E731
    return done(act, "Delivery has started. The grantee is told.", url_for(".show", award_id=award.id))


@blueprint.route("/office/awards/<key:award_id>/close", methods=["POST"])
@needs("manage_award", award=offers.load_award)
def close(award: Award):
    act = lambda: delivery.close_award(award, by=signed_in(), now=now())  # noqa: E731
    return done(act, "The award is closed.", url_for(".show", award_id=award.id))


@blueprint.route("/office/awards/<key:award_id>/unspent", methods=["GET", "POST"])
@needs("see_award", award=offers.load_award)
def unspent_money(award: Award):
    """What was paid and not spent: a grant manager asks for it, or a head of fund lets the group keep it and closes."""
    left, to = unspent.unspent_of(award), url_for(".show", award_id=award.id)
    may_ask, may_keep = (may(signed_in(), rule, award) for rule in ("manage_award", "end_award"))
    asks = request.form.get("do") == "ask"
    ask_form = AskBackForm(
        request.form if asks else None,
        amount=left,
        why="The award was for what it was spent on. This part of it was not spent.",
    )
    keep_form = KeepForm(request.form if request.form.get("do") == "keep" else None)
    answer = None
    if request.method == "POST":
        form, act, said = _unspent_act(award, ask_form, keep_form)
        if not (may_ask if asks else may_keep):
            raise Forbidden("You are not the person who can do this.")
        answer = form.validate() and done(act, said, to, form)
    return answer or render_template(
        "awards/unspent.html", award=award, round=award.round, left=left, ask_form=ask_form, keep_form=keep_form,
        form=ask_form if ask_form.errors else keep_form, may_ask=may_ask, may_keep=may_keep,
        waits=unspent.still_to_report(award, now()) if left else "",
    )  # fmt: skip


def _unspent_act(award: Award, ask_form: AskBackForm, keep_form: KeepForm):
    """(form, act, what is said after it) of the button that was pressed."""
    if request.form.get("do") == "ask":
        act = lambda: unspent.ask_for_it(award, ask_form.amount.data, ask_form.why.data, by=signed_in(), now=now())  # noqa: E731
        return ask_form, act, "The group is asked to pay it back within 30 days. Close the award when it has come."
    act = lambda: unspent.let_them_keep_it(award, keep_form.why.data, by=signed_in(), now=now())  # noqa: E731
    return keep_form, act, "The award is closed. The group keeps what it did not spend."


@blueprint.route("/office/awards/<key:award_id>/end", methods=["GET", "POST"])
@needs("end_award", award=offers.load_award)
def end(award: Award):
    """End an award early: why, and how much comes back."""
    form = EndForm()
    answer = form.validate_on_submit() and done(
        lambda: delivery.end_early(award, form.reason.data, form.recover.data or 0, by=signed_in(), now=now()),
        "The award has ended. What was not paid is free.",
        url_for(".show", award_id=award.id),
        form,
    )
    out = award.paid_pence - award.recovered_pence - money.owed_back(award)
    return answer or render_template("awards/end.html", form=form, award=award, round=award.round, out=out)


@blueprint.route("/office/conditions/<key:condition_id>/clear", methods=["POST"])
@needs("manage_award", condition=conditions.load_condition)
def clear(condition: Condition):
    form = EvidenceForm()
    answer = form.validate_on_submit() and done(
        lambda: conditions.clear_condition(condition, form.evidence.data, by=signed_in(), now=now()),
        f"Condition {condition.number} is cleared.",
        url_for(".show", award_id=condition.award_id, _anchor="conditions"),
        form,
    )
    return answer or _page(
        offers.load_award(condition.award_id), evidence_form=form, open_condition=condition.id, form=form
    )


@blueprint.route("/office/bank/<key:detail_id>/check", methods=["POST"])
@needs("check_bank", detail=bank.load_detail)
def check_bank(detail: BankDetail):
    form = BankCheckForm()
    answer = form.validate_on_submit() and done(
        lambda: bank.check_detail(detail, form.note.data, by=signed_in(), now=now()),
        "Checked. A third person must confirm.",
        url_for(".show", award_id=detail.award_id, _anchor="bank"),
        form,
    )
    return answer or _page(offers.load_award(detail.award_id), check_form=form, form=form)


@blueprint.route("/office/bank/<key:detail_id>/confirm", methods=["POST"])
@needs("confirm_bank", detail=bank.load_detail)
def confirm_bank(detail: BankDetail):
    act = lambda: bank.confirm_detail(detail, by=signed_in(), now=now())  # noqa: E731
    return done(
        act, "Confirmed. Payments can go to this account.", url_for(".show", award_id=detail.award_id, _anchor="bank")
    )


@blueprint.route("/office/recoveries/<key:recovery_id>/received", methods=["POST"])
@needs("receive_recovery", recovery=load_recovery)
def received(recovery: Recovery):
    act = lambda: money.receive_back(recovery, by=signed_in(), now=now())  # noqa: E731
    return done(act, "Noted. The money is back in the pot.", url_for(".show", award_id=recovery.award_id))
