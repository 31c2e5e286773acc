"""The list of instalments that finance works through: one row query and one for accounts under two names, with what holds each
back in plain words."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from applications.tables import Application
from applications.workflow import APPLICATION
from fund.core.clock import today
from fund.core.database import db
from fund.tables import Organisation

from .shared_accounts import Shared, shared_accounts
from .tables import Award, BankDetail, Condition, Payment, Subsidy, Tranche
from .tables.payments import HOLDING_STATES
from .tranches import gate_words


@dataclass(frozen=True)
class Row:
    """One instalment; `held` is the first thing that keeps it from being paid, or nothing. One that is prepared may be held too:
    by an account that came up under a second name since."""

    id: int
    number: int
    due_on: date
    pence: int
    status: str
    award_id: int
    reference: str
    organisation: str
    payment_id: int | None
    prepared_by_id: int | None
    held: str

    @property
    def stage(self) -> str:
        """ "ready", "held", "prepared", "paid" or "cancelled"."""
        return self.status if self.status != "planned" else ("held" if self.held else "ready")


def rows_of(rounds: list[int], now: datetime) -> list[Row]:
    """Every instalment of these rounds, soonest first."""
    earlier = aliased(Tranche)
    query = (
        select(
            Tranche.id, Tranche.number, Tranche.due_on, Tranche.amount_pence, Tranche.status, Tranche.waits_for, Tranche.cleared_at,
            Award.id, Award.reference, Organisation.name, Application.status, Payment.id, Payment.prepared_by_id,
            exists().where(BankDetail.award_id == Award.id, BankDetail.replaced_at.is_(None), BankDetail.confirmed_at.isnot(None)),
            select(func.count()).where(Condition.award_id == Award.id, Condition.gate, Condition.cleared_at.is_(None)).scalar_subquery(),
            exists().where(Subsidy.award_id == Award.id, Subsidy.declared_at.is_(None)),
            exists().where(earlier.award_id == Award.id, earlier.number < Tranche.number, earlier.status.in_(HOLDING_STATES)),
        )
        .join(Award, Award.id == Tranche.award_id)
        .join(Application, Application.id == Award.application_id)
        .join(Organisation, Organisation.id == Award.organisation_id)
        .outerjoin(Payment, Payment.tranche_id == Tranche.id)
        .where(Award.round_id.in_(rounds), Application.status != "offered")
        .order_by(Tranche.due_on, Tranche.id)
    )  # fmt: skip
    shared = shared_accounts(Award.round_id.in_(rounds))
    return [_row(found, today(now), shared) for found in db.session.execute(query)]


def _row(found, day: date, accounts: dict[int, Shared]) -> Row:
    (key, number, due, pence, status, gate, cleared, award, reference, organisation, life, payment, preparer, bank, conditions, notice, behind) = found  # fmt: skip
    held, shared = "", accounts[award].holds if award in accounts else ""
    if status == "planned":
        held = _held(life, due, day, gate, cleared, bank, shared, conditions, notice, behind)
    elif status == "prepared":
        held = shared
    return Row(key, number, due, pence, status, award, reference, organisation, payment, preparer, held)


def _held(life, due, day, gate, cleared, bank, shared, conditions, notice, behind) -> str:
    """The first sentence of payments.holds, from one row."""
    if life != "in_delivery":
        return APPLICATION.state(life).staff
    if due > day:
        return "Not due yet"
    if cleared is None:
        return f"Waits for: {gate_words(gate)}"
    if not bank:
        return "Bank details not confirmed"
    if shared:
        return shared
    if notice:
        return "Subsidy notice not confirmed"
    if conditions:
        return f"{conditions} condition{'s' if conditions > 1 else ''} not cleared"
    return "An earlier payment comes first" if behind else ""
