"""The steps of a round in the office: at most seven, the open one's pages below, each person only what they may open."""

import re

import pytest

from fund.views import round_sections
from tests.factories import fund as make
from tests.kept import kept


@pytest.fixture
@kept
def round(database):
    return make.round()


def steps_of(page) -> list[tuple[str, str | None]]:
    """The first row as (text, aria-current)."""
    return _links(page.text.split('class="fund-sections__list"')[1].split("</ul>")[0])


def pages_of(page) -> list[tuple[str, str | None]]:
    """The second row as (text, aria-current); none when it is not drawn."""
    rows = page.text.split('class="fund-sections__list fund-sections__list--pages"')
    return _links(rows[1].split("</ul>")[0]) if len(rows) > 1 else []


def _links(row: str) -> list[tuple[str, str | None]]:
    found = re.findall(r'<a class="fund-sections__link" href="[^"]*"(?: aria-current="(\w+)")?>([^<]*)</a>', row)
    return [(text, current or None) for current, text in found]


def test_an_officer_sees_seven_steps_and_the_pages_of_the_open_one(as_, round):
    page = as_(make.staff("fund_officer", round)).get(f"/office/rounds/{round.id}/pot")
    assert [text for text, _ in steps_of(page)] == list(round_sections.STEPS)
    assert dict(steps_of(page))["Set up"] == "true"
    assert pages_of(page) == [
        ("Overview", None),
        ("Pot", "page"),
        ("Questions", None),
        ("Criteria", None),
        ("Easy Read", None),
    ]


def test_a_page_below_another_still_says_where_it_is(as_, round):
    page = as_(make.staff("fund_officer", round)).get(f"/office/rounds/{round.id}/panel/invitations")
    assert [text for text, current in steps_of(page) if current] == ["Panel"]
    assert dict(pages_of(page))["Panel"] == "true"
    keying = as_(make.staff("fund_officer", round)).get(f"/office/rounds/{round.id}/key-in")
    assert dict(steps_of(keying))["Bids"] == "true"


def test_a_step_with_one_page_has_no_second_row(as_, round):
    page = as_(make.staff("fund_officer", round)).get(f"/office/rounds/{round.id}/history")
    assert dict(steps_of(page))["History"] == "page"
    assert not pages_of(page)


def test_each_person_sees_only_what_they_may_open(as_, round):
    """A finance officer runs no panel: no step leads to a page that would refuse them."""
    client = as_(make.staff("finance_officer", round))
    page = client.get(f"/office/rounds/{round.id}/money")
    assert "Panel" not in [text for text, _ in steps_of(page)]
    for address in re.findall(r'fund-sections__link" href="([^"]*)"', page.text):
        assert client.get(address).status_code == 200, address


def test_every_page_has_a_step_and_the_steps_stand_in_the_order_of_a_round():
    assert len(round_sections.STEPS) <= 7
    orders = {each.text: (each.order, each.group) for each in round_sections.SECTIONS}
    assert orders["Ranked list"][1] == "Decide"
    assert orders["Years"][1] == "Money"
    assert orders["Forecast"][1] == "Outcomes"
    with pytest.raises(ValueError, match="no step"):
        round_sections.add("Lost", "rounds_office.show", group="Elsewhere")
