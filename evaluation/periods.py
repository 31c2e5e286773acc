"""Return periods: what should be spent and who reached in each, and what the clock says about its return."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from applications.tables import Application
from awards.tables import Award, AwardVersion
from fund.core import audit
from fund.core.clock import speak_day
from fund.core.database import db
from fund.core.money import share
from fund.core.problems import Problem
from fund.tables import Fund, Person, Round

from .tables import ReturnPeriod
from .workflow import RETURN

DUE_SOON = timedelta(days=14)

ROUND_OF_AWARD = (joinedload(Award.round).joinedload(Round.fund).joinedload(Fund.partnership), joinedload(Award.organisation), joinedload(Award.application).joinedload(Application.priority))  # fmt: skip


def spend_profile(amount_pence: int, spans: Sequence[tuple[date, date]]) -> list[int]:
    """The award in pence shared over (first day, last day) spans by their days; the last takes the odd pennies."""
    days = [(last - first).days + 1 for first, last in spans]
    parts = [amount_pence * count // sum(days) for count in days]
    return [*parts[:-1], amount_pence - sum(parts[:-1])]


def people_shared(people: int | None, parts: int) -> list[int | None]:
    """The people promised shared over the periods as equally as whole people allow; the sum is exact."""
    return [None] * parts if people is None else list(share(people, parts))


@dataclass(frozen=True)
class Standing:
    """Where one period's return stands: a key, words for staff and for the group, and a tag colour."""

    key: str
    staff: str
    group: str
    colour: str


NOT_STARTED = Standing("later", "Not started", "Not yet", "grey")
RUNNING = Standing("open", "Running", "Open", "grey")
DUE = Standing("due", "Due soon", "Due soon", "yellow")
LATE = Standing("late", "Late", "Late", "red")
STANDINGS = {each.key: each for each in (NOT_STARTED, RUNNING, DUE, LATE)} | {
    key: Standing(key, RETURN.state(key).staff, RETURN.state(key).applicant, RETURN.state(key).colour)
    for key in ("sent", "accepted", "sent_back")
}


def standing(starts_on: date, due_on: date, status: str | None, today: date) -> Standing:
    """Derived from the clock and the latest version's status. A draft or a version sent back can be late as well."""
    if status in ("sent", "accepted"):
        return STANDINGS[status]
    if today > due_on:
        return LATE
    if status == "sent_back":
        return STANDINGS["sent_back"]
    if today >= due_on - DUE_SOON:
        return DUE
    return RUNNING if today >= starts_on else NOT_STARTED


def load_award(key: int) -> Award | None:
    """An award with its round, fund, partnership, organisation and application, in one statement."""
    return db.session.scalar(select(Award).where(Award.id == key).options(*ROUND_OF_AWARD))


def load_period(key: int) -> ReturnPeriod | None:
    """A period with its award and all that `load_award` brings, in one statement."""
    whole = [joinedload(ReturnPeriod.award).options(*ROUND_OF_AWARD)]
    return db.session.scalar(select(ReturnPeriod).where(ReturnPeriod.id == key).options(*whole))


def periods_of(award: Award) -> list[ReturnPeriod]:
    wanted = select(ReturnPeriod).where(ReturnPeriod.award_id == award.id).order_by(ReturnPeriod.number)
    return list(db.session.scalars(wanted))


def terms_of(award: Award) -> AwardVersion:
    """The award's latest version: amount in pence, purpose, days."""
    wanted = select(AwardVersion).where(AwardVersion.award_id == award.id).order_by(AwardVersion.number.desc())
    return db.session.scalars(wanted.limit(1)).one()


def give_more_time(period: ReturnPeriod, due_on: date, why: str, *, by: Person, now: datetime) -> None:
    """Move the day a return is due to a later one. Raises Problem for an earlier day."""
    if due_on <= period.due_on:
        raise Problem(f"Enter a day after {speak_day(period.due_on)}", "due_on")
    old, period.due_on = period.due_on, due_on
    audit.record("return.more_time", period, by=by, now=now, old=old, new=due_on, why=why)
