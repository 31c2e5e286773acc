"""The public list of what was funded: found, narrowed, sorted, taken away; nothing of people or contacts."""

import pytest

from applications.workflow import APPLICATION
from evaluation.public import COLUMNS
from tests.factories import evaluation as make
from tests.factories import fund as people

pytestmark = pytest.mark.usefixtures("letters_undrawn")


def test_the_list_says_who_what_where_and_how_much(client, database):
    award = make.award(places=["Seaham", "Crook"], title="Safe evenings")
    page = client.get("/funded").text
    for words in (
        award.organisation.name,
        "Safe evenings",
        "Crook, Seaham",
        "£18,000.00",
        "In delivery",
        f"/outcomes/{award.round_id}",
    ):
        assert words in page
    lead = make.lead(award)
    assert lead.name not in page
    assert lead.email not in page


def test_offers_and_other_bids_are_not_in_it(client, database):
    award = make.award()
    people.put(award.application, "declined", APPLICATION)
    page = client.get("/funded").text
    assert award.organisation.name not in page
    assert "Nothing found" in page


def test_it_is_narrowed_sorted_and_exported_with_no_formula(client, database):
    round = make.round()
    small, large = make.award(round, 500_000, title="Boxing"), make.award(round, 2_000_000, title="Football")
    small.organisation.name, large.organisation.name = "=Angels", "Zebras"
    page = client.get("/funded?sort=amount").text
    assert page.index("Angels") < page.index("Zebras")
    assert "Zebras" not in client.get("/funded?q=boxing").text
    assert "Zebras" not in client.get("/funded?q=100%").text
    assert "Nothing found" in client.get("/funded?status=Finished").text
    assert "2 awards" in client.get(f"/funded?round={round.id}&priority=Priority+1").text
    text = client.get("/funded?sort=amount&format=csv").text.lstrip("\ufeff").splitlines()
    assert text[0] == ",".join(COLUMNS)
    assert text[1].startswith(f"{small.reference},'=Angels,Boxing")
    assert client.get("/funded?sort=x&page=y&round=z").status_code == 200


def test_it_takes_three_statements(client, database, statements):
    round = make.round()
    for _ in range(3):
        make.award(round, places=["Seaham"])
    with statements() as seen:
        client.get("/funded")
    assert len(seen) == 3
