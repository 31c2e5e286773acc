"""Packs become rows once; a changed pack is a new version; what an officer edited stays."""

import dataclasses

import pytest
from sqlalchemy import func, select

from fund import strategy_loading as loading
from fund.core import clock, reference
from fund.core.database import db
from fund.strategies import places
from fund.strategies.loader import load_pack, slugs
from fund.tables import Area, Board, Measure, NeedsDataset, NeedsFigure, Outcome, Partnership, Priority, Strategy
from tests.kept import kept


@pytest.fixture
@kept
def loaded(database):
    loading.load_strategies(clock.now())


def rows(table) -> int:
    return db.session.scalar(select(func.count()).select_from(table))


def codes(slug: str) -> list[str]:
    strategy = loading.current_strategy(loading.partnership_called(slug))
    return list(
        db.session.scalars(select(Priority.code).where(Priority.strategy_id == strategy.id).order_by(Priority.position))
    )


def test_all_five_are_loaded_with_what_a_round_can_fund(loaded):
    assert rows(Partnership) == rows(Strategy) == 5
    assert codes("durham-darlington") == ["1", "2", "3", "4"]
    assert codes("hertfordshire") == ["HERTS1", "HERTS2", "HERTS3", "HERTS4", "HERTS5"]
    assert codes("cambridgeshire-peterborough") == ["PEOPLE", "PARTNERSHIP", "PLACES"]
    assert codes("buckinghamshire") == ["P1", "P2", "P3", "P4", "P5"]
    assert codes("dorset") == ["SV01", "SV02", "SV03", "SV04", "SV05", "SV06"]


def test_hertfordshire_has_six_boards_and_cambridgeshire_three_national_measures(loaded):
    def of(slug, table):
        strategy = loading.current_strategy(loading.partnership_called(slug))
        return list(db.session.scalars(select(table).where(table.strategy_id == strategy.id).order_by(table.position)))

    assert len(of("hertfordshire", Board)) == 6
    assert [each.code for each in of("cambridgeshire-peterborough", Measure)] == ["HO1", "HO2", "HO3"]
    assert len(of("cambridgeshire-peterborough", Outcome)) == 16


def test_loading_again_changes_nothing(loaded):
    tables = (Partnership, Strategy, Priority, Outcome, Board, Measure, Area, NeedsDataset, NeedsFigure)
    before = [rows(table) for table in tables]
    assert "0 new or changed" in loading.load_strategies(clock.now())
    assert [rows(table) for table in tables] == before


def test_a_changed_pack_is_a_new_version_and_the_old_one_stays(loaded, time):
    pack = load_pack("dorset")
    partnership = loading.partnership_called("dorset")
    old = loading.current_strategy(partnership)
    moment = time.move(days=1)
    assert loading.load_pack(dataclasses.replace(pack, vision="Streets without fear", sha256="f" * 64), moment)
    new = loading.current_strategy(partnership)
    assert (new.number, new.vision, new.superseded_at) == (2, "Streets without fear", None)
    assert (old.number, old.superseded_at) == (1, moment)
    assert codes("dorset")[0] == "SV01"


def test_names_and_contact_that_an_officer_edited_are_not_overwritten(loaded):
    partnership = loading.partnership_called("dorset")
    partnership.name, partnership.phone = "Dorset Together", "01632 960999"
    loading.load_pack(dataclasses.replace(load_pack("dorset"), sha256="f" * 64), clock.now())
    assert (partnership.name, partnership.phone) == ("Dorset Together", "01632 960999")


def test_invented_figures_are_not_reference_data(loaded):
    assert [each.invented for each in db.session.scalars(select(NeedsDataset))] == [False]
    durham = loading.partnership_called("durham-darlington")
    dataset = loading.load_needs(durham, load_pack("durham-darlington"), clock.now())
    assert dataset.invented
    assert loading.load_needs(durham, load_pack("durham-darlington"), clock.now()) is None


def test_changed_figures_supersede_the_dataset_before(loaded, monkeypatch):
    bucks = loading.partnership_called("buckinghamshire")
    before = db.session.scalars(select(NeedsDataset)).one()
    figures = places.needs("buckinghamshire")
    changed = (dataclasses.replace(figures[0], count=57), *figures[1:])
    monkeypatch.setattr(places, "needs", lambda slug: changed)
    after = loading.load_needs(bucks, load_pack("buckinghamshire"), clock.now())
    assert before.superseded_at == clock.now()
    assert after.superseded_at is None


@pytest.mark.parametrize("slug", slugs())
def test_a_pack_is_read_back_from_its_version_as_it_was(loaded, slug):
    assert loading.pack_of(loading.current_strategy(loading.partnership_called(slug))) == load_pack(slug)


def test_the_loader_is_reference_data_of_order_ten():
    assert (10, "fund.strategy_loading", loading.load_strategies) in reference.LOADERS
