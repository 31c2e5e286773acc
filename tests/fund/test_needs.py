"""Needs figures by place: latest count, rank and trend, and no small number can be worked out (design rule 15)."""

import pytest

from fund import needs, strategy_loading
from fund.core import clock
from fund.core.database import db
from fund.tables import NeedsDataset, NeedsFigure
from tests.factories import fund as make
from tests.kept import kept


@pytest.fixture
@kept
def bucks(database):
    strategy_loading.load_strategies(clock.now())
    return strategy_loading.partnership_called("buckinghamshire")


def dataset(partnership, rows: dict[str, list[int]]) -> NeedsDataset:
    """Counts by place, a year each from 2020-21 on."""
    table = NeedsDataset(
        partnership_id=partnership.id, title="Test", measure="Offences", source="test", loaded_at=clock.now()
    )
    db.session.add(table)
    db.session.flush()
    for name, counts in rows.items():
        place = make.area(partnership, name)
        for number, count in enumerate(counts):
            period = f"20{20 + number}-{21 + number}"
            db.session.add(NeedsFigure(dataset_id=table.id, area_id=place.id, period=period, count=count))
    db.session.flush()
    return table


def test_the_wards_of_buckinghamshire_rank_as_its_document_ranks_them(bucks):
    found = needs.needs_for(bucks)
    assert [(each.area, each.total) for each in found[:3]] == [
        ("Aylesbury North", 253),
        ("Abbey", 202),
        ("Booker, Cressex and Castlefield", 185),
    ]
    first = found[0]
    assert (first.latest, first.period, first.rank, first.rank_of) == (41, "2022-23", 1, 10)
    assert first.trend == [("2018-19", 56), ("2019-20", 46), ("2020-21", 46), ("2021-22", 64), ("2022-23", 41)]


def test_places_by_name_keep_their_rank_among_all(bucks):
    [found] = needs.needs_for(bucks, ["Downley", "Nowhere"])
    assert (found.area, found.rank, found.rank_of) == ("Downley", 7, 10)


def test_a_small_count_is_hidden_with_the_total_that_would_give_it_away(bucks):
    [chesham] = needs.needs_for(bucks, ["Chesham"])
    assert chesham.latest == "<5"
    assert chesham.trend[-1] == ("2022-23", "<5")
    assert chesham.total is None


def test_five_and_nothing_are_shown_one_to_four_are_not(database):
    where = make.partnership()
    dataset(where, {"A": [0, 1, 4, 5]})
    [found] = needs.needs_for(where)
    assert [count for _, count in found.trend] == [0, "<5", "<5", 5]


def test_equal_totals_share_a_rank(database):
    where = make.partnership()
    dataset(where, {"A": [9], "B": [9], "C": [8]})
    assert [(each.area, each.rank) for each in needs.needs_for(where)] == [("A", 1), ("B", 1), ("C", 3)]


def test_a_superseded_dataset_is_not_read(database):
    where = make.partnership()
    old = dataset(where, {"A": [9]})
    old.superseded_at = clock.now()
    assert needs.needs_for(where) == []


def test_needs_are_one_statement(bucks, statements):
    key = bucks.id
    with statements() as seen:
        needs.needs_for(key, ["Abbey", "Downley"])
    assert len(seen) == 1
