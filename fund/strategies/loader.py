"""Reads the strategy packs and refuses one that contradicts itself.

`load_pack(slug)`, `all_packs()`, `national()`, `criteria()`. Everything is read once and never changes while the
process runs; a caller that wants rows in a database writes them from these objects.
"""

import dataclasses
import functools
import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from fund.strategies.gap import Gap
from fund.strategies.legal_form import legal_form_keys
from fund.strategies.national import National, NationalMeasure
from fund.strategies.pack import StrategyPack
from fund.strategies.reading import PackError, Place, build, load_yaml
from fund.strategies.round_defaults import MARKS, WEIGHTS_ADD_UP_TO, LibraryCriterion, RoundDefaults

HERE = Path(__file__).parent
PACKS = HERE / "packs"
SCHEMA_VERSION = 1
ROUNDS_FUND = ("priorities", "outcomes")
TABLE_SHAPES = ("long", "ward_years")


def load_pack(slug: str) -> StrategyPack:
    """The pack of one partnership. Raises PackError when there is none, or its file is not right."""
    if slug not in slugs():
        raise PackError(f"There is no strategy pack called {slug!r}. There are: {', '.join(slugs())}.")
    return _shipped_pack(slug)


def all_packs() -> tuple[StrategyPack, ...]:
    """Every pack that ships, in the order of their names."""
    return tuple(sorted((load_pack(slug) for slug in slugs()), key=lambda pack: pack.identity.short_name))


@functools.cache
def slugs() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in PACKS.glob("*.yaml")))


@functools.cache
def _shipped_pack(slug: str) -> StrategyPack:
    return read_pack(PACKS / f"{slug}.yaml")


def read_pack(path: Path) -> StrategyPack:
    """The pack in any file, checked. Raises PackError with a sentence that names file and key."""
    data, place = load_yaml(path), Place(path.name)
    if not isinstance(data, dict):
        place.refuse("must hold keys and values")
    if "sha256" in data:
        place.at("sha256").refuse("is worked out, not written")
    pack = build(StrategyPack, {**data, "sha256": content_sha256(data)}, place)
    check_pack(pack, path)
    return pack


def content_sha256(data: Any) -> str:
    """SHA-256 of what a file says, whatever its comments, line ends and order of keys."""
    plain = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(plain.encode()).hexdigest()


@functools.cache
def national() -> National:
    """The duty, the national measures and the prevention levels."""
    path = HERE / "national.yaml"
    return build(National, load_yaml(path), Place(path.name))


def national_measures(pack: StrategyPack) -> tuple[NationalMeasure, ...]:
    """The national measures that the pack counts its success by; empty when it names none."""
    wanted = tuple(pack.success_measures.national)
    return tuple(measure for measure in national().measures if measure.code in wanted)


@dataclasses.dataclass(frozen=True)
class _CriteriaFile:
    schema_version: int
    criteria: tuple[LibraryCriterion, ...]


@functools.cache
def criteria() -> dict[str, LibraryCriterion]:
    """The library of criteria by key. Raises PackError when one lacks a descriptor for each mark."""
    path = HERE / "criteria.yaml"
    found = build(_CriteriaFile, load_yaml(path), Place(path.name)).criteria
    for criterion in found:
        if len(criterion.descriptors) != MARKS:
            raise PackError(f"{path.name}: criterion {criterion.key} needs {MARKS} descriptors, for marks 0 to 5")
    return {criterion.key: criterion for criterion in found}


def check_pack(pack: StrategyPack, path: Path) -> None:
    """Refuses what the shapes alone cannot: codes that point nowhere, doubles, weights that do not add up."""
    top = Place(path.name)
    if pack.schema_version != SCHEMA_VERSION:
        top.at("schema_version").refuse(f"must be {SCHEMA_VERSION}")
    if pack.slug != path.stem:
        top.at("slug").refuse(f"must be the file's name, {path.stem}")
    _one_of(pack.rounds_fund, ROUNDS_FUND, top.at("rounds_fund"))
    _check_fundable(pack, top)
    _check_measures(pack, top)
    if not isinstance(pack.needs.table, Gap):
        _one_of(pack.needs.table.shape, TABLE_SHAPES, top.at("needs.table.shape"))
    _check_round_defaults(pack.round_defaults, {each.code for each in pack.fundable}, top.at("round_defaults"))


def _check_fundable(pack: StrategyPack, top: Place) -> None:
    if not pack.fundable:
        top.at(pack.rounds_fund).refuse("is empty, so a round would have nothing to fund")
    if not all(each.code for each in pack.fundable):
        top.at(pack.rounds_fund).refuse("needs a code for each, since rounds fund them")
    _no_doubles((each.code for each in pack.priorities), top.at("priorities"))
    _no_doubles((each.code for each in pack.outcomes if each.code), top.at("outcomes"))
    levels = {level.key for level in national().prevention_levels.levels}
    groups = {outcome.group for outcome in pack.outcomes if outcome.group}
    for priority in pack.priorities:
        place = top.at(f"priorities {priority.code}")
        for level in priority.prevention_levels_suggested:
            _one_of(level, levels, place.at("prevention_levels_suggested"))
        if priority.outcome_group is not None:
            _one_of(priority.outcome_group, groups, place.at("outcome_group"))


def _check_measures(pack: StrategyPack, top: Place) -> None:
    known = {measure.code for measure in national().measures}
    for code in pack.success_measures.national:
        _one_of(code, known, top.at("success_measures.national"))


def _check_round_defaults(defaults: RoundDefaults, fundable: set[str], place: Place) -> None:
    if not defaults.demonstration:
        place.at("demonstration").refuse("must be true: these figures are ours, not the partnership's")
    forms = [form for cap in defaults.caps for form in cap.legal_forms]
    _no_doubles(forms, place.at("caps"))
    for form in forms:
        _one_of(form, legal_form_keys(), place.at("caps"))
    _no_doubles((choice.key for choice in defaults.criteria), place.at("criteria"))
    for choice in defaults.criteria:
        _one_of(choice.key, criteria(), place.at("criteria"))
        for exception in choice.may_not_apply_to:
            _one_of(exception.fundable, fundable, place.at(f"criteria {choice.key}"))
    if sum(choice.weight for choice in defaults.criteria) != WEIGHTS_ADD_UP_TO:
        place.at("criteria").refuse(f"must have weights that add up to {WEIGHTS_ADD_UP_TO}")


def _one_of(value: str, known: Iterable[str], place: Place) -> None:
    if value not in (allowed := sorted(known)):
        place.refuse(f"names {value!r}, which is none of {', '.join(allowed)}")


def _no_doubles(values: Iterable[str], place: Place) -> None:
    seen = list(values)
    if doubles := sorted({value for value in seen if seen.count(value) > 1}):
        place.refuse(f"holds {', '.join(doubles)} more than once")
