"""Changing a round's pot. While the round is prepared its officer sets it; once it is published a second person must agree
(rule 11). Offering more than the pot holds is off, unless two people switch it on (rule 10)."""

from datetime import datetime

from sqlalchemy import select

from fund import ledger
from fund.core import audit
from fund.core.database import db
from fund.core.problems import Forbidden, Problem, WrongMoment
from fund.rounds import AT_THE_END, check_may_change
from fund.tables import Person, PotChange, Round


def needs_two(round: Round, over_pence: int) -> bool:
    """Whether a change of this pot waits for a second person."""
    pot = ledger.pot_of(round)
    return round.status != "draft" or over_pence != (pot.over_pence if pot else 0)


def change_pot(
    round: Round, total_pence: int, over_pence: int = 0, *, reason: str | None, by: Person, now: datetime
) -> PotChange | None:
    """Set the pot at once where one person may, or propose the change. Returns the proposal, or None when it is set.

    Raises Problem when the reason is missing, when another change waits, or when less than is promised would be left.
    """
    check_may_change(round, AT_THE_END, now)
    if total_pence <= 0:
        raise Problem("Enter an amount above £0.00", "pot")
    pot = ledger.pot_of(round)
    if pot and (pot.total_pence, pot.over_pence) == (total_pence, over_pence):
        raise Problem("That is what the pot is now. Enter another amount", "pot")
    if not needs_two(round, over_pence):
        ledger.set_pot(round, total_pence, by=by, now=now, note=reason)
        return None
    if not (reason or "").strip():
        raise Problem("Say why the pot changes", "reason")
    if waiting_change(round):
        raise WrongMoment("Another change of this pot waits for a second person. It must be decided first.")
    ledger.check_total(round, total_pence, over_pence)
    change = PotChange(
        round_id=round.id, total_pence=total_pence, over_pence=over_pence, reason=reason, proposed_by_id=by.id, proposed_at=now
    )  # fmt: skip
    db.session.add(change)
    db.session.flush()
    audit.record("pot.propose", round, by=by, now=now, total_pence=total_pence, over_pence=over_pence, reason=reason)
    return change


def waiting_change(round: Round) -> PotChange | None:
    """The change that waits for a second person, if there is one."""
    return db.session.scalar(select(PotChange).where(PotChange.round_id == round.id, PotChange.outcome.is_(None)))


def approve_change(change: PotChange, *, by: Person, now: datetime) -> None:
    """Make a proposed change true. Raises Forbidden for who proposed it, Problem when the pot has become too full for it."""
    if change.proposed_by_id == by.id:
        raise Forbidden("You proposed this change. Somebody else must approve it.")
    _decide(change, "approved", by, now)
    ledger.set_pot(change.round, change.total_pence, by=by, now=now, note=change.reason, over_pence=change.over_pence)


def refuse_change(change: PotChange, *, by: Person, now: datetime) -> None:
    """Put a proposed change away; who proposed it takes it back."""
    outcome = "taken_back" if change.proposed_by_id == by.id else "refused"
    _decide(change, outcome, by, now)
    audit.record(f"pot.{outcome}", change.round, by=by, now=now, total_pence=change.total_pence)


def _decide(change: PotChange, outcome: str, by: Person, now: datetime) -> None:
    if change.outcome is not None:
        raise WrongMoment("This change was decided already.")
    change.outcome, change.decided_by_id, change.decided_at = outcome, by.id, now
    db.session.flush()
