"""Reads the library of indicators: what a project may promise, how it is counted and which way is better.

`indicators()` is all of them, `indicators_for(pack, code)` those of one priority or outcome of a partnership, and
`common_indicators()` those that any project may use.
"""

import csv
import dataclasses
import functools
from pathlib import Path

from fund.strategies.pack import StrategyPack

FILE = Path(__file__).parent / "outcomes_framework.csv"
DIRECTIONS = ("higher_better", "lower_better", "context")
FOR_ALL = "all"
DELIVERY, TOOLS = "delivery and finance", "participant tool"


@dataclasses.dataclass(frozen=True)
class Indicator:
    """One indicator. `direction` context means that a change is neither good nor bad by itself."""

    indicator_id: str
    indicator: str
    domain: str
    linked_to: tuple[str, ...]  # codes of priorities, outcomes or measures, or "all"
    unit: str
    direction: str
    level: str  # area, partnership, project or participant
    frequency: str
    collection: str
    source: str
    licence_caveat: str
    status: str
    note: str

    @property
    def is_percentage(self) -> bool:
        return self.unit.startswith("%")


@functools.cache
def indicators() -> tuple[Indicator, ...]:
    """Every indicator, in the file's order. Raises ValueError when an id is there twice or a direction is unknown."""
    with FILE.open(encoding="utf-8", newline="") as file:
        found = tuple(_indicator(row) for row in csv.DictReader(file, strict=True))
    if len({each.indicator_id for each in found}) != len(found):
        raise ValueError(f"{FILE.name}: an indicator_id is there twice")
    for each in found:
        if each.direction not in DIRECTIONS:
            raise ValueError(f"{FILE.name}: {each.indicator_id} has the unknown direction {each.direction!r}")
    return found


def indicator(indicator_id: str) -> Indicator | None:
    """The indicator with this id; None when there is none."""
    return next((each for each in indicators() if each.indicator_id == indicator_id), None)


def indicators_for(pack: StrategyPack, code: str) -> tuple[Indicator, ...]:
    """The partnership's own indicators for one thing a round funds, those of its grouped outcomes included."""
    fundable = next((each for each in pack.fundable if each.code == code), None)
    codes = {code, *(outcome.code for outcome in fundable.outcomes)} if fundable else {code}
    own = (each for each in indicators() if each.domain in pack.indicator_domains)
    return tuple(each for each in own if codes.intersection(each.linked_to))


def common_indicators() -> tuple[Indicator, ...]:
    """Those that any project may use: delivery, finance and questionnaires, whatever the priority."""
    return tuple(each for each in indicators() if each.domain in (DELIVERY, TOOLS))


def _indicator(row: dict[str, str]) -> Indicator:
    codes = tuple(code.strip() for code in row["linked_to"].split(",") if code.strip())
    return Indicator(**{**row, "linked_to": codes})  # type: ignore[arg-type]
