"""What a needs assessment says, as facts with figures; the figures by place and year are read by places.py."""

from dataclasses import dataclass
from decimal import Decimal

from fund.strategies.gap import Gap

Lines = tuple[str, ...]


@dataclass(frozen=True)
class Figure:
    """One number (`value` with its `unit`) or, where there is none to give, words (`text`)."""

    label: str
    value: Decimal | None = None
    unit: str = ""
    text: str | None = None

    def __str__(self) -> str:
        if self.value is None:
            return self.text or ""
        return f"{self.value:,}{'' if self.unit == '%' or not self.unit else ' '}{self.unit}"


@dataclass(frozen=True)
class NeedsFact:
    fact: str
    figures: tuple[Figure, ...] = ()
    scope: str | None = None  # what is counted in and out, where that is not plain


@dataclass(frozen=True)
class NeedsTable:
    """A file of figures by place and year in strategies/needs/."""

    file: str
    shape: str  # "long": a row per place and year; "ward_years": a row per ward, a column per year
    measure: str
    scope: str
    invented: bool


@dataclass(frozen=True)
class Needs:
    data_period: str | Gap
    data_source: str | Gap
    cycle: str | Gap
    history: Lines
    facts: tuple[NeedsFact, ...] | Gap
    table: NeedsTable | Gap
    national_facts: tuple[NeedsFact, ...] = ()  # as quoted in the document
