"""The acts on a monitoring return: save, send, accept, send back. Every version stays; the next one starts from the last."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, select

from awards.parties import is_party
from fund.core import audit
from fund.core.clock import speak_day, today
from fund.core.database import db
from fund.core.problems import Forbidden, Problem, WrongMoment
from fund.tables import Person

from .tables import Measurement, MonitoringReturn, ReturnPeriod, SpendLine
from .workflow import RETURN, WITH_THE_GRANTEE

REPORTING = frozenset({"in_delivery"})


@dataclass(frozen=True)
class Measured:
    """What a group says about one promise: the figure, and how many people it rests on."""

    value: float | None = None
    asked_count: int | None = None
    answered_count: int | None = None
    note: str | None = None

    def __bool__(self) -> bool:
        return any(each not in (None, "") for each in (self.value, self.asked_count, self.answered_count, self.note))


@dataclass(frozen=True)
class Report:
    """Everything a group types into one return. Money in pence; `spend` by heading, `measured` by promise key."""

    people_count: int | None = None
    sessions_count: int | None = None
    spent_pence: int | None = None
    variance_why: str | None = None
    story: str | None = None
    story_consent: bool = False
    worries: str | None = None
    changes: str | None = None
    spend: dict[str, int] = field(default_factory=dict)
    measured: dict[int, Measured] = field(default_factory=dict)


OWN_COLUMNS = ("people_count", "sessions_count", "spent_pence", "variance_why", "story", "story_consent", "worries", "changes")  # fmt: skip


def versions_of(period: ReturnPeriod) -> list[MonitoringReturn]:
    """Every version of a period's return, latest first."""
    wanted = select(MonitoringReturn).where(MonitoringReturn.period_id == period.id)
    return list(db.session.scalars(wanted.order_by(MonitoringReturn.number.desc())))


def save_return(
    period: ReturnPeriod, report: Report, *, by: Person, now: datetime, seen_version: int | None = None
) -> MonitoringReturn:
    """Keep what was typed, as it is. After a version was sent back this begins the next one.

    Raises WrongMoment when the period has not begun, the award is not in delivery, or the return is already sent;
    Stale when somebody else saved meanwhile.
    """
    latest = next(iter(versions_of(period)), None)
    _check_moment(period, latest, now)
    if latest is None or latest.status == "sent_back":
        row = MonitoringReturn(period_id=period.id, period=period, number=latest.number + 1 if latest else 1)
        db.session.add(row)
    else:
        row = latest
        row.check_version(seen_version)
        row.touch()
    for column in OWN_COLUMNS:
        setattr(row, column, getattr(report, column))
    db.session.flush()
    _keep_lines(row, report)
    audit.record("return.save", row, by=by, now=now, number=row.number)
    return row


def _check_moment(period: ReturnPeriod, latest: MonitoringReturn | None, now: datetime) -> None:
    if latest is not None and latest.status not in WITH_THE_GRANTEE:
        raise WrongMoment(
            "This return has been sent. If something in it is wrong, ask your grant manager to send it back."
        )
    if period.award.application.status not in REPORTING:
        raise WrongMoment("You can send returns while your award is in delivery.")
    if today(now) < period.starts_on:
        raise WrongMoment(f"This period begins on {speak_day(period.starts_on)}. You can start its return then.")


def _keep_lines(row: MonitoringReturn, report: Report) -> None:
    db.session.execute(delete(SpendLine).where(SpendLine.return_id == row.id))
    db.session.execute(delete(Measurement).where(Measurement.return_id == row.id))
    lines = [SpendLine(return_id=row.id, heading=name, amount_pence=pence) for name, pence in report.spend.items()]
    figures = [
        Measurement(
            return_id=row.id, promise_id=key, value=each.value, asked_count=each.asked_count,
            answered_count=each.answered_count, note=each.note or None,
        )
        for key, each in report.measured.items() if each
    ]  # fmt: skip
    db.session.add_all([*lines, *figures])
    db.session.flush()


def send_return(row: MonitoringReturn, *, by: Person, now: datetime) -> MonitoringReturn:
    """Send a draft to the fund. Raises Problem with the field when something is missing or does not add up."""
    db.session.flush()
    with db.session.no_autoflush:  # the row is whole only when its status and its moment have both changed
        row.sent_at, row.sent_by_id = now, by.id
        try:
            RETURN.move(row, "send", by=by, now=now)
        except Problem:
            row.sent_at = row.sent_by_id = None
            raise
    return row


def accept_return(row: MonitoringReturn, *, by: Person, now: datetime) -> MonitoringReturn:
    """Accept it: the instalment that waits for it is freed and the group is thanked."""
    _check_not_own(row, by)
    row.decided_at, row.decided_by_id = now, by.id
    RETURN.move(row, "accept", by=by, now=now)
    return row


def send_back_return(row: MonitoringReturn, why: str, *, by: Person, now: datetime) -> MonitoringReturn:
    """Send it back with a sentence that says what is missing. This version stays as it is."""
    _check_not_own(row, by)
    row.decided_at, row.decided_by_id, row.decided_why = now, by.id, why
    RETURN.move(row, "send_back", by=by, now=now, reason=why)
    return row


def _check_not_own(row: MonitoringReturn, by: Person) -> None:
    if row.sent_by_id == by.id or is_party(by, row.period.award.application):
        raise Forbidden("You belong to the group that sent this return. Somebody else has to read it.")
