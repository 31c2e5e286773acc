"""The job that reminds people of drafts: a week and a day before the bid has to be in, at 8am in London. Each once."""

from datetime import datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload

from fund.core import outbox
from fund.core.clock import in_london, london_moment, speak_until, today
from fund.core.database import db
from fund.core.jobs import job
from fund.tables import Fund, Person, Round

from .deadlines import closing_for
from .tables import Application, Collaborator
from .workflow import OPEN_TO_APPLICANT

HOUR = 8
DAYS = {"week": 7, "day": 1}
WRITERS = ("lead", "editor")


def reminder_for(closes: datetime, now: datetime) -> str | None:
    """Which reminder belongs to this London day: "week", "day" or none. A morning that was missed is made up the day after."""
    if now >= closes:
        return None
    left = (today(closes) - today(now)).days
    return next((kind for kind, days in DAYS.items() if left in (days, days - 1)), None)


@job("remind_of_drafts", hour=HOUR)
def remind_of_drafts(now: datetime) -> str | None:
    """Remind the leads and editors of drafts a week and a day before the round closes."""
    queued = remind(now)
    db.session.commit()
    return f"{queued} reminders" if queued else None


def remind(now: datetime) -> int:
    """Queue what is to be said today; answers how many messages. Saying it twice queues nothing the second time."""
    queued = 0
    for application, person in _writers_of_drafts(now):
        closes = closing_for(application)
        kind = reminder_for(closes, now)
        if kind is None or application.created_at >= _morning(closes, DAYS[kind]):
            continue
        message = outbox.queue(
            "draft_reminder", person.email, now=now, once=f"draft-{kind}-{application.id}-{closes:%Y%m%d%H%M}-{person.id}",
            application=application, person=person, closes=closes, left=speak_until(closes, now),
        )  # fmt: skip
        queued += message is not None
    return queued


def _morning(closes: datetime, days: int) -> datetime:
    """8am in London that many days before. Whoever started later than this has the deadline fresh in mind."""
    return london_moment(datetime.combine(in_london(closes).date() - timedelta(days=days), time(HOUR)))


def _writers_of_drafts(now: datetime) -> list[tuple[Application, Person]]:
    """Drafts of published rounds that close within eight days, each with everybody who writes it; one statement."""
    closes = func.coalesce(Application.late_until, Round.closes_at)
    wanted = (
        select(Application, Person)
        .join(Round, Round.id == Application.round_id)
        .join(Collaborator, Collaborator.application_id == Application.id)
        .join(Person, Person.id == Collaborator.person_id)
        .where(
            Application.status.in_(OPEN_TO_APPLICANT),
            Round.status == "published",
            closes > now,
            closes <= now + timedelta(days=max(DAYS.values()) + 1),
            Collaborator.role.in_(WRITERS),
            Collaborator.removed_at.is_(None),
            Person.disabled_at.is_(None),
        )
        .options(contains_eager(Application.round).joinedload(Round.fund).joinedload(Fund.partnership))
        .options(joinedload(Application.organisation))
        .order_by(Application.id, Collaborator.id)
    )
    return [(application, person) for application, person in db.session.execute(wanted)]
