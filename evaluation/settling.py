"""When an award can be closed and a round finished: what delivery still owes."""

from sqlalchemy import func, select

from applications.tables import Application
from applications.workflow import APPLICATION, ENDED
from awards import unspent
from awards.tables import Award
from fund.core.database import db
from fund.core.problems import Problem
from fund.tables import Round
from fund.workflow import ROUND

from .tables import MonitoringReturn, ReturnPeriod


@APPLICATION.check("needs", "final_return_accepted")
def _final_return_accepted(application: Application, *, by, now, **facts) -> None:
    """Every return of the award, the last one too, is accepted."""
    accepted = select(MonitoringReturn.period_id).where(MonitoringReturn.status == "accepted")
    wanted = (
        select(ReturnPeriod.number)
        .join(Award, Award.id == ReturnPeriod.award_id)
        .where(Award.application_id == application.id, ReturnPeriod.id.not_in(accepted))
        .order_by(ReturnPeriod.number)
    )
    missing = list(db.session.scalars(wanted))
    if missing:
        which = f"Return {missing[0]} is" if len(missing) == 1 else f"Returns {', '.join(map(str, missing))} are"
        raise Problem(f"{which} not accepted yet. An award is closed when every return is.")


@unspent.spending
def _spent(awards: list[int]) -> dict[int, int]:
    """By award: pence that its accepted returns say were spent; awards without one are left out. One statement."""
    wanted = (
        select(ReturnPeriod.award_id, func.sum(MonitoringReturn.spent_pence))
        .join(MonitoringReturn, MonitoringReturn.period_id == ReturnPeriod.id)
        .where(ReturnPeriod.award_id.in_(awards), MonitoringReturn.status == "accepted")
        .group_by(ReturnPeriod.award_id)
    )
    return {award: int(spent or 0) for award, spent in db.session.execute(wanted)}


@ROUND.check("needs", "everything_settled")
def _everything_settled(round: Round, *, by, now, **facts) -> None:
    """No bid of the round is still under way. Drafts that were never sent do not count."""
    wanted = (
        select(Application.status, func.count(Application.id))
        .where(Application.round_id == round.id, Application.status.not_in([*ENDED, "draft"]))
        .group_by(Application.status)
    )
    left = dict(db.session.execute(wanted).all())
    if left:
        parts = [f"{left[key]} {APPLICATION.state(key).staff.lower()}" for key in APPLICATION.keys if key in left]
        raise Problem(f"Bids of this round are not settled yet: {', '.join(parts)}.")
