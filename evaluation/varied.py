"""What a change of an award does to its promises, budget headings and return periods. What was reported stays as it was."""

from datetime import datetime

from sqlalchemy import select

from awards.schedule import return_periods
from awards.tables import Award, AwardVersion
from awards.varying import Change, Part, parts_from, when_varied
from fund.core.database import db
from fund.core.problems import Problem

from .figures import number
from .periods import periods_of, spend_profile
from .promises import promises_of
from .tables import BudgetHeading, MonitoringReturn, Promise, ReturnPeriod


@parts_from
def targets_and_lines(award: Award) -> list[Part]:
    """Each promise's target and each heading of the budget."""
    targets = [
        Part("target", row.id, f"Target: {row.measure}", str(number(row.target)), read_target)
        for row in promises_of(award)
    ]
    wanted = select(BudgetHeading).where(BudgetHeading.award_id == award.id).order_by(BudgetHeading.position)
    return targets + [Part("budget", row.id, f"Budget: {row.heading}", row.amount_pence) for row in db.session.scalars(wanted)]  # fmt: skip


@when_varied
def change_what_was_promised(award: Award, terms: AwardVersion, changes: list[Change], now: datetime) -> None:
    """New targets and lines; periods up to the new last day; the money not yet reported on shared over what is to come."""
    for change in changes:
        if change["kind"] == "target":
            db.session.get_one(Promise, change["key"]).target = read_target(change["new"])
        elif change["kind"] == "budget":
            db.session.get_one(BudgetHeading, change["key"]).amount_pence = change["new"]
    if periods_of(award):
        _plan_periods(award, terms)
    db.session.flush()


def read_target(text: str) -> float:
    """A number above nought with up to two decimals. Raises Problem."""
    try:
        value = round(float(text.replace(",", "")), 2)
    except ValueError:
        value = 0.0
    if not 0 < value < 1_000_000_000:
        raise Problem("Enter a target above 0, like 40", "why")
    return value


def _plan_periods(award: Award, terms: AwardVersion) -> None:
    rows = {row.number: row for row in periods_of(award)}
    reported = set(db.session.scalars(select(MonitoringReturn.period_id).where(MonitoringReturn.period_id.in_([row.id for row in rows.values()]))))  # fmt: skip
    for number_, first, last, due in return_periods(terms.starts_on, terms.ends_on, award.round.return_every_months):
        row = rows.get(number_)
        if row is None:
            row = ReturnPeriod(award_id=award.id, number=number_, starts_on=first, ends_on=last, due_on=due, profile_pence=0)  # fmt: skip
            db.session.add(row)
            rows[number_] = row
        elif (row.ends_on, row.due_on) != (last, due):
            if row.id in reported:
                raise Problem(f"Return {number_} is begun already, so its last day cannot change. Change it before, or choose a day that adds a whole period.")  # fmt: skip
            row.ends_on, row.due_on = last, due
    open_rows = [row for row in rows.values() if row.id is None or row.id not in reported]
    _share_profile(terms.amount_pence, list(rows.values()), open_rows)


def _share_profile(amount_pence: int, rows: list[ReturnPeriod], open_rows: list[ReturnPeriod]) -> None:
    """What reported periods were to spend stays; the rest is shared over the others by their days."""
    rest = amount_pence - sum(row.profile_pence for row in rows if row not in open_rows)
    if open_rows and rest >= 0:
        for row, pence in zip(open_rows, spend_profile(rest, [(row.starts_on, row.ends_on) for row in open_rows]), strict=True):  # fmt: skip
            row.profile_pence = pence
