"""All periods of one award at a glance, and what its spend will come to if the rest goes as planned."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from awards.tables import Award
from fund.core.database import db

from .periods import Standing, standing, terms_of
from .tables import MonitoringReturn, ReturnPeriod
from .workflow import WITH_THE_FUND


@dataclass(frozen=True)
class Line:
    period: ReturnPeriod
    latest: MonitoringReturn | None
    standing: Standing


@dataclass(frozen=True)
class Overview:
    """`people` and `spent_pence` are those of returns the fund has, accepted or still to be read."""

    lines: list[Line]
    amount_pence: int

    @property
    def reported(self) -> list[Line]:
        return [line for line in self.lines if line.latest is not None and line.latest.status in WITH_THE_FUND]

    @property
    def people(self) -> int:
        return sum(line.latest.people_count or 0 for line in self.reported)

    @property
    def people_promised(self) -> int:
        return sum(line.period.people_expected or 0 for line in self.lines)

    @property
    def spent_pence(self) -> int:
        return sum(line.latest.spent_pence or 0 for line in self.reported)

    @property
    def next(self) -> Line | None:
        """The return to do next: the earliest that the fund does not have."""
        return next((line for line in self.lines if line not in self.reported), None)


def overview_of(award: Award, today: date) -> Overview:
    """The award's periods with the latest version of each, in two statements."""
    rows = db.session.execute(
        select(ReturnPeriod, MonitoringReturn)
        .outerjoin(MonitoringReturn, MonitoringReturn.period_id == ReturnPeriod.id)
        .where(ReturnPeriod.award_id == award.id)
        .order_by(ReturnPeriod.number, MonitoringReturn.number.desc())
    ).all()
    seen: dict[int, Line] = {}
    for period, row in rows:
        status = row.status if row is not None else None
        seen.setdefault(period.id, Line(period, row, standing(period.starts_on, period.due_on, status, today)))
    return Overview(list(seen.values()), terms_of(award).amount_pence)
