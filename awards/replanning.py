"""Planning the instalments again after a change: what is paid stays, what is kept back stays kept back, the rest is shared."""

from datetime import datetime

from fund.core.clock import today
from fund.core.database import db
from fund.core.money import share
from fund.tables import Person

from .schedule import AGREEMENT, Period, kept_back
from .tables import Award, Tranche
from .tranches import TRANCHE, tranches_of


def plan_again(award: Award, periods: list[Period], *, by: Person | None, now: datetime) -> None:
    """Share what is committed over the instalments that are not paid, so that all add up to the award to the penny.

    `periods` are those of the award as changed. What is kept back is the round's percentage of the new amount, or all that
    is left to pay when that is less; it waits for the last return, also when a later one was added.
    """
    rows = tranches_of(award)
    kept = _kept(award, rows)
    rest = award.committed_pence - kept
    planned = [row for row in rows if row.status == "planned" and not row.is_retention]
    if rest and not planned:
        planned = [_added(award, rows, now)]
    for row, pence in zip(planned, share(rest, len(planned) or 1), strict=False):
        _set(row, pence, by, now)
    _keep_back(award, tranches_of(award), kept, periods[-1], by, now)
    db.session.flush()


def _kept(award: Award, rows: list[Tranche]) -> int:
    """Nothing for an award that never kept anything back, or whose last part is paid."""
    kept = [row for row in rows if row.is_retention]
    if not kept or any(row.status == "paid" for row in kept):
        return 0
    whole = award.committed_pence + award.paid_pence
    return min(kept_back(whole, award.round.retention_percent), award.committed_pence)


def _added(award: Award, rows: list[Tranche], now: datetime) -> Tranche:
    """One more instalment, due now, for money that came after the others were paid. Payments go by their number: it takes
    the place of what is kept back, which moves behind it."""
    row = next((each for each in rows if each.is_retention and each.status == "planned"), None)
    if row is None:
        row = _another(award, rows, is_retention=False)
    else:
        row.is_retention = False
    row.due_on = max([today(now), *(each.due_on for each in rows if each.status == "paid")])
    row.waits_for, row.cleared_at = AGREEMENT, now
    return row


def _keep_back(award: Award, rows: list[Tranche], kept: int, last: Period, by: Person | None, now: datetime) -> None:
    row = next((each for each in rows if each.is_retention and each.status == "planned"), None)
    if row is None and kept:
        row = _another(award, rows, is_retention=True)
    if row is None:
        return
    _set(row, kept, by, now)
    gate = f"return-{last[0]}"
    if row.waits_for != gate:
        row.waits_for, row.cleared_at = gate, None
    row.due_on = last[3]


def _another(award: Award, rows: list[Tranche], *, is_retention: bool) -> Tranche:
    row = Tranche(award_id=award.id, number=max(each.number for each in rows) + 1, is_retention=is_retention, due_on=rows[-1].due_on, amount_pence=1, waits_for=AGREEMENT)  # fmt: skip
    db.session.add(row)
    return row


def _set(row: Tranche, pence: int, by: Person | None, now: datetime) -> None:
    """Another amount; an instalment that gets nothing is cancelled."""
    if pence:
        row.amount_pence = pence
        row.touch()
    else:
        TRANCHE.move(row, "cancel", by=by, now=now)
