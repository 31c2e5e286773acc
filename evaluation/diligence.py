"""What delivery knows for due diligence: whether the returns of earlier grants came in time."""

from datetime import datetime

from sqlalchemy import func, select

from applications.diligence.checks import Finding, check
from applications.diligence.facts import Facts
from awards.diligence import earlier
from fund.core.clock import today
from fund.core.database import db

from .tables import MonitoringReturn, ReturnPeriod


@check(75, "past_returns", "Returns of past grants", "Did the returns come in time, and did they say what was asked?")
def past_returns(facts: Facts) -> Finding:
    awards = {each.award.id: each.award for each in facts.ask(earlier)}
    rows = _periods(list(awards), facts.now) if awards else []
    if not rows:
        return Finding("clear", ["No return was due from this organisation yet."])
    lines, worry = [], False
    for key, award in awards.items():
        mine = [row for row in rows if row.award_id == key]
        if not mine:
            continue
        late = sum(row.first_sent is not None and today(row.first_sent) > row.due_on for row in mine)
        missing = sum(row.first_sent is None for row in mine)
        lines.append(f"{award.reference}: {len(mine)} due, {late} sent late, {missing} not sent")
        worry = worry or bool(late or missing)
    return Finding("look" if worry else "clear", lines, frozenset(each.application_id for each in awards.values()))


def _periods(awards: list[int], now: datetime):
    """(award_id, due_on, first_sent) of every period whose return is due; one statement."""
    query = (
        select(ReturnPeriod.award_id, ReturnPeriod.due_on, func.min(MonitoringReturn.sent_at).label("first_sent"))
        .outerjoin(MonitoringReturn, MonitoringReturn.period_id == ReturnPeriod.id)
        .where(ReturnPeriod.award_id.in_(awards), ReturnPeriod.due_on < today(now))
        .group_by(ReturnPeriod.id, ReturnPeriod.award_id, ReturnPeriod.due_on)
    )
    return db.session.execute(query.order_by(ReturnPeriod.due_on)).all()
