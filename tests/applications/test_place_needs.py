"""Beside each place stands what the needs assessment counted there; a count that could point to somebody is not shown."""

import re

import pytest

from fund.core import clock
from fund.core.database import db
from fund.tables import Area, NeedsDataset, NeedsFigure
from tests.factories import applications as make_bid
from tests.kept import kept

COUNTS = {"Peterlee East": [30, 41], "Seaham": [0, 3]}


@pytest.fixture
@kept
def counted(draft):
    """The two places of the form with two years of figures; Seaham's last one is too small to show."""
    of = draft.round.fund.partnership
    table = NeedsDataset(
        partnership_id=of.id, title="Needs", measure="Knife crime", source="Made for tests", loaded_at=clock.now()
    )
    db.session.add(table)
    db.session.flush()
    areas = {each.name: each.id for each in db.session.query(Area).filter_by(partnership_id=of.id)}
    for name, counts in COUNTS.items():
        for period, count in zip(("2021-22", "2022-23"), counts, strict=True):
            db.session.add(NeedsFigure(dataset_id=table.id, area_id=areas[name], period=period, count=count))
    db.session.flush()
    return draft


def beside(html: str, place: str) -> str:
    """The words that the box of this place is described by."""
    described = re.search(rf'value="{place}"[^>]*aria-describedby="([\w-]+)"', html)[1]
    return re.search(rf'id="{described}">([^<]*)<', html)[1]


def test_each_place_shows_its_count_and_rank_and_small_ones_are_hidden(as_, counted, lead):
    html = as_(lead).get(f"/applications/{counted.id}/questions/places").text
    assert beside(html, "Peterlee East") == "41, rank 1 of 2"
    assert beside(html, "Seaham") == "&lt;5, rank 2 of 2"
    assert "what was counted there in 2022-23: knife crime" in html


def test_the_page_takes_six_statements_with_them(as_, counted, lead, statements):
    client, address = as_(lead), f"/applications/{counted.id}/questions/places"
    client.get(address)
    with statements() as seen:
        assert client.get(address).status_code == 200
    assert len(seen) <= 6, "\n".join(seen)


def test_a_round_without_figures_shows_the_places_alone(as_, lead):
    draft = make_bid.draft(lead)
    html = as_(lead).get(f"/applications/{draft.id}/questions/places").text
    assert "Peterlee East" in html
    assert "rank" not in html
