"""Starting, closing and ending the delivery of an award."""

from datetime import datetime

from applications.workflow import APPLICATION
from fund.core.money import pounds
from fund.core.problems import Problem
from fund.tables import Person

from . import money
from .tables import Award


def start_delivery(award: Award, *, by: Person, now: datetime) -> None:
    """Raises Problem with the first thing that is missing: signatures, bank details, instalments, baselines."""
    APPLICATION.move(award.application, "start_delivery", by=by, now=now)


def close_award(award: Award, *, by: Person, now: datetime) -> None:
    APPLICATION.move(award.application, "close", by=by, now=now)


def end_early(award: Award, reason: str, recover_pence: int, *, by: Person, now: datetime) -> None:
    """Terminate: free what is not paid and ask back what was paid and not well spent. Raises Problem for asking too much."""
    most = award.paid_pence - award.recovered_pence - money.owed_back(award)
    if recover_pence > most:
        raise Problem(f"Enter an amount up to {pounds(most)}: more was never paid.", "recover")
    APPLICATION.move(award.application, "terminate", by=by, now=now, reason=reason, recover_pence=recover_pence)
