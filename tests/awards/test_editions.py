"""The register and its open data are published with one press, and an edition stays as it was."""

import hashlib
import json

import pytest

from applications import submission
from awards import editions
from awards.open_data import giving
from awards.tables import Edition
from fund.core import clock
from fund.core.problems import Problem
from tests.factories import awards as given
from tests.factories import fund as make

pytestmark = pytest.mark.usefixtures("letters_undrawn")

SITE = "http://127.0.0.1:8000"


def test_one_press_checks_keeps_and_shows_it_to_everybody(round, as_, client, time):
    award = given.accepted(round, 1_825_000)
    head = make.staff("head_of_fund", round)
    page = f"/office/partnerships/{round.fund.partnership_id}/publishing"
    assert "Publish register and open data" in as_(head).get(page).text
    answer = as_(head).post(f"/office/partnerships/{round.fund.partnership_id}/publish", follow_redirects=True)
    assert "checked and kept as a new edition" in answer.text
    assert "1 grant, £18,250.00" in answer.text
    edition = Edition.query.one()
    public = client.get("/register/editions").text
    assert edition.sha256 in public
    assert head.name not in public
    content = client.get(f"/register/editions/{edition.id}.json").data
    assert hashlib.sha256(content).hexdigest() == edition.sha256
    package = json.loads(content)
    assert giving.problems_of(package) == []
    assert package["grants"][0]["id"].endswith(award.reference)


def test_an_edition_stays_while_the_register_goes_on(round, time):
    award = given.accepted(round, 1_825_000)
    head, partnership = make.staff("head_of_fund", round), round.fund.partnership
    first = editions.publish(partnership, SITE, by=head, now=clock.now())
    before = first.content
    submission.withdraw(award.application, "No staff", by=given.lead(award.application), now=clock.now())
    given.accepted(round, 700_000)
    time.move(days=1)
    second = editions.publish(partnership, SITE, by=head, now=clock.now())
    assert (second.number, second.grants, second.awarded_pence) == (2, 2, 700_000)
    assert (first.content, first.sha256) == (before, hashlib.sha256(before).hexdigest())
    said = {grant["id"][-4:]: grant["classifications"][0]["title"] for grant in json.loads(second.content)["grants"]}
    assert "Withdrawn" in said.values()


def test_what_the_standard_refuses_is_not_published(round, monkeypatch):
    given.accepted(round)
    monkeypatch.setattr(giving, "grant_of", lambda award, site: {"id": "only an id", "amountAwarded": "a lot"})
    with pytest.raises(Problem, match="refuses the file, so nothing was published"):
        editions.publish(round.fund.partnership, SITE, by=make.staff("head_of_fund", round), now=clock.now())
    assert Edition.query.count() == 0


def test_nothing_accepted_is_nothing_to_publish(round):
    given.offered(round)
    with pytest.raises(Problem, match="Nothing is accepted yet"):
        editions.publish(round.fund.partnership, SITE, by=make.staff("head_of_fund", round), now=clock.now())


@pytest.mark.parametrize(("role", "may"), [("decision_maker", True), ("fund_officer", True), ("auditor", False), ("grant_manager", False)])  # fmt: skip
def test_who_may_publish(round, as_, role, may):
    given.accepted(round)
    answer = as_(make.staff(role, round)).post(f"/office/partnerships/{round.fund.partnership_id}/publish")
    assert (answer.status_code == 302) is may
    assert Edition.query.count() == int(may)


def test_an_edition_that_is_not_there_is_not_found(client, database):
    assert client.get("/register/editions/7.json").status_code == 404
    assert "No edition yet" in client.get("/register/editions").text
