"""What came of a round as compact rows: its awards with their places, periods, indicators and stories.

Only accepted returns count. Nothing here is hidden; what may be shown to whom is the matter of evaluation/release.py.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from fund.core.money import share
from fund.tables import Round

from .indicators import counts_people, is_percentage, is_rate

NO_PLACE = "No place named"
WELLBEING = "SWEMWBS"


@dataclass
class AwardRow:
    """One award: what it was given (pence), promised and reported so far."""

    id: int
    reference: str
    title: str
    organisation: str
    priority: str
    priority_title: str
    position: int
    level: str
    strand: str
    amount_pence: int
    places: list[str] = field(default_factory=list)
    promised: int = 0
    reached: int = 0
    spent_pence: int = 0


@dataclass
class PeriodRow:
    award_id: int
    number: int
    ends_on: date
    due_on: date
    expected: int
    profile_pence: int
    people: int | None
    spent_pence: int | None
    status: str | None

    @property
    def is_accepted(self) -> bool:
        return self.status == "accepted"


@dataclass
class IndicatorRow:
    """One indicator over the round. A rate is averaged over those who answered; anything else is added up."""

    code: str
    title: str
    measure: str
    unit: str
    direction: str
    awards: int = 0
    targets: list[float] = field(default_factory=list)
    baselines: list[float] = field(default_factory=list)
    figures: list[tuple[date, float | None, int, int]] = field(default_factory=list)

    @property
    def is_rate(self) -> bool:
        return is_rate(self.unit)

    @property
    def is_percentage(self) -> bool:
        return is_percentage(self.unit)

    @property
    def counts_people(self) -> bool:
        return counts_people(self.unit)

    @property
    def target(self) -> float:
        """Added up for counts, the mean of the awards for rates."""
        return sum(self.targets) / (len(self.targets) if self.is_rate else 1) if self.targets else 0

    @property
    def baseline(self) -> float | None:
        if not self.baselines:
            return None
        return sum(self.baselines) / (len(self.baselines) if self.is_rate else 1)

    @property
    def asked(self) -> int:
        return sum(asked for _, value, asked, _ in self.figures if value is not None)

    @property
    def answered(self) -> int:
        return sum(answered for _, value, _, answered in self.figures if value is not None)

    @property
    def reported(self) -> float | None:
        return self.reported_in(None)

    def reported_in(self, quarter: date | None) -> float | None:
        """What was reported in the quarter that begins on this day, or ever; None when nothing was."""
        known = [
            (value, answered)
            for ends_on, value, _, answered in self.figures
            if value is not None and quarter in (None, quarter_of(ends_on))
        ]
        if not self.is_rate:
            return sum(value for value, _ in known) if known else None
        weight = sum(answered for _, answered in known)
        return sum(value * answered for value, answered in known) / weight if weight else None

    def answered_in(self, quarter: date) -> int:
        return sum(n for ends_on, value, _, n in self.figures if value is not None and quarter_of(ends_on) == quarter)


@dataclass
class Story:
    text: str
    organisation: str
    priority: str
    title: str


@dataclass
class Facts:
    """Everything a page about a round's outcomes is made of."""

    round: Round
    awards: list[AwardRow]
    periods: list[PeriodRow]
    indicators: list[IndicatorRow]
    stories: list[Story]

    @property
    def accepted_count(self) -> int:
        return sum(period.is_accepted for period in self.periods)

    def due_count(self, today: date) -> int:
        """Returns whose day has come, or that came before it."""
        return sum(period.due_on <= today or period.is_accepted for period in self.periods)

    @property
    def waiting_count(self) -> int:
        return sum(period.status == "sent" for period in self.periods)

    @property
    def headline(self) -> IndicatorRow | None:
        """The percentage to put on top: better wellbeing where it is measured, else the one that rests on most answers."""
        rates = [row for row in self.indicators if row.is_percentage and row.reported is not None and row.code]
        return max(rates, key=lambda row: (row.code == WELLBEING, row.answered), default=None)

    def people_by(self, key) -> dict:
        """People reached by a key of the award; awards with several places are shared equally between them."""
        found: dict = defaultdict(int)
        for award in self.awards:
            names = key(award)
            for name, people in zip(names, share(award.reached, len(names)), strict=True):
                found[name] += people
        return found


def quarter_of(day: date) -> date:
    """The first day of the calendar quarter."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def quarter_words(first: date) -> str:
    return f"{first:%b} {first.year}"
