"""What the awards of a round will leave unspent: spent so far and the rest of the plan, against the award.

No trend is guessed at: periods not reported yet are taken as planned. So the forecast of an award that has reported
everything is exact, and before its first return it is nought.
"""

from dataclasses import dataclass

from sqlalchemy import and_, case, func, select

from applications.tables import Application
from applications.workflow import AWARDED
from awards.tables import Award, AwardVersion
from fund.core.database import db
from fund.tables import Organisation, Round

from .outcomes_reading import newest_terms
from .tables import MonitoringReturn, ReturnPeriod
from .workflow import WITH_THE_FUND


@dataclass(frozen=True)
class Forecast:
    """One award. `spent_pence` from returns sent or accepted, `planned_pence` the profile of the other periods."""

    award_id: int
    reference: str
    group: str
    status: str
    amount_pence: int
    spent_pence: int
    planned_pence: int
    reported_count: int
    periods_count: int

    @property
    def comes_to_pence(self) -> int:
        return self.spent_pence + self.planned_pence

    @property
    def underspend_pence(self) -> int:
        """What will be left of the award; below nothing when it will be overspent."""
        return self.amount_pence - self.comes_to_pence


SORTS = {
    "reference": lambda row: row.reference,
    "group": lambda row: row.group.lower(),
    "awarded": lambda row: row.amount_pence,
    "spent": lambda row: row.spent_pence,
    "underspend": lambda row: row.underspend_pence,
}


def forecast_of(round: Round) -> list[Forecast]:
    """One line for each award of the round, in one statement, by reference."""
    reported = MonitoringReturn.status.in_(WITH_THE_FUND)
    wanted = (
        select(
            Award.id, Award.reference, Organisation.name, Application.status, AwardVersion.amount_pence,
            func.coalesce(func.sum(MonitoringReturn.spent_pence), 0),
            func.coalesce(func.sum(case((MonitoringReturn.id.is_(None), ReturnPeriod.profile_pence), else_=0)), 0),
            func.count(MonitoringReturn.id), func.count(ReturnPeriod.id),
        )
        .join(Application, Application.id == Award.application_id)
        .join(Organisation, Organisation.id == Award.organisation_id)
        .join(AwardVersion, newest_terms())
        .outerjoin(ReturnPeriod, ReturnPeriod.award_id == Award.id)
        .outerjoin(MonitoringReturn, and_(MonitoringReturn.period_id == ReturnPeriod.id, reported))
        .where(Award.round_id == round.id, Application.status.in_(AWARDED))
        .group_by(Award.id, Award.reference, Organisation.name, Application.status, AwardVersion.amount_pence)
        .order_by(Award.reference)
    )  # fmt: skip
    return [Forecast(*row[:5], *(int(value) for value in row[5:])) for row in db.session.execute(wanted)]
