"""For finance: what is due, preparing, releasing by another person, and the file for the bank."""

from flask import render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from awards import payment_list, payments
from awards.bank import open_detail
from awards.forms import ReasonForm
from awards.permissions import sees_payments
from awards.shared_accounts import shared_accounts
from awards.tables import Award, Payment, PaymentRun, Tranche
from awards.views.awards_office import my_rounds
from awards.views.doing import done
from fund.core import audit
from fund.core.clock import now
from fund.core.database import db
from fund.core.money import plain_pounds
from fund.core.navigation import audience_blueprint
from fund.core.pages import as_csv
from fund.core.permissions import ask, may, needs, require, signed_in

blueprint = audience_blueprint("payments_office", __name__, "staff")

STAGES = {
    "ready": ("Ready to prepare", "turquoise"),
    "prepared": ("Waits for release", "blue"),
    "held": ("Held", "yellow"),
    "paid": ("Paid", "green"),
    "cancelled": ("Cancelled", "grey"),
}
SORTS = {
    "due": lambda row: row.due_on,
    "reference": lambda row: (row.reference, row.number),
    "organisation": lambda row: row.organisation.lower(),
    "amount": lambda row: row.pence,
    "stage": lambda row: list(STAGES).index(row.stage),
}
PER_PAGE = 100


@blueprint.route("/office/payments")
@needs("see_payments")
def index():
    rows = payment_list.rows_of([round.id for round in my_rounds(sees_payments)], now())
    wanted, words = request.args.get("stage", ""), request.args.get("q", "").strip().lower()[:100]
    shown = [
        row for row in rows if wanted in ("", row.stage) and words in f"{row.reference} {row.organisation}".lower()
    ]
    sort = request.args.get("sort", "due")
    shown.sort(key=SORTS.get(sort.removeprefix("-"), SORTS["due"]), reverse=sort.startswith("-"))
    if request.args.get("format") == "csv":
        return _export(shown)
    number, pages = _page_asked(len(shown))
    return render_template(
        "awards/payments.html", rows=shown[(number - 1) * PER_PAGE : number * PER_PAGE], number=number, pages=pages, total=len(shown),
        sums=_sums(rows), stages=STAGES, sort=sort, runs=_runs(), me=signed_in(), prepares=may(signed_in(), "release_payments"),
        ready=[row for row in rows if row.stage == "prepared"],
    )  # fmt: skip


def _page_asked(total: int) -> tuple[int, int]:
    pages = max(1, -(-total // PER_PAGE))
    asked = request.args.get("page", "1")
    return (min(max(1, int(asked)), pages) if asked.isdigit() and len(asked) < 7 else 1), pages


def _sums(rows) -> dict[str, tuple[int, int]]:
    """{stage: (how many, pence)}."""
    found = dict.fromkeys(STAGES, (0, 0))
    for row in rows:
        count, pence = found[row.stage]
        found[row.stage] = (count + 1, pence + row.pence)
    return found


def _runs() -> list[PaymentRun]:
    query = select(PaymentRun).options(joinedload(PaymentRun.released_by)).order_by(PaymentRun.id.desc()).limit(50)
    return [run for run in db.session.scalars(query) if may(signed_in(), "see_run", run)]


def _export(rows):
    headers = ("Reference", "Payment", "Organisation", "Due", "Amount", "Stage", "Held by")
    lines = (
        (row.reference, row.number, row.organisation, row.due_on.isoformat(), plain_pounds(row.pence), STAGES[row.stage][0], row.held)
        for row in rows
    )  # fmt: skip
    return as_csv("payments", headers, lines)


@blueprint.route("/office/tranches/<key:tranche_id>/prepare", methods=["POST"])
@needs("prepare_payment", tranche=payments.load_tranche)
def prepare(tranche: Tranche):
    act = lambda: payments.prepare_payment(tranche, by=signed_in(), now=now())  # noqa: E731
    return done(act, "Prepared. Another person must release it.", url_for(".index"))


@blueprint.route("/office/payments/<key:payment_id>/take-back", methods=["GET", "POST"])
@needs("prepare_payment", payment=payments.load_payment)
def take_back(payment: Payment):
    form = ReasonForm()
    answer = form.validate_on_submit() and done(
        lambda: payments.take_back(payment, form.reason.data, by=signed_in(), now=now()),
        "Taken back. It can be prepared again.",
        url_for(".index"),
        form,
    )
    return answer or render_template("awards/take_back.html", form=form, payment=payment)


@blueprint.route("/office/payments/release", methods=["GET", "POST"])
@needs("release_payments")
def release():
    """Choose prepared payments and release them as one run."""
    query = select(Payment).where(Payment.released_at.is_(None)).order_by(Payment.id)
    waiting = [each for each in db.session.scalars(query) if sees_payments(signed_in(), each.award)]
    if request.method == "POST":
        ticked = set(request.form.getlist("payment"))
        chosen = [each for each in waiting if str(each.id) in ticked]
        for each in chosen:
            require(signed_in(), "release_payment", each)
        return done(lambda: payments.release_payments(chosen, by=signed_in(), now=now()), f"{len(chosen)} released. The grantees are told.", url_for(".index" if chosen else ".release"))  # fmt: skip
    rows = [(each, ask(signed_in(), "release_payment", each)) for each in waiting]
    return render_template("awards/release.html", rows=rows, held=_held_now(waiting))


def _held_now(found: list[Payment]) -> dict[int, str]:
    """{payment key: why it cannot be sent} of accounts that came up under another name since the payment was prepared."""
    shared = shared_accounts(Award.id.in_({each.award.id for each in found})) if found else {}
    return {each.id: shared[each.award.id].holds if each.award.id in shared else "" for each in found}


@blueprint.route("/office/payments/runs/<key:run_id>")
@needs("see_run", run=payments.load_run)
def run(run: PaymentRun):
    found = payments.payments_in(run)
    return render_template("awards/run.html", run=run, payments=found, held=_held_now(found))


@blueprint.route("/office/payments/runs/<key:run_id>/bacs", methods=["POST"])
@needs("see_run", run=payments.load_run)
def bacs(run: PaymentRun):
    """The file for the bank: the one place where accounts leave in clear, and each time is in the log."""
    rows = []
    for payment in payments.payments_in(run):
        account = open_detail(payment.bank_detail)
        rows.append((account["sort_code"], account["account_number"], account["account_name"], plain_pounds(payment.amount_pence), payment.reference))  # fmt: skip
    audit.record("bank.export", run, by=signed_in(), now=now(), payments=len(rows))
    db.session.commit()
    return as_csv(f"bacs-run-{run.id}", ("Sort code", "Account number", "Account name", "Amount", "Reference"), rows)
