"""Every pack opens on a page of its own that shows all of it, silences included, and no small number."""

import re

import pytest

from fund import strategy_loading as loading
from fund.core import clock
from fund.strategies.loader import all_packs, load_pack, slugs
from tests.factories import fund as make
from tests.kept import kept


@pytest.fixture
@kept
def loaded(database):
    loading.load_strategies(clock.now())


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)).replace("&#39;", "'").replace("&amp;", "&")


def test_there_is_a_card_for_every_strategy(loaded, client):
    page = client.get("/strategies").text
    for pack in all_packs():
        assert f'href="/strategies/{pack.slug}"' in page


@pytest.mark.parametrize("slug", slugs())
def test_a_strategy_page_says_everything_its_pack_says(loaded, client, slug):
    pack = load_pack(slug)
    response = client.get(f"/strategies/{slug}")
    assert response.status_code == 200
    assert f"partnership-{slug}" in response.text
    words = text_of(response.text)
    expected = [each.title for each in (*pack.priorities, *pack.outcomes)]
    expected += [board.name for board in pack.governance.boards]
    expected += [str(pack.vision)] if pack.vision else []
    expected += list(pack.commitments)
    for each in expected:
        assert re.sub(r"\s+", " ", each) in words, each


@pytest.mark.parametrize("slug", slugs())
def test_what_a_strategy_does_not_say_is_said_plainly(loaded, client, slug):
    words = text_of(client.get(f"/strategies/{slug}").text)
    assert "What the strategy does not say" in words
    assert "The strategy does not say." in words
    assert not re.search(r"\bseed \d{3}\b", words)


def test_durhams_fund_and_criteria_are_there(loaded, client):
    words = text_of(client.get("/strategies/durham-darlington").text)
    assert "about £700,000" in words
    assert "up to £5,000" in words
    assert "up to £40,000" in words
    assert "explains how the intervention will reduce serious violence in public spaces" in words
    assert "January 2024 to March 2025, 15 months" in words


def test_buckinghamshires_wards_hide_small_numbers_on_the_page_and_in_the_file(loaded, client):
    page = client.get("/strategies/buckinghamshire").text
    row = text_of(page[page.rindex('<th scope="row" class="govuk-table__header">Chesham') :].split("</tr>")[0])
    assert row.split()[:7] == ["Chesham", "8", "29", "17", "14", "&lt;5", "not"]
    assert "2022-23: 4<" not in page
    assert "2022-23: &lt;5<" in page
    assert "-50" not in page
    file = client.get("/strategies/buckinghamshire?format=csv").text
    [line] = [line for line in file.splitlines() if line.startswith("Chesham")]
    assert line.split(",")[2:8] == ["8", "29", "17", "14", "<5", "not shown"]


def test_the_scope_of_the_ward_table_stands_beside_it(loaded, client):
    assert "drug supply belongs to Group 2" in text_of(client.get("/strategies/buckinghamshire").text)


def test_invented_figures_say_that_they_are(loaded, client):
    durham = loading.partnership_called("durham-darlington")
    loading.load_needs(durham, load_pack("durham-darlington"), clock.now())
    assert "These figures are invented for demonstration" in client.get("/strategies/durham-darlington").text


def test_a_strategy_that_is_not_there_is_no_page(loaded, client):
    assert client.get("/strategies/atlantis").status_code == 404
    assert client.get("/strategies/dorset?format=csv").status_code == 404


def test_a_partnership_without_a_pack_does_not_break_the_list(loaded, client):
    make.strategy()
    assert client.get("/strategies").status_code == 200


@pytest.mark.parametrize("slug", slugs())
def test_a_strategy_page_needs_four_statements(loaded, client, statements, slug):
    with statements() as seen:
        client.get(f"/strategies/{slug}")
    assert len(seen) <= 4, seen
