"""Brings the strategy packs that ship into the database: a pack that did not change changes nothing, one that did is a new
version beside the old one, which the rounds that began under it keep.

What an officer may have edited (a partnership's names, contact, letterhead) is written once and never overwritten.
"""

import dataclasses
import datetime as dt
from typing import Any

from sqlalchemy import func, select

from fund.core.database import db
from fund.core.reference import reference
from fund.strategies import loader, places
from fund.strategies.national import NationalMeasure
from fund.strategies.pack import Fundable, StrategyPack
from fund.strategies.reading import PackError, Place, build, load_yaml
from fund.tables import Area, Board, Measure, NeedsDataset, NeedsFigure, Outcome, Partnership, Priority, Strategy


@reference(10)
def load_strategies(now: dt.datetime) -> str:
    """Every pack, its places and its needs figures; figures that were made up are left to the demonstration."""
    packs = loader.all_packs()
    new = sum(load_pack(pack, now) for pack in packs)
    for pack in packs:
        partnership = partnership_called(pack.slug)
        load_areas(partnership)
        if pack.needs.table and not pack.needs.table.invented:
            load_needs(partnership, pack, now)
    return f"Strategies: {len(packs)} packs, {new} new or changed."


def partnership_called(slug: str) -> Partnership:
    """The partnership with this short name, which must be there."""
    return db.session.scalars(select(Partnership).where(Partnership.slug == slug)).one()


def current_strategy(partnership: Partnership) -> Strategy | None:
    """The version that new rounds start from."""
    wanted = (Strategy.partnership_id == partnership.id, Strategy.superseded_at.is_(None))
    return db.session.scalar(select(Strategy).where(*wanted).order_by(Strategy.number.desc()))


def load_pack(pack: StrategyPack, now: dt.datetime) -> bool:
    """One pack into its tables. True when it made a new strategy version, False when nothing had changed."""
    partnership = _find_or_add_partnership(pack)
    before = current_strategy(partnership)
    if before is not None and before.pack_sha256 == pack.sha256:
        return False
    number = db.session.scalar(select(func.max(Strategy.number)).where(Strategy.partnership_id == partnership.id)) or 0
    if before is not None:
        before.superseded_at = now
    strategy = Strategy(
        partnership_id=partnership.id,
        number=number + 1,
        title=pack.strategy.title or None,
        vision=pack.vision or None,
        objective="\n".join(objective.summary for objective in pack.objectives) or None,
        source=pack.identity.source,
        pack=as_json(pack),
        pack_sha256=pack.sha256,
        loaded_at=now,
    )
    db.session.add(strategy)
    db.session.flush()
    db.session.add_all([*_priorities(strategy, pack), *_outcomes(strategy, pack), *_boards(strategy, pack)])
    db.session.add_all(_measures(strategy, pack, loader.national_measures(pack)))
    db.session.flush()
    return True


def _find_or_add_partnership(pack: StrategyPack) -> Partnership:
    found = db.session.scalar(select(Partnership).where(Partnership.slug == pack.slug))
    if found is not None:
        return found
    partnership = Partnership(
        slug=pack.slug,
        name=pack.identity.name,
        short_name=pack.identity.short_name,
        area=pack.identity.area,
        funder_name=pack.contact.funder,
        email=pack.contact.email,
        phone=pack.contact.phone,
        letterhead=list(pack.contact.letterhead),
    )
    db.session.add(partnership)
    db.session.flush()
    return partnership


def _priorities(strategy: Strategy, pack: StrategyPack) -> list[Priority]:
    return [
        Priority(
            strategy_id=strategy.id,
            code=each.code,
            title=each.title,
            strand=each.group or None,
            target_group=_target_group(each),
            levels=list(each.prevention_levels_suggested),
            position=place,
        )
        for place, each in enumerate(pack.fundable, 1)
    ]


def _target_group(each: Fundable) -> dict[str, Any]:
    """The group's own facts that are there, and `words` for a card; empty where the strategy names no group."""
    if not each.target_group:
        return {}
    facts = {key: value for key, value in dataclasses.asdict(each.target_group).items() if value not in (None, ())}
    return facts | {"words": each.target_group.words}


def _outcomes(strategy: Strategy, pack: StrategyPack) -> list[Outcome]:
    return [
        Outcome(
            strategy_id=strategy.id,
            code=each.code or f"O{place}",
            title=each.title,
            group=each.group or each.stage,
            position=place,
        )
        for place, each in enumerate(pack.outcomes, 1)
    ]


def _boards(strategy: Strategy, pack: StrategyPack) -> list[Board]:
    return [
        Board(strategy_id=strategy.id, name=each.name, role=each.role, position=place)
        for place, each in enumerate(pack.governance.boards, 1)
    ]


def _measures(strategy: Strategy, pack: StrategyPack, national: tuple[NationalMeasure, ...]) -> list[Measure]:
    named = [(each.code, each.title) for each in national] + [(None, text) for text in pack.success_measures.words]
    return [
        Measure(strategy_id=strategy.id, code=code, title=title, position=place)
        for place, (code, title) in enumerate(named, 1)
    ]


def load_areas(partnership: Partnership) -> int:
    """The places that a bid can name; how many were new. A place that bids may already name is never taken away."""
    there = set(db.session.scalars(select(Area.name).where(Area.partnership_id == partnership.id)))
    new = [each for each in places.areas(partnership.slug) if each.name not in there]
    db.session.add_all(
        Area(
            partnership_id=partnership.id,
            name=each.name,
            kind=each.kind,
            district=each.district,
            source=each.source,
        )
        for each in new
    )
    db.session.flush()
    return len(new)


def load_needs(partnership: Partnership, pack: StrategyPack, now: dt.datetime) -> NeedsDataset | None:
    """The needs figures by place and year. Returns the dataset when it is new or changed; the one before is superseded."""
    figures = places.needs(partnership.slug)
    if not figures:
        return None
    digest = loader.content_sha256([dataclasses.astuple(figure) for figure in figures])
    wanted = (NeedsDataset.partnership_id == partnership.id, NeedsDataset.superseded_at.is_(None))
    for before in db.session.scalars(select(NeedsDataset).where(*wanted)):
        if before.sha256 == digest:
            return None
        if before.measure == figures[0].measure:
            before.superseded_at = now
    first = figures[0]
    dataset = NeedsDataset(
        partnership_id=partnership.id,
        title=f"{first.measure}, by place and year",
        measure=first.measure,
        scope=first.scope,
        source=first.source,
        invented=first.invented,
        sha256=digest,
        loaded_at=now,
    )
    db.session.add(dataset)
    db.session.flush()
    keys = dict(db.session.execute(select(Area.name, Area.id).where(Area.partnership_id == partnership.id)).all())
    db.session.add_all(
        NeedsFigure(
            dataset_id=dataset.id,
            area_id=keys[each.area],
            period=each.period,
            count=each.count,
            note=each.note or None,
        )
        for each in figures
    )
    db.session.flush()
    return dataset


def as_json(pack: StrategyPack) -> dict[str, Any]:
    """What the pack's file says, as kept with the version (dates as text)."""
    data = load_yaml(loader.PACKS / f"{pack.slug}.yaml")
    return {**data, "as_of": data["as_of"].isoformat()}


_READ: dict[str, StrategyPack] = {}  # by the digest of their content, which tells versions apart


def pack_of(strategy: Strategy) -> StrategyPack:
    """The pack as this version of the strategy was loaded. Raises PackError when its shape is no longer known."""
    digest = strategy.pack_sha256
    if digest not in _READ:
        data = strategy.pack
        if not data:
            raise PackError(f"Strategy {strategy.id} was not loaded from a pack.")
        day = dt.date.fromisoformat(data["as_of"])
        _READ[digest] = build(StrategyPack, {**data, "as_of": day, "sha256": digest}, Place(data["slug"]))
    return _READ[digest]
