"""What a return needs before it can be sent, each refusal beside its field, and whom its moves tell."""

from datetime import datetime

from sqlalchemy import func, select

from awards import payments
from awards.tables import Tranche
from fund.core import outbox
from fund.core.database import db
from fund.core.money import pounds
from fund.core.problems import Problem

from .indicators import is_percentage, is_rate
from .people import people_who_report
from .tables import BudgetHeading, Measurement, MonitoringReturn, Promise, SpendLine
from .variance import Variance
from .workflow import RETURN


def variance_of(row: MonitoringReturn) -> Variance:
    """Spent against profile for a return whose spend is known."""
    period = row.period
    return Variance(period.profile_pence, row.spent_pence or 0, period.award.round.underspend_flag_percent)


@RETURN.check("needs", "whole")
def _whole(row: MonitoringReturn, *, by, now, **facts) -> None:
    if row.people_count is None:
        raise Problem("Enter how many people you reached. If it was nobody, enter 0", "people_count")
    if row.spent_pence is None:
        raise Problem("Enter how much you spent. If it was nothing, enter 0", "spent_pence")
    wanted = select(Measurement, Promise).join(Promise, Promise.id == Measurement.promise_id)
    for figure, promise in db.session.execute(wanted.where(Measurement.return_id == row.id).order_by(Promise.position)):
        check_figure(figure, promise)


def check_figure(figure: Measurement, promise: Promise) -> None:
    """Raises Problem when a figure cannot be: a share above 100, more answers than people asked."""
    name = promise.id
    least = -100 if promise.target < 0 else 0  # a fall is promised as a negative share
    if figure.value is not None and is_percentage(promise.unit) and not least <= figure.value <= 100:
        raise Problem(f"Enter a percentage from {least} to 100", f"value_{name}")
    if not is_rate(promise.unit):
        return
    if figure.value is not None and not figure.answered_count:
        raise Problem("Enter how many people answered", f"answered_{name}")
    if figure.answered_count is not None and figure.asked_count is None:
        raise Problem("Enter how many people you asked", f"asked_{name}")
    if (figure.answered_count or 0) > (figure.asked_count or 0):
        raise Problem("More people answered than were asked. Check both numbers", f"answered_{name}")


@RETURN.check("needs", "spend_adds_up")
def _spend_adds_up(row: MonitoringReturn, *, by, now, **facts) -> None:
    headings = select(func.count(BudgetHeading.id)).where(BudgetHeading.award_id == row.period.award_id)
    if not db.session.scalar(headings):
        return
    total = db.session.scalar(select(func.sum(SpendLine.amount_pence)).where(SpendLine.return_id == row.id))
    total = int(total or 0)
    if total != row.spent_pence:
        raise Problem(
            f"Your budget headings add up to {pounds(total)}, but you say you spent {pounds(row.spent_pence)}. "
            "Change one so that they are the same",
            "spent_pence",
        )


@RETURN.check("needs", "difference_explained")
def _difference_explained(row: MonitoringReturn, *, by, now, **facts) -> None:
    variance = variance_of(row)
    if variance.is_flagged and not (row.variance_why or "").strip():
        raise Problem(variance.question, "variance_why")


@RETURN.check("tells", "payment_freed")
def _free_payment(row: MonitoringReturn, *, by, now: datetime, **facts) -> None:
    payments.clear_gate(row.period.award, gate_of(row), by=by, now=now)


def gate_of(row: MonitoringReturn) -> str:
    return f"return-{row.period.number}"


@RETURN.check("tells", "thanks")
def _thank(row: MonitoringReturn, *, by, now: datetime, **facts) -> None:
    award = row.period.award
    waiting = (Tranche.award_id == award.id, Tranche.waits_for == gate_of(row), Tranche.status != "cancelled")
    pence = db.session.scalar(select(func.sum(Tranche.amount_pence)).where(*waiting))
    _tell(row, "return_accepted", now=now, reader=by, payment_pence=int(pence) if pence else None)


@RETURN.check("tells", "asked_again")
def _ask_again(row: MonitoringReturn, *, by, now: datetime, reason, **facts) -> None:
    _tell(row, "return_sent_back", now=now, reader=by, reason=reason)


def _tell(row: MonitoringReturn, template: str, *, now: datetime, **context) -> None:
    award = row.period.award
    for person in people_who_report([award.id])[award.id]:
        outbox.queue(
            template, person.email, now=now, once=f"{template}-{row.id}-{person.id}", row=row, period=row.period,
            award=award, read_on=now, **context,
        )  # fmt: skip
