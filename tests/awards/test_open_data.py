"""The public record for machines and auditors: spreadsheets without formulas, quality checks, spending and the yearly list."""

import io
import json

import openpyxl
import pytest

from applications import submission
from awards import payments, publishing
from awards.offers import terms_of
from awards.open_data import giving, quality
from awards.open_data.texts import fit_to_publish
from awards.register import public_awards, totals_by_form, totals_by_place
from awards.tables import Tranche
from fund.core import clock
from fund.core.problems import Problem
from tests.factories import awards as given
from tests.factories import fund as make

pytestmark = pytest.mark.usefixtures("letters_undrawn")

SITE = "http://fund.example"
FORMULA = '=HYPERLINK("http://bad.example","click")'


def test_the_spreadsheet_holds_what_the_json_holds_and_no_cell_is_a_formula(round, client):
    award = given.accepted(round, 480_001, title=FORMULA)
    award.organisation.name = "+1+cmd|' /C calc'!A0"
    grants = json.loads(client.get("/register/360giving.json").text)["grants"]
    book = openpyxl.load_workbook(io.BytesIO(client.get("/register/360giving.xlsx").data))
    cells = [cell for sheet in book for row in sheet for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert not [cell for cell in cells if cell.hyperlink]
    heads, row = ([cell.value for cell in line] for line in book["grants"])
    found = dict(zip(heads, row, strict=True))
    assert found["Identifier"] == grants[0]["id"]
    assert (found["Title"], found["Recipient Org:Name"]) == (FORMULA, award.organisation.name)
    assert found["Amount Awarded"] == 4800.01
    assert giving.LICENCE in [cell.value for cell in book["Meta"]["B"]]


def test_each_partnership_publishes_under_its_own_prefix(round, client, as_):
    given.accepted(round)
    head, partnership = make.staff("head_of_fund", round), round.fund.partnership
    page = f"/office/partnerships/{partnership.id}/publishing"
    assert "not registered" in as_(head).get(page).text
    assert "letters and digits" in as_(head).post(page, data={"prefix": "two words"}).text
    assert as_(head).post(page, data={"prefix": "360G-DurhamPCC"}).status_code == 302
    (grant,) = json.loads(client.get("/register/360giving.json").text)["grants"]
    assert grant["id"].startswith("360G-DurhamPCC-")
    assert "not registered" not in as_(head).get(page).text
    assert as_(make.staff("fund_officer", round)).post(page, data={"prefix": "Mine"}).status_code in (403, 404)
    assert as_(make.person()).get(page).status_code in (403, 404)
    with pytest.raises(Problem):
        publishing.set_prefix(partnership, "unregistered", by=head, now=clock.now())


def test_the_quality_checks_find_what_the_schema_allows(round):
    bad, _other = given.accepted(round), given.accepted(round)
    terms_of(bad).purpose = f"{'x' * 150} ask wren@example.org or 07700 900123"
    bad.organisation.identifiers[0].number = "12"
    package = giving.package_of(public_awards(), SITE, clock.now())
    found = {row.what: row.grants for row in quality.findings(package)}
    assert len(found["The publisher's prefix is not registered"]) == 2
    assert len(found["A title of 140 characters or more"]) == 1
    assert len(found["An odd charity number"]) == 1
    assert len(found["An e-mail address or telephone number was taken out of the text"]) == 1
    assert "wren@" not in json.dumps(package)
    assert "07700" not in json.dumps(package)


def test_addresses_and_line_breaks_leave_the_text_and_money_and_dates_stay():
    text = "Write to a.b+c@x.co.uk,\ncall +44 (0)191 498 0001.\nCosts £1,250.00 from 01/04/2026 for 0191 groups"
    assert fit_to_publish(text) == "Write to [removed], call [removed]. Costs £1,250.00 from 01/04/2026 for 0191 groups"


def test_only_payments_over_500_are_listed_and_500_itself_is_not(round, client, time):
    paid = [given.in_delivery(round, pence) for pence in (50_000, 50_001)]
    time.move(days=130)
    finance, head = make.staff("finance_officer", round), make.staff("head_of_fund", round)
    for award in paid:
        tranche = Tranche.query.filter_by(award_id=award.id, number=1).one()
        payments.release_payments([payments.prepare_payment(tranche, by=finance, now=clock.now())], by=head, now=clock.now())  # fmt: skip
    page = client.get("/register/spending").text
    assert "£500.01" in page
    assert "£500.00 " not in page.replace("more than £500.00 that", "")
    assert paid[0].reference not in page
    csv = client.get("/register/spending?format=csv&year=2026").text
    assert csv.count("\n") == 2
    assert "500.01" in csv
    assert "Nothing in this year" in client.get("/register/spending?year=2019").text
    for person in (finance.name, head.name, given.lead(paid[1].application).name):
        assert person not in page + csv


def test_the_yearly_list_has_the_codes_columns_and_keeps_what_was_withdrawn(round, client):
    award = given.accepted(round, 700_000)
    submission.withdraw(award.application, "No staff", by=given.lead(award.application), now=clock.now())
    page = client.get("/register/grants-to-organisations").text
    assert "Withdrawn" in page
    assert "1 in this year, £0.00, without what was withdrawn" in page
    csv = client.get("/register/grants-to-organisations?format=csv&year=2025").text
    for words in ("Registration number", award.organisation.name, "7000.00", "01/06/2026 to 28/02/2027", "Withdrawn"):
        assert words in csv
    assert client.get("/register/grants-to-organisations?year=nonsense").status_code == 200


def test_totals_by_place_and_form_add_up_to_what_was_awarded(round, client):
    for pence in (700_001, 500_000):
        given.accepted(round, pence)
    rows = public_awards()
    for totals in (totals_by_place(rows), totals_by_form(rows, {})):
        assert sum(pence for _, pence in totals) == 1_200_001
    page = client.get("/register").text
    for title in ("Awarded by priority", "Awarded by place", "Awarded by kind of organisation"):
        assert title in page
