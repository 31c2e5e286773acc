"""Everything one return page shows, read in four statements whatever the award: its versions, money, promises, figures."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from fund.core.database import db

from .figures import number_words
from .indicators import is_rate
from .periods import Standing, standing
from .promises import promises_of
from .tables import BudgetHeading, Measurement, MonitoringReturn, Promise, ReturnPeriod, SpendLine
from .variance import Variance
from .workflow import WITH_THE_FUND, WITH_THE_GRANTEE


@dataclass(frozen=True)
class Sheet:
    """One period, the version that is looked at, and what stands around it. `shown` is None before the first save."""

    period: ReturnPeriod
    periods: list[ReturnPeriod]
    versions: list[MonitoringReturn]
    shown: MonitoringReturn | None
    latest_by_period: dict[int, MonitoringReturn]
    headings: list[BudgetHeading]
    lines: dict[str, int]
    promises: list[Promise]
    figures_by_return: dict[int, dict[int, Measurement]]

    @property
    def figures(self) -> dict[int, Measurement]:
        return self.figures_by_return.get(self.shown.id, {}) if self.shown else {}

    @property
    def can_be_written(self) -> bool:
        return not self.versions or self.versions[0].status in WITH_THE_GRANTEE

    @property
    def people_promised(self) -> int:
        return sum(each.people_expected or 0 for each in self.periods)

    @property
    def people_before(self) -> int:
        """People of the other periods' returns that the fund has."""
        return sum(row.people_count or 0 for row in self._with_the_fund())

    @property
    def spent_before_pence(self) -> int:
        return sum(row.spent_pence or 0 for row in self._with_the_fund())

    def _with_the_fund(self) -> list[MonitoringReturn]:
        return [
            row for key, row in self.latest_by_period.items() if key != self.period.id and row.status in WITH_THE_FUND
        ]

    @property
    def variance(self) -> Variance | None:
        """Spent against profile, once the spend is known."""
        if self.shown is None or self.shown.spent_pence is None:
            return None
        percent = self.period.award.round.underspend_flag_percent
        return Variance(self.period.profile_pence, self.shown.spent_pence, percent)

    def standing(self, today: date) -> Standing:
        status = self.versions[0].status if self.versions else None
        return standing(self.period.starts_on, self.period.due_on, status, today)

    def so_far(self, promise: Promise) -> float | None:
        """What was reported for a promise in the other periods: added up, or averaged over those who answered."""
        found = [self.figures_by_return.get(row.id, {}).get(promise.id) for row in self._with_the_fund()]
        known = [each for each in found if each is not None and each.value is not None]
        if not known:
            return None
        if not is_rate(promise.unit):
            return sum(each.value for each in known)
        weight = sum(each.answered_count or 0 for each in known)
        return sum(each.value * (each.answered_count or 0) for each in known) / weight if weight else None

    def beside(self, promise: Promise) -> str:
        """ "Started at 12 %. Target 60 %. So far 55 %." """
        unit = promise.unit
        known = promise.baseline is not None
        started = f"Started at {number_words(promise.baseline, unit)}" if known else "Start not known yet"
        words = f"{started}. Target {number_words(promise.target, unit)}."
        so_far = self.so_far(promise)
        return words if so_far is None else f"{words} So far {number_words(so_far, unit)}."


def sheet_for(period: ReturnPeriod, number: int | None = None) -> Sheet | None:
    """The sheet of a period's latest version, or of the one with this number; None when there is no such version."""
    rows = db.session.execute(
        select(ReturnPeriod, MonitoringReturn)
        .outerjoin(MonitoringReturn, MonitoringReturn.period_id == ReturnPeriod.id)
        .where(ReturnPeriod.award_id == period.award_id)
        .order_by(ReturnPeriod.number, MonitoringReturn.number.desc())
    ).all()
    versions = [row for each, row in rows if each.id == period.id and row is not None]
    shown = next((row for row in versions if number is None or row.number == number), None)
    if number is not None and shown is None:
        return None
    latest: dict[int, MonitoringReturn] = {}
    for each, row in rows:
        if row is not None:
            latest.setdefault(each.id, row)
    headings, lines = _money(period, shown)
    return Sheet(
        period=period, periods=list({each.id: each for each, _ in rows}.values()), versions=versions, shown=shown,
        latest_by_period=latest, headings=headings, lines=lines, promises=promises_of(period.award),
        figures_by_return=_figures(period),
    )  # fmt: skip


def _money(period: ReturnPeriod, shown: MonitoringReturn | None) -> tuple[list[BudgetHeading], dict[str, int]]:
    same = (SpendLine.heading == BudgetHeading.heading) & (SpendLine.return_id == (shown.id if shown else 0))
    rows = db.session.execute(
        select(BudgetHeading, SpendLine.amount_pence)
        .outerjoin(SpendLine, same)
        .where(BudgetHeading.award_id == period.award_id)
        .order_by(BudgetHeading.position)
    ).all()
    return [heading for heading, _ in rows], {row.heading: pence for row, pence in rows if pence is not None}


def _figures(period: ReturnPeriod) -> dict[int, dict[int, Measurement]]:
    found: dict[int, dict[int, Measurement]] = defaultdict(dict)
    wanted = (
        select(Measurement)
        .join(MonitoringReturn, MonitoringReturn.id == Measurement.return_id)
        .join(ReturnPeriod, ReturnPeriod.id == MonitoringReturn.period_id)
        .where(ReturnPeriod.award_id == period.award_id)
    )
    for figure in db.session.scalars(wanted):
        found[figure.return_id][figure.promise_id] = figure
    return found
