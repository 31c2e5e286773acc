"""The ledger of a round's pot: every movement one entry, and the pot never exceeded (rule 10).

pot = room + offered + committed + paid - recovered, in pence, at every instant. An entry is all that is written here: the
database moves the pot by it, and refuses what breaks it (fund.tables.pot_guards). The sentences here say why before it has to.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from fund.core import audit, withholding
from fund.core.database import db
from fund.core.guards import broken_guard
from fund.core.money import pounds
from fund.core.problems import Problem, WrongMoment
from fund.tables import LedgerEntry, Person, Pot, Round

# What each kind of entry does to the pot's columns, per penny.
EFFECTS = {
    "offer": {"offered_pence": +1},
    "lapse": {"offered_pence": -1},
    "commit": {"offered_pence": -1, "committed_pence": +1},
    "release": {"committed_pence": -1},
    "pay": {"committed_pence": -1, "paid_pence": +1},
    "recover": {"recovered_pence": +1},
}


class NoRoom(Problem):
    """The pot has no room for this. `room_pence` says how much there is."""

    def __init__(self, amount_pence: int, room_pence: int):
        # A reader from whom bids are kept is told no sum of which those are a part (fund.pot_shown).
        room = "" if withholding.keeps_something() else f": room left {pounds(max(room_pence, 0))}"
        super().__init__(f"{pounds(amount_pence)} does not fit{room}.", "amount")
        self.room_pence = room_pence


class TooMuch(Problem):
    """More than was offered, committed or paid. Nothing was changed."""

    def __init__(self, amount_pence: int):
        super().__init__(f"{pounds(amount_pence)} is more than there is to move. Nothing was changed.", "amount")


def pot_of(round: Round, *, fresh: bool = False) -> Pot | None:
    """The pot of a round; `fresh` reads it again from the database, whatever the session remembers."""
    wanted = select(Pot).where(Pot.round_id == round.id).execution_options(populate_existing=fresh)
    return db.session.scalar(wanted)


def fresh_pot(round: Round) -> Pot:
    """The pot as the database has it now, whatever the session remembers. Raises Problem when the round has none."""
    pot = pot_of(round, fresh=True)
    if pot is None:
        raise Problem("This round has no pot yet. Set it before you offer anything.")
    return pot


def set_pot(
    round: Round, total_pence: int, *, by: Person | None, now: datetime, note: str | None = None,
    over_pence: int | None = None,
) -> Pot:  # fmt: skip
    """Set or change the total, and how much more than it may be offered (`over_pence`, unchanged when None).

    Raises Problem when both together would be below what is offered, committed and paid.
    """
    pot = pot_of(round)
    if pot is None:
        pot = Pot(round_id=round.id, total_pence=total_pence, over_pence=over_pence or 0)
        db.session.add(pot)
        change = total_pence
    else:
        pot = fresh_pot(round)
        over_pence = pot.over_pence if over_pence is None else over_pence
        check_total(round, total_pence, over_pence)
        change = total_pence - pot.total_pence
        pot.total_pence, pot.over_pence = total_pence, over_pence
    _add(round, "pot", change, "pot", by=by, now=now, note=note, once=None)
    facts = {"total_pence": total_pence, "change_pence": change, "over_pence": pot.over_pence}
    audit.record("pot.set", round, by=by, now=now, reason=note, **facts)
    return pot


def check_total(round: Round, total_pence: int, over_pence: int = 0) -> None:
    """Raises Problem when less than is offered, committed and paid would be left."""
    pot = pot_of(round)
    if pot is not None and total_pence + over_pence < fresh_pot(round).taken_pence:
        taken = "More" if withholding.keeps_something() else pounds(pot.taken_pence)
        raise Problem(f"{taken} is already offered, committed or paid. The pot cannot be less than that.", "pot")


def post(
    round: Round,
    kind: str,
    amount_pence: int,
    about: str,
    *,
    by: Person | None,
    now: datetime,
    once: str,
    note: str | None = None,
) -> LedgerEntry:
    """Post one movement. `about` names its award ("award-12"); `once` names the movement, which happens only once.

    Raises NoRoom when an offer does not fit, WrongMoment when the movement was posted already, Problem when it would take
    more than was offered, committed or paid.
    """
    if amount_pence <= 0:
        raise Problem("Enter an amount above £0.00.", "amount")
    if db.session.scalar(select(LedgerEntry.id).where(LedgerEntry.once == once)):
        raise WrongMoment("This was done already.")
    if kind == "offer":
        room = fresh_pot(round).room_pence
        if amount_pence > room:
            raise NoRoom(amount_pence, room)
    db.session.flush()
    try:
        with db.session.begin_nested():
            entry = _add(round, kind, amount_pence, about, by=by, now=now, note=note, once=once)
    except IntegrityError as refusal:
        raise _why(refusal, round, kind, amount_pence, once) from None
    pot_of(round, fresh=True)
    return entry


def _why(refusal: IntegrityError, round: Round, kind: str, amount_pence: int, once: str) -> Problem:
    """What the database refused: another person was quicker, the room went meanwhile, or a guard has a sentence of its own."""
    if db.session.scalar(select(LedgerEntry.id).where(LedgerEntry.once == once)):
        return WrongMoment("This was done already.")
    if said := broken_guard(refusal):
        return Problem(said)
    if kind == "offer":
        return NoRoom(amount_pence, fresh_pot(round).room_pence)
    return TooMuch(amount_pence)


def _add(round, kind, amount_pence, about, *, by, now, note, once) -> LedgerEntry:
    entry = LedgerEntry(
        round_id=round.id,
        kind=kind,
        amount_pence=amount_pence,
        about=about,
        at=now,
        by_id=by and by.id,
        note=note,
        once=once,
    )
    db.session.add(entry)
    db.session.flush()
    return entry


def entries_of(round: Round) -> list[LedgerEntry]:
    """Every movement of a round, oldest first."""
    return list(
        db.session.scalars(select(LedgerEntry).where(LedgerEntry.round_id == round.id).order_by(LedgerEntry.id))
    )


def entries_about(about: str) -> list[LedgerEntry]:
    return list(db.session.scalars(select(LedgerEntry).where(LedgerEntry.about == about).order_by(LedgerEntry.id)))


def sums(entries: list[LedgerEntry]) -> dict[str, int]:
    """Offered, committed, paid, recovered in pence, added up from entries alone: what the pot row must equal."""
    totals = {"offered_pence": 0, "committed_pence": 0, "paid_pence": 0, "recovered_pence": 0}
    for entry in entries:
        for column, sign in EFFECTS.get(entry.kind, {}).items():
            totals[column] += sign * entry.amount_pence
    return totals
