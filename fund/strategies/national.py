"""The shape of national.yaml: the duty, the national measures and the prevention levels that all packs share."""

import datetime as dt
from dataclasses import dataclass

from fund.strategies.gap import Gap

Lines = tuple[str, ...]


@dataclass(frozen=True)
class Duty:
    act: str
    in_force: dt.date
    publish_strategy_by: dt.date
    publish_strategy_note: str
    approach: str
    specified_authorities: Lines
    relevant_authorities: Lines
    statutory_definition: str
    guidance_asks_areas_to_include: Lines
    guidance_date: str
    source: str


@dataclass(frozen=True)
class NationalMeasure:
    """A success measure of the Home Office; `direction` is lower_is_better or higher_is_better."""

    code: str
    title: str
    focus: str
    direction: str
    source: str


@dataclass(frozen=True)
class FourSteps:
    named_in: str
    steps: Lines | Gap


@dataclass(frozen=True)
class PreventionLevel:
    key: str
    label: str
    our_words: str


@dataclass(frozen=True)
class PreventionLevels:
    attributed_to: str
    source: str
    definitions: str | Gap
    levels: tuple[PreventionLevel, ...]


@dataclass(frozen=True)
class National:
    schema_version: int
    duty: Duty
    measures: tuple[NationalMeasure, ...]
    four_steps: FourSteps
    prevention_levels: PreventionLevels
