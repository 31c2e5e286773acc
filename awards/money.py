"""The money of one award: each movement is an entry of the round's ledger; the database moves the award's own sums by it."""

from datetime import datetime, timedelta

from sqlalchemy import select

from fund import ledger
from fund.core import audit
from fund.core.clock import today
from fund.core.database import db
from fund.core.money import pounds
from fund.core.problems import Problem, WrongMoment
from fund.tables import LedgerEntry, Person

from .tables import Award, Recovery

DAYS_TO_PAY_BACK = 30  # as condition “Money not spent” says


def about(award: Award) -> str:
    """How the ledger names an award."""
    return f"award-{award.id}"


def post(award: Award, kind: str, pence: int, *, by: Person | None, now: datetime, once: str, note: str | None = None) -> LedgerEntry:  # fmt: skip
    """Post one movement of this award. Raises NoRoom, WrongMoment when it was posted, Problem when it is more than there is."""
    try:
        entry = ledger.post(award.round, kind, pence, about(award), by=by, now=now, once=once, note=note)
    except ledger.TooMuch:
        raise Problem(f"{pounds(pence)} is more than this award still has. Nothing was changed.", "amount") from None
    db.session.refresh(award, list(ledger.EFFECTS[kind]))
    return entry


def left_to_pay(award: Award) -> int:
    """Promised and not yet paid, in pence."""
    return award.committed_pence


def recoveries_of(award: Award) -> list[Recovery]:
    return list(db.session.scalars(select(Recovery).where(Recovery.award_id == award.id).order_by(Recovery.id)))


def owed_back(award: Award) -> int:
    """What was asked back and has not come, in pence."""
    return sum(each.amount_pence for each in recoveries_of(award) if each.received_at is None)


def free_money(award: Award, why: str, *, by: Person | None, now: datetime) -> int:
    """Give back to the pot whatever is offered or committed and not paid. Returns how much, in pence."""
    freed = award.offered_pence + award.committed_pence
    if award.offered_pence:
        post(award, "lapse", award.offered_pence, by=by, now=now, once=f"lapse-{award.id}-{why}")
    if award.committed_pence:
        post(award, "release", award.committed_pence, by=by, now=now, once=f"release-{award.id}-{why}")
    return freed


def ask_back(award: Award, pence: int, why: str, *, by: Person | None, now: datetime) -> Recovery:
    """Ask the grantee to pay money back within 30 days. Raises Problem for more than was paid and is not asked back or returned already."""
    most = award.paid_pence - award.recovered_pence - owed_back(award)
    if not 0 < pence <= most:
        raise Problem(f"Enter an amount up to {pounds(most)}: that was paid and not asked back yet.", "amount")
    due_on = today(now) + timedelta(days=DAYS_TO_PAY_BACK)
    row = Recovery(
        award_id=award.id, amount_pence=pence, why=why, due_on=due_on, asked_at=now, asked_by_id=by and by.id
    )
    db.session.add(row)
    db.session.flush()
    audit.record("recovery.ask", row, by=by, now=now, award=award.id, amount_pence=pence)
    return row


def receive_back(recovery: Recovery, *, by: Person, now: datetime) -> None:
    """Note that the money came back: the pot has it again at once. The person who asked for it cannot note it."""
    if recovery.received_at is not None:
        raise WrongMoment("This was noted already.")
    if recovery.asked_by_id == by.id:
        raise Problem("You asked for this money. Another person must note that it came.")
    recovery.received_at, recovery.received_by_id = now, by.id
    post(recovery.award, "recover", recovery.amount_pence, by=by, now=now, once=f"recover-{recovery.id}")
    audit.record("recovery.receive", recovery, by=by, now=now, award=recovery.award_id)
