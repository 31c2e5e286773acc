"""The job that reminds groups of returns: two weeks before, the day before, and when one is late. Each once."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from applications.tables import Application
from awards.tables import Award
from fund.core import outbox
from fund.core.clock import today
from fund.core.database import db
from fund.core.jobs import job
from fund.tables import Fund, Round

from .people import people_who_report
from .returns import REPORTING
from .tables import MonitoringReturn, ReturnPeriod
from .workflow import WITH_THE_FUND

FIRST, LAST = timedelta(days=14), timedelta(days=1)


def reminder_for(due_on: date, on: date) -> str | None:
    """Which reminder belongs to this day: "first", "last", "late", or none. A missed day is made up for the next."""
    if on > due_on:
        return "late"
    if on >= due_on - LAST:
        return "last"
    return "first" if on >= due_on - FIRST else None


@job("remind_of_returns", hour=8)
def remind_of_returns(now: datetime) -> str | None:
    """Remind groups of returns that are due in two weeks, due tomorrow, or late."""
    queued = remind(now)
    db.session.commit()
    return f"{queued} reminders" if queued else None


def remind(now: datetime) -> int:
    """Queue what is to be said today; answers how many messages. Saying it twice queues nothing the second time."""
    periods = _waiting(today(now) + FIRST)
    people = people_who_report(sorted({period.award_id for period in periods}))
    queued = 0
    for period in periods:
        kind = reminder_for(period.due_on, today(now))
        for person in people[period.award_id]:
            message = outbox.queue(
                "return_reminder", person.email, now=now, once=f"return-{kind}-{period.id}-{person.id}", kind=kind,
                period=period, award=period.award,
            )  # fmt: skip
            queued += message is not None
    return queued


def _waiting(until: date) -> list[ReturnPeriod]:
    """Periods of awards in delivery, due by that day, whose return the fund does not have."""
    with_us = select(MonitoringReturn.period_id).where(MonitoringReturn.status.in_(WITH_THE_FUND))
    wanted = (
        select(ReturnPeriod)
        .join(Award, Award.id == ReturnPeriod.award_id)
        .join(Application, Application.id == Award.application_id)
        .where(ReturnPeriod.due_on <= until, ReturnPeriod.id.not_in(with_us), Application.status.in_(REPORTING))
        .options(
            joinedload(ReturnPeriod.award).joinedload(Award.round).joinedload(Round.fund).joinedload(Fund.partnership)
        )
        .order_by(ReturnPeriod.due_on, ReturnPeriod.id)
    )
    return list(db.session.scalars(wanted))
