"""The instalments of an award and the gates each waits for. Paying them is in payments.py."""

from datetime import date, datetime

from sqlalchemy import select

from fund.core import audit
from fund.core.database import db
from fund.core.money import pounds
from fund.core.problems import Problem
from fund.core.workflow import Move, State, Workflow
from fund.tables import Person

from .schedule import AGREEMENT, is_kept_back
from .tables import Award, Condition, Tranche
from .tables.payments import HOLDING_STATES

STATES = (
    State("planned", "Planned", "Planned", colour="grey"),
    State("prepared", "Waits for release", "Being prepared", colour="blue"),
    State("paid", "Paid", "Paid", colour="green", ended=True),
    State("cancelled", "Cancelled", "Cancelled", colour="grey", ended=True),
)
MOVES = (
    Move("prepare", ("planned",), "prepared", "anybody_let_in", "Prepare the payment"),
    Move("take_back", ("prepared",), "planned", "anybody_let_in", "Take the payment back", needs_reason=True),
    Move("release", ("prepared",), "paid", "anybody_let_in", "Release the payment"),
    Move("cancel", HOLDING_STATES, "cancelled", "anybody_let_in", "Cancel the instalment"),
)
TRANCHE = Workflow("tranche", STATES, MOVES, initial="planned")
TRANCHE.guard(Tranche)


@TRANCHE.check("who", "anybody_let_in")
def anybody_let_in(person: Person | None, tranche: Tranche) -> bool:
    """The acts in payments.py ask who it is before they move anything, with a reason for each refusal."""
    return True


def tranches_of(award: Award) -> list[Tranche]:
    wanted = select(Tranche).where(Tranche.award_id == award.id).order_by(Tranche.number)
    return list(db.session.scalars(wanted))


def plan_tranches(award: Award, schedule: dict, *, from_number: int = 1) -> list[Tranche]:
    """Rows for the instalments of a schedule, from one number on."""
    periods = len(schedule["returns"])
    rows = [
        Tranche(
            award_id=award.id, number=number, due_on=date.fromisoformat(day), amount_pence=pence, waits_for=gate,
            is_retention=is_kept_back(number, gate, periods),
        )
        for number, day, pence, gate in schedule["tranches"]
        if number >= from_number
    ]  # fmt: skip
    db.session.add_all(rows)
    db.session.flush()
    return rows


def check_sum(award: Award) -> None:
    """Raises Problem unless what is paid and still to be paid is exactly what was promised."""
    rows = [row for row in tranches_of(award) if row.status != "cancelled"]
    promised = award.committed_pence + award.paid_pence
    if (total := sum(row.amount_pence for row in rows)) != promised:
        raise Problem(f"The payments add up to {pounds(total)}, but {pounds(promised)} is promised.")


def clear_gate(award: Award, gate: str, *, by: Person | None, now: datetime) -> None:
    """What an instalment waited for has come ("agreement", "return-2"). Clearing it again changes nothing."""
    for row in tranches_of(award):
        if row.waits_for == gate and row.cleared_at is None:
            row.cleared_at = now
            row.touch()
            audit.record("tranche.clear", row, by=by, now=now, award=award.id, gate=gate)
    db.session.flush()


def cancel_rest(award: Award, *, by: Person | None, now: datetime) -> None:
    """Cancel every instalment that is not paid."""
    for row in tranches_of(award):
        if row.status in HOLDING_STATES:
            TRANCHE.move(row, "cancel", by=by, now=now)


def gate_words(gate: str) -> str:
    """ "Signed agreement", "Return 2 accepted"."""
    return "Signed agreement" if gate == AGREEMENT else f"Return {gate.removeprefix('return-')} accepted"


def open_conditions(award: Award) -> list[Condition]:
    """Conditions that hold payments back and that nobody has cleared."""
    wanted = (Condition.award_id == award.id, Condition.gate, Condition.cleared_at.is_(None))
    return list(db.session.scalars(select(Condition).where(*wanted).order_by(Condition.number)))
