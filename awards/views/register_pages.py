"""For everybody: what was funded, for how much, why, and the same as open data."""

from flask import current_app, jsonify, render_template, request

from awards.open_data import giving
from awards.register import public_awards, totals_by_priority
from fund.core.charts import ChartTable, bar_chart
from fund.core.clock import now
from fund.core.money import plain_pounds, pounds
from fund.core.navigation import audience_blueprint
from fund.core.pages import as_csv
from fund.core.permissions import public
from fund.strategies.legal_form import legal_forms

blueprint = audience_blueprint("register", __name__, "public")
FORMS = {form.key: form.label for form in legal_forms()}
SORTS = {
    "awarded": lambda row: row.awarded_on,
    "recipient": lambda row: row.recipient.lower(),
    "amount": lambda row: row.amount_pence,
    "priority": lambda row: row.priority,
}
PER_PAGE = 50


@blueprint.route("/register")
@public
def index():
    everything = public_awards()
    words, wanted = request.args.get("q", "").strip().lower()[:100], request.args.get("priority", "")
    rows = [row for row in everything if wanted in ("", row.priority) and words in f"{row.recipient} {row.title} {row.reference} {' '.join(row.places)}".lower()]  # fmt: skip
    sort = request.args.get("sort", "-awarded")
    rows.sort(key=SORTS.get(sort.removeprefix("-"), SORTS["awarded"]), reverse=sort.startswith("-"))
    if request.args.get("format") == "csv":
        return _csv(rows)
    totals = totals_by_priority(rows)
    said = "; ".join(f"{name} {pounds(pence)}" for name, pence in totals)
    asked = request.args.get("page", "1")
    pages = max(1, -(-len(rows) // PER_PAGE))
    number = min(max(1, int(asked)), pages) if asked.isdigit() and len(asked) < 7 else 1
    return render_template(
        "awards/register.html", rows=rows[(number - 1) * PER_PAGE : number * PER_PAGE], total=len(rows), sum=sum(pence for _, pence in totals),
        number=number, pages=pages, sort=sort, priorities=sorted({row.priority for row in everything if row.priority}), forms=FORMS,
        chart=bar_chart("Awarded by priority", said, totals, show=pounds), table=ChartTable.of(("Priority", "Awarded"), totals, show=pounds),
    )  # fmt: skip


def _csv(rows):
    headers = ("Reference", "Recipient", "Legal form", "Registration", "Purpose", "Priority", "Amount", "Awarded on", "From", "To", "Status", "Conditions", "Reasons", "Why without competition", "Funder")  # fmt: skip
    lines = (
        (row.reference, row.recipient, FORMS.get(row.legal_form, ""), " ".join(f"{a}-{b}" for a, b in row.identifiers), row.title,
         row.priority, plain_pounds(row.amount_pence), row.awarded_on.isoformat(), row.starts_on.isoformat(), row.ends_on.isoformat(),
         row.status, " ".join(row.conditions), row.reasons, row.direct_reason, row.funder)
        for row in rows
    )  # fmt: skip
    return as_csv("register-of-grants", headers, lines)


def _site() -> str:
    return current_app.config["SETTINGS"].public_url.rstrip("/")


@blueprint.route("/register/360giving.json")
@public
def as_360giving():
    return jsonify(giving.package_of(public_awards(), _site(), now()))


@blueprint.route("/register/360giving.csv")
@public
def as_360giving_csv():
    return as_csv("360giving", giving.COLUMNS, giving.rows_of(public_awards(), _site()))
