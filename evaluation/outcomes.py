"""What came of a round: its awards, places, periods and measurements as compact rows, six statements whatever its size.

Only accepted returns count. Nothing here is hidden; what may be shown to whom is the matter of evaluation/release.py.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import and_, func, select

from applications.tables import Application, ApplicationPlace
from applications.workflow import AWARDED
from awards.tables import Award, AwardVersion
from fund.core.database import db
from fund.core.money import share
from fund.tables import Area, Organisation, Priority, Round

from .indicators import counts_people, is_percentage, is_rate
from .tables import CaseStudy, Indicator, Measurement, MonitoringReturn, Promise, ReturnPeriod

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


def facts_of(round: Round) -> Facts:
    """Read a round's facts in six statements."""
    awards = _awards(round)
    for award_id, place in db.session.execute(_places(round)):
        awards[award_id].places.append(place)
    periods = [PeriodRow(*row) for row in db.session.execute(_periods(round))]
    for period in periods:
        award = awards[period.award_id]
        award.promised += period.expected
        if period.is_accepted:
            award.reached += period.people or 0
            award.spent_pence += period.spent_pence or 0
    return Facts(round, list(awards.values()), periods, _indicators(round), _stories(round))


def _of_round(wanted, round: Round):
    """Awards of the round that were accepted, now or in the end."""
    return wanted.join(Application, Application.id == Award.application_id).where(
        Award.round_id == round.id, Application.status.in_(AWARDED)
    )


def newest_terms():
    """A condition that keeps the latest version of an award."""
    newest = select(func.max(AwardVersion.number)).where(AwardVersion.award_id == Award.id).correlate(Award)
    return and_(AwardVersion.award_id == Award.id, AwardVersion.number == newest.scalar_subquery())


def _awards(round: Round) -> dict[int, AwardRow]:
    wanted = (
        select(
            Award.id, Award.reference, func.coalesce(Application.title, ""), Organisation.name,
            func.coalesce(Priority.code, ""), func.coalesce(Priority.title, "No priority"), func.coalesce(Priority.position, 999),
            func.coalesce(Application.prevention_level, ""), func.coalesce(Application.strand_id, ""), AwardVersion.amount_pence,
        )
        .join(Organisation, Organisation.id == Award.organisation_id)
        .join(AwardVersion, newest_terms())
    )  # fmt: skip
    wanted = _of_round(wanted, round).outerjoin(Priority, Priority.id == Application.priority_id)
    return {row[0]: AwardRow(*row) for row in db.session.execute(wanted.order_by(Award.reference))}


def _places(round: Round):
    wanted = select(Award.id, Area.name).select_from(Award)
    return (
        _of_round(wanted, round)
        .join(ApplicationPlace, ApplicationPlace.application_id == Application.id)
        .join(Area, Area.id == ApplicationPlace.area_id)
        .order_by(Award.id, Area.name)
    )


def _periods(round: Round):
    """Each period with its return that the fund has: accepted, or sent and still to be read."""
    with_us = and_(MonitoringReturn.period_id == ReturnPeriod.id, MonitoringReturn.status.in_(("sent", "accepted")))
    wanted = select(
        Award.id, ReturnPeriod.number, ReturnPeriod.ends_on, ReturnPeriod.due_on,
        func.coalesce(ReturnPeriod.people_expected, 0), ReturnPeriod.profile_pence,
        MonitoringReturn.people_count, MonitoringReturn.spent_pence, MonitoringReturn.status,
    ).join(Award, Award.id == ReturnPeriod.award_id)  # fmt: skip
    return _of_round(wanted, round).outerjoin(MonitoringReturn, with_us).order_by(Award.id, ReturnPeriod.number)


def _indicators(round: Round) -> list[IndicatorRow]:
    wanted = (
        select(
            Promise.id, Promise.measure, Promise.unit, Promise.target, Promise.baseline, Indicator.code, Indicator.title,
            Indicator.direction, Indicator.position,
        )
        .select_from(Promise)
        .join(Award, Award.id == Promise.award_id)
        .outerjoin(Indicator, Indicator.id == Promise.indicator_id)
    )  # fmt: skip
    rows: dict[tuple, IndicatorRow] = {}
    by_promise: dict[int, IndicatorRow] = {}
    ordered = _of_round(wanted, round).order_by(Indicator.position.is_(None), Indicator.position, Promise.measure)
    for key, measure, unit, target, baseline, code, title, direction, _ in db.session.execute(ordered):
        name = (code or measure.lower(), unit)
        row = rows.setdefault(
            name, IndicatorRow(code or "", title or measure, measure, unit, direction or "higher_better")
        )
        row.awards += 1
        row.targets.append(float(target))
        if baseline is not None:
            row.baselines.append(float(baseline))
        by_promise[key] = row
    for promise_id, ends_on, value, asked, answered in db.session.execute(_measurements(round)):
        by_promise[promise_id].figures.append((ends_on, value, asked, answered))
    return list(rows.values())


def _measurements(round: Round):
    wanted = (
        select(
            Measurement.promise_id, ReturnPeriod.ends_on, Measurement.value, func.coalesce(Measurement.asked_count, 0),
            func.coalesce(Measurement.answered_count, 0),
        )
        .join(MonitoringReturn, MonitoringReturn.id == Measurement.return_id)
        .join(ReturnPeriod, ReturnPeriod.id == MonitoringReturn.period_id)
        .join(Award, Award.id == ReturnPeriod.award_id)
        .where(MonitoringReturn.status == "accepted")
    )  # fmt: skip
    return _of_round(wanted, round).order_by(ReturnPeriod.ends_on, Measurement.id)


def _stories(round: Round) -> list[Story]:
    wanted = (
        select(
            CaseStudy.text, Organisation.name, func.coalesce(Priority.title, ""), func.coalesce(Application.title, "")
        )
        .join(MonitoringReturn, MonitoringReturn.id == CaseStudy.return_id)
        .join(ReturnPeriod, ReturnPeriod.id == MonitoringReturn.period_id)
        .join(Award, Award.id == ReturnPeriod.award_id)
        .join(Organisation, Organisation.id == Award.organisation_id)
    )
    wanted = _of_round(wanted, round).outerjoin(Priority, Priority.id == Application.priority_id)
    wanted = wanted.where(CaseStudy.published_at.is_not(None)).order_by(CaseStudy.published_at.desc(), CaseStudy.id)
    return [Story(*row) for row in db.session.execute(wanted.limit(12))]
