"""For everybody: what was funded, for how much, why, and the same as open data."""

from flask import current_app, jsonify, render_template, request

from applications.workflow import APPLICATION
from awards import editions, spending
from awards.open_data import giving, workbook
from awards.register import Totals, public_awards, totals_by_form, totals_by_place, totals_by_priority, withdrawn_count
from fund.core import files
from fund.core.charts import ChartTable, bar_chart
from fund.core.clock import now
from fund.core.money import plain_pounds, pounds
from fund.core.navigation import audience_blueprint
from fund.core.pages import as_csv
from fund.core.permissions import public
from fund.core.problems import NotYours
from fund.core.years import year_of, year_words
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
    asked = request.args.get("page", "1")
    pages = max(1, -(-len(rows) // PER_PAGE))
    number = min(max(1, int(asked)), pages) if asked.isdigit() and len(asked) < 7 else 1
    return render_template(
        "awards/register.html", rows=rows[(number - 1) * PER_PAGE : number * PER_PAGE], total=len(rows), withdrawn=withdrawn_count(rows), sum=sum(pence for _, pence in totals),
        number=number, pages=pages, sort=sort, priorities=sorted({row.priority for row in everything if row.priority}), forms=FORMS,
        figures=[
            _figure("Awarded by priority", "Priority", totals),
            _figure("Awarded by place", "Place", totals_by_place(rows)),
            _figure("Awarded by kind of organisation", "Legal form", totals_by_form(rows, FORMS)),
        ],
    )  # fmt: skip


MOST_BARS = 12


def _figure(title: str, heads: str, totals: Totals):
    """(title, drawing of the largest, table of all) of one set of totals."""
    drawn = totals[:MOST_BARS]
    said = "; ".join(f"{name} {pounds(pence)}" for name, pence in drawn)
    title = title if len(drawn) == len(totals) else f"{title}: the {MOST_BARS} largest of {len(totals)}"
    return title, bar_chart(title, said, drawn, show=pounds), ChartTable.of((heads, "Awarded"), totals, show=pounds)


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


@blueprint.route("/register/360giving.xlsx")
@public
def as_360giving_xlsx():
    content = workbook.workbook_of(public_awards(), _site(), now())
    return files.send(content, "360giving.xlsx", workbook.MEDIA_TYPE)


@blueprint.route("/register/editions")
@public
def editions_page():
    """What was published when, with the fingerprint of each file."""
    return render_template("awards/editions.html", editions=editions.editions())


@blueprint.route("/register/editions/<key:edition_id>.json")
@public
def edition_file(edition_id):
    found = editions.load_edition(edition_id)
    if found is None:
        raise NotYours()
    name = f"360giving-{found.partnership.slug}-{found.number}.json"
    return files.send(found.content, name, "application/json")


@blueprint.route("/register/spending")
@public
def over_500():
    """Spending over £500, by financial year: the page and its CSV."""
    everything = spending.spending()
    rows, years, year = _of_a_year(everything, lambda row: row.paid_on)
    if request.args.get("format") == "csv":
        headers = ("Date", "Paid to", "Purpose", "Category", "Amount", "Reference", "Paid by")
        lines = ((row.paid_on.isoformat(), row.recipient, row.purpose, row.category, plain_pounds(row.pence), row.reference, row.funder) for row in rows)  # fmt: skip
        return as_csv("spending-over-500", headers, lines)
    return render_template(
        "awards/spending.html", rows=rows, years=years, year=year, total=sum(row.pence for row in rows)
    )


@blueprint.route("/register/grants-to-organisations")
@public
def transparency_list():
    """The yearly list of grants to voluntary and community organisations, with the transparency code's columns."""
    everything = spending.listed(public_awards())
    rows, years, year = _of_a_year(everything, lambda row: row.awarded_on)
    if request.args.get("format") == "csv":
        headers = ("Date awarded", "Period", "Department", "Beneficiary", "Registration number", "Purpose", "Amount", "Status")  # fmt: skip
        lines = ((row.awarded_on.isoformat(), row.period, row.department, row.beneficiary, row.registration, row.purpose, plain_pounds(row.pence), row.status) for row in rows)  # fmt: skip
        return as_csv("grants-to-organisations", headers, lines)
    kept = [row.pence for row in rows if row.status != APPLICATION.state("withdrawn").public]
    return render_template(
        "awards/transparency.html", rows=rows, years=years, year=year, total=sum(kept), withdrawn=len(rows) - len(kept)
    )


def _of_a_year(rows: list, day):
    """The rows of the financial year that the address asks for, [(year, words)] of all years, and the year."""
    years = spending.years_in([day(row) for row in rows])
    asked = request.args.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else (years[0] if years else year_of(now().date()))  # fmt: skip
    return [row for row in rows if year_of(day(row)) == year], [(each, year_words(each)) for each in years], year
