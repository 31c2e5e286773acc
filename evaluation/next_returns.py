"""What reporting adds to the pages of a grantee's grants: which return is next, and by when."""

from datetime import date

from flask import url_for
from sqlalchemy import func, select

from fund import hooks
from fund.core.clock import speak_day
from fund.core.database import db

from .periods import STANDINGS, standing
from .tables import MonitoringReturn, ReturnPeriod

SENTENCES = {
    "open": "Return {number} is due on {day}",
    "due": "Return {number} is due on {day}",
    "late": "Return {number} is late: it was due on {day}",
    "sent_back": "Return {number} came back to you. Please send it again by {day}",
}


@hooks.next_returns
def next_returns(awards: list[int], today: date) -> dict[int, tuple[str, str, str]]:
    """By award: a sentence about the return to do next, its address and a tag's colour. One statement, however many."""
    latest = (
        select(MonitoringReturn.status)
        .where(MonitoringReturn.period_id == ReturnPeriod.id)
        .order_by(MonitoringReturn.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(ReturnPeriod, func.coalesce(latest, "").label("status"))
        .where(ReturnPeriod.award_id.in_(awards))
        .order_by(ReturnPeriod.award_id, ReturnPeriod.number)
    )
    found: dict[int, tuple[str, str, str]] = {}
    for period, status in rows:
        key = standing(period.starts_on, period.due_on, status or None, today).key
        if key in SENTENCES and period.award_id not in found:
            sentence = SENTENCES[key].format(number=period.number, day=speak_day(period.due_on))
            found[period.award_id] = (sentence, url_for("returns.fill", period_id=period.id), STANDINGS[key].colour)
    return found
