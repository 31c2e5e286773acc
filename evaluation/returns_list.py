"""The list of periods for grant managers: what is late, due or waiting to be read, as one query."""

from datetime import date

from sqlalchemy import ColumnElement, Select, and_, case, func, select

from applications.tables import Application
from awards.tables import Award
from fund.tables import Fund, Organisation, Priority, Round

from .periods import DUE_SOON
from .returns import REPORTING
from .tables import MonitoringReturn, ReturnPeriod
from .workflow import WITH_THE_FUND

_NEWEST = (
    select(func.max(MonitoringReturn.number))
    .where(MonitoringReturn.period_id == ReturnPeriod.id)
    .correlate(ReturnPeriod)
    .scalar_subquery()
)
NEEDS_SOMEBODY = ("sent", "late", "due", "sent_back")
FILTERS = {
    "todo": "To do now", "sent": "Sent, to be read", "late": "Late", "due": "Due soon", "sent_back": "Sent back",
    "accepted": "Accepted", "flagged": "Spend far from plan", "all": "All",
}  # fmt: skip


def standing_column(today: date) -> ColumnElement[str]:
    """`periods.standing` in SQL, for sorting and filtering; a test holds that the two agree."""
    return case(
        (MonitoringReturn.status.in_(WITH_THE_FUND), MonitoringReturn.status),
        (ReturnPeriod.due_on < today, "late"),
        (MonitoringReturn.status == "sent_back", "sent_back"),
        (ReturnPeriod.due_on <= today + DUE_SOON, "due"),
        (ReturnPeriod.starts_on <= today, "open"),
        else_="later",
    )


FLAGGED = func.abs(MonitoringReturn.spent_pence - ReturnPeriod.profile_pence) * 100 > (
    ReturnPeriod.profile_pence * Round.underspend_flag_percent
)
SORTS = {
    "due": ReturnPeriod.due_on,
    "reference": Award.reference,
    "group": Organisation.name,
    "people": MonitoringReturn.people_count,
    "spent": MonitoringReturn.spent_pence,
    "sent": MonitoringReturn.sent_at,
}


def periods_listed(today: date, reach: ColumnElement[bool]) -> Select:
    """Every period of awards under way or ended, with its award, group, round and latest version's figures."""
    return (
        select(
            ReturnPeriod.id, ReturnPeriod.number, ReturnPeriod.due_on, ReturnPeriod.people_expected, ReturnPeriod.profile_pence,
            Award.reference, Organisation.name.label("group"), Round.id.label("round_id"), Round.title.label("round"),
            MonitoringReturn.people_count, MonitoringReturn.spent_pence, MonitoringReturn.sent_at,
            MonitoringReturn.number.label("version"), standing_column(today).label("standing"), FLAGGED.label("is_flagged"),
        )
        .join(Award, Award.id == ReturnPeriod.award_id)
        .join(Application, Application.id == Award.application_id)
        .join(Organisation, Organisation.id == Award.organisation_id)
        .join(Round, Round.id == Award.round_id)
        .join(Fund, Fund.id == Round.fund_id)
        .outerjoin(Priority, Priority.id == Application.priority_id)
        .outerjoin(
            MonitoringReturn,
            and_(MonitoringReturn.period_id == ReturnPeriod.id, MonitoringReturn.number == _NEWEST),
        )
        .where(reach, Application.status.in_([*REPORTING, "closed", "terminated"]))
    )  # fmt: skip


def filtered(wanted: Select, today: date, *, state: str, round_id: str, priority: str, words: str) -> Select:
    """The list narrowed by what the address asks for; what it does not know is ignored."""
    if state == "flagged":
        wanted = wanted.where(FLAGGED, MonitoringReturn.status.in_(WITH_THE_FUND))
    elif state == "todo":
        wanted = wanted.where(standing_column(today).in_(NEEDS_SOMEBODY))
    elif state != "all":
        wanted = wanted.where(standing_column(today) == state)
    if round_id.isascii() and round_id.isdigit() and len(round_id) < 10:
        wanted = wanted.where(Award.round_id == int(round_id))
    if priority:
        wanted = wanted.where(Priority.code == priority)
    if words:
        match = Organisation.name.icontains(words, autoescape=True) | Award.reference.icontains(words, autoescape=True)
        wanted = wanted.where(match)
    return wanted
