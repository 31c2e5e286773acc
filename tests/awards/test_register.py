"""The public record: what is accepted is on it, what is private never is, and its open data passes the standard's schema."""

import json

import pytest

from applications import submission
from awards import acceptance
from awards.open_data import giving
from awards.register import public_awards
from fund.core import clock
from tests.factories import awards as given
from tests.factories import fund as make

pytestmark = pytest.mark.usefixtures("letters_undrawn")


def test_an_accepted_award_is_public_and_an_offer_is_not(round, client):
    offer, award = given.offered(round, 700_000), given.accepted(round, 1_825_000)
    page = client.get("/register").text
    assert award.reference in page
    assert "£18,250.00" in page
    assert offer.reference not in page


def test_no_person_and_no_address_is_on_it(round, client):
    award = given.accepted(round)
    award.organisation.address = "12 Hidden Lane"
    lead = given.lead(award.application)
    for address in ("/register", "/register?format=csv", "/register/360giving.json", "/register/360giving.csv"):
        text = client.get(address).text
        assert award.reference in text
        for secret in ("Hidden Lane", "DH1 9ZZ", lead.name, lead.email):
            assert secret not in text


def test_a_withdrawn_award_stays_as_withdrawn(round, client):
    award = given.accepted(round)
    submission.withdraw(award.application, "No staff", by=given.lead(award.application), now=clock.now())
    assert [row.status for row in public_awards()] == ["Withdrawn"]
    page = client.get("/register").text
    assert award.reference in page
    assert "0 grants, £0.00, and 1 that was withdrawn" in page


@pytest.mark.parametrize("legal_form", ["cio", "cic", "unincorporated"])
def test_the_360giving_file_passes_the_schema_and_has_every_required_field(round, client, legal_form):
    award = _group(round) if legal_form == "unincorporated" else given.accepted(round, 480_001, legal_form=legal_form)
    package = json.loads(client.get("/register/360giving.json").text)
    assert giving.problems_of(package) == []
    (grant,) = package["grants"]
    for needed in ("id", "title", "description", "currency", "amountAwarded", "awardDate", "fundingOrganization", "recipientOrganization"):  # fmt: skip
        assert grant[needed]
    assert grant["title"] != grant["description"]
    assert grant["id"].endswith(award.reference)
    start = {"cio": "GB-CHC-99", "cic": "GB-COH-99", "unincorporated": "360G-"}[legal_form]
    assert grant["recipientOrganization"][0]["id"].startswith(start)


def _group(round):
    award = given.offered(round, 480_000, legal_form="unincorporated")
    lead, second = given.lead(award.application), make.person()
    given.sign(award, lead)
    acceptance.name_signatory(award, 2, second.name, second.email, by=lead, now=clock.now())
    given.sign(award, second)
    return award


def test_what_the_schema_refuses_is_not_published(round, monkeypatch):
    given.accepted(round)
    monkeypatch.setattr(giving, "grant_of", lambda award, site: {"id": "only an id", "amountAwarded": "a lot"})
    with pytest.raises(ValueError, match="a lot"):
        giving.package_of(public_awards(), "http://fund.example", clock.now())


def test_no_cell_of_the_files_is_a_formula(round, client):
    award = given.accepted(round, title="=HYPERLINK(1)")
    award.organisation.name = "@risk"
    for address in ("/register?format=csv", "/register/360giving.csv"):
        text = client.get(address).text
        assert "'=HYPERLINK(1)" in text
        assert "'@risk" in text


def test_the_register_asks_the_same_few_statements_whatever_it_holds(round, client, statements):
    given.accepted(round)
    with statements() as few:
        client.get("/register")
    for _ in range(3):
        given.accepted(round)
    with statements() as many:
        client.get("/register")
    assert len(many) == len(few) <= 6
