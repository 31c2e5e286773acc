"""Money that was paid and not spent: before a grant is closed it comes back, or a head of fund lets the group keep it.

Condition “Money not spent” of every letter says that it is paid back within 30 days. What was spent only returns tell;
whoever keeps them answers `spending`.
"""

from datetime import datetime

from applications.workflow import APPLICATION
from fund.core.database import db
from fund.core.money import pounds
from fund.core.problems import Problem
from fund.hooks import Hook
from fund.tables import Person

from . import money
from .tables import Award, Recovery
from .telling import tell_applicant

spending = (
    Hook()
)  # function(keys of awards) -> {key: pence spent as accepted returns say}; an award without any is left out


def unspent_of(award: Award) -> int:
    """Paid, and neither spent, nor come back, nor asked back, in pence. Nothing while no return is accepted."""
    spent = [answer[award.id] for answer in spending.ask([award.id]) if award.id in answer]
    if not spent:
        return 0
    return max(0, award.paid_pence - award.recovered_pence - money.owed_back(award) - sum(spent))


def still_to_report(award: Award, now: datetime) -> str:
    """Why what is unspent may yet become less: the sentence that a return is not accepted. Empty when all are."""
    try:
        APPLICATION.needs["final_return_accepted"](award.application, by=None, now=now)
    except Problem as problem:
        return problem.sentence
    return ""


def ask_for_it(award: Award, pence: int, why: str, *, by: Person, now: datetime) -> Recovery:
    """Ask the group to pay back what it did not spend, and tell it by when. Raises Problem for more than that.

    The award is locked first: two people who ask in the same moment ask once.
    """
    db.session.refresh(award, ["paid_pence", "recovered_pence"], with_for_update=True)
    left = unspent_of(award)
    if not 0 < pence <= left:
        raise Problem(f"Enter an amount up to {pounds(left)}: that was paid and not spent.", "amount")
    row = money.ask_back(award, pence, why, by=by, now=now)
    tell_applicant("money_back", award.application, now=now, once=f"money-back-{row.id}", award=award, recovery=row)
    return row


def let_them_keep_it(award: Award, why: str, *, by: Person, now: datetime) -> None:
    """A head of fund closes the award although part of it was not spent; the sum and why stay in its history.

    Raises Forbidden for anybody else, Problem without a reason, when nothing is left, or when something else is missing.
    """
    left = unspent_of(award)
    if not left:
        raise Problem("All that was paid is spent or asked back.", "why")
    if not why.strip():
        raise Problem("Give a reason", "why")
    reason = f"{pounds(left)} was not spent and stays with the group: {why.strip()}"
    APPLICATION.move(award.application, "close_with_rest", by=by, now=now, reason=reason, kept_pence=left)
