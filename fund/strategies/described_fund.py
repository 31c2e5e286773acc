"""A fund as a partnership's document describes it; what a round really offers is the round's own."""

from dataclasses import dataclass
from datetime import date

from fund.strategies.gap import Gap
from fund.strategies.reading import in_pounds

Lines = tuple[str, ...]


@dataclass(frozen=True)
class FundCriterion:
    code: str
    text: str


@dataclass(frozen=True)
class DeliveryWindow:
    first_month: str  # "2024-01"
    last_month: str
    months: int

    @property
    def words(self) -> str:
        """ "January 2024 to March 2025, 15 months"."""
        first, last = (f"{date.fromisoformat(f'{month}-01'):%B %Y}" for month in (self.first_month, self.last_month))
        return f"{first} to {last}, {self.months} months"


@dataclass(frozen=True)
class ExternalFact:
    fact: str
    source: str
    note: str | None = None


@dataclass(frozen=True)
class FundCap:
    """A most as the document states it; who counts as registered is the round's to say."""

    key: str
    label: str
    most_pence: int = in_pounds("most_pounds")


@dataclass(frozen=True)
class Fund:
    """The fund as the document describes it; a round has figures of its own, which an officer may edit."""

    name: str
    total_is_approximate: bool
    delivery: DeliveryWindow
    caps: tuple[FundCap, ...]
    meaning_of_registered: str | Gap
    criteria: tuple[FundCriterion, ...]
    evaluation: str
    unstated: Lines
    external: tuple[ExternalFact, ...]
    total_pence: int = in_pounds("total_pounds")
