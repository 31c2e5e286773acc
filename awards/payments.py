"""Payments: one for each instalment, ever; prepared by one person and released by another (rule 11)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from applications.workflow import APPLICATION
from fund.core import audit, outbox
from fund.core.clock import speak_day, today
from fund.core.database import db
from fund.core.guards import once_only
from fund.core.money import pounds
from fund.core.problems import Forbidden, Problem, WrongMoment
from fund.tables import Person

from . import money
from .bank import confirmed_detail, current_detail, why_not_confirmed
from .decisions import may_take_part, refuse_unless
from .parties import people_of
from .shared_accounts import Shared, shared_account
from .subsidies import subsidy_of
from .tables import Award, BankDetail, Condition, Payment, PaymentRun, Subsidy, Tranche
from .tranches import TRANCHE, clear_gate, gate_words, open_conditions, tranches_of

__all__ = [
    "clear_gate",
    "holds",
    "load_payment",
    "load_run",
    "load_tranche",
    "prepare_payment",
    "release_payments",
    "take_back",
]


def load_tranche(key: int) -> Tranche | None:
    return db.session.scalar(select(Tranche).where(Tranche.id == key).options(joinedload(Tranche.award)))


def load_payment(key: int) -> Payment | None:
    return db.session.get(Payment, key)


def load_run(key: int) -> PaymentRun | None:
    return db.session.get(PaymentRun, key)


@dataclass(frozen=True)
class Papers:
    """What decides whether an award's money may go out: its account, its subsidy notice, its conditions, its instalments,
    and who else gave the account."""

    detail: BankDetail | None
    subsidy: Subsidy | None
    conditions: list[Condition]
    tranches: list[Tranche]
    shared: Shared | None = None


def holds(tranche: Tranche, now: datetime) -> list[str]:
    """Everything that keeps an instalment from being paid now, as sentences; none when it can be paid."""
    award = tranche.award
    papers = Papers(
        current_detail(award), subsidy_of(award), open_conditions(award), tranches_of(award), shared_account(award)
    )
    return held_by(tranche, award, papers, now)


def held_by(tranche: Tranche, award: Award, papers: Papers, now: datetime) -> list[str]:
    """The same from papers that are read already."""
    found = []
    status = award.application.status
    if status not in ("accepted", "in_delivery"):
        found.append(f"The award is “{APPLICATION.state(status).staff}”.")
    elif status == "accepted":
        found.append("Delivery has not started.")
    if tranche.due_on > today(now):
        found.append(f"It is due on {speak_day(tranche.due_on)}.")
    if tranche.cleared_at is None:
        found.append(f"It waits for: {gate_words(tranche.waits_for)}.")
    if problem := why_not_confirmed(papers.detail):
        found.append(problem)
    if papers.shared is not None and papers.shared.holds:
        found.append(papers.shared.holds)
    if papers.subsidy is not None and papers.subsidy.declared_at is None:
        found.append("The grantee has not confirmed the subsidy notice.")
    closed = [each for each in papers.conditions if each.gate and each.cleared_at is None]
    found += [f"Condition {each.number} is not cleared: {each.title}." for each in closed]
    earlier = [
        each for each in papers.tranches if each.number < tranche.number and each.status in ("planned", "prepared")
    ]
    if earlier:
        found.append(f"Payment {earlier[0].number} comes first.")
    return found


def _refuse_held(tranche: Tranche, now: datetime) -> BankDetail:
    if found := holds(tranche, now):
        raise Problem(found[0])
    return confirmed_detail(tranche.award)


def prepare_payment(tranche: Tranche, *, by: Person, now: datetime) -> Payment:
    """Prepare the one payment of an instalment. Raises Problem with the first thing that holds it, WrongMoment if there is one."""
    refuse_unless(may_take_part(by, tranche.award.application))
    if tranche.status != "planned":
        raise WrongMoment("A payment was already prepared for this instalment.")
    detail = _refuse_held(tranche, now)
    TRANCHE.move(tranche, "prepare", by=by, now=now)
    tranche.touch()
    row = Payment(
        tranche_id=tranche.id, bank_detail_id=detail.id, amount_pence=tranche.amount_pence,
        reference=f"{tranche.award.reference}-{tranche.number}", prepared_at=now, prepared_by_id=by.id,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(row)
            db.session.flush()
    except IntegrityError:
        raise WrongMoment("A payment was already prepared for this instalment.") from None
    audit.record("payment.prepare", row, by=by, now=now, award=tranche.award_id, tranche=tranche.number)
    return row


def take_back(payment: Payment, why: str, *, by: Person, now: datetime) -> None:
    """Take back a payment that was not released, so that it can be prepared afresh."""
    if payment.released_at is not None:
        raise WrongMoment("This payment was released already.")
    tranche = payment.tranche
    TRANCHE.move(tranche, "take_back", by=by, now=now, reason=why)
    tranche.touch()
    audit.record("payment.take_back", payment, by=by, now=now, award=tranche.award_id)
    db.session.delete(payment)
    db.session.flush()


def may_release(person: Person, payment: Payment) -> None:
    """Raises Forbidden for the person who prepared it, entered or verified its account alone, or judged the bid."""
    if payment.prepared_by_id == person.id:
        raise Forbidden(f"You prepared payment {payment.reference}. Another person must release it.")
    refuse_unless(may_take_part(person, payment.award.application))


def release_payments(payments: list[Payment], *, by: Person, now: datetime) -> PaymentRun:
    """Release prepared payments together as one run for the bank: ledger, instalment and mail, once each.

    Raises WrongMoment for one that was released, Forbidden for one that this person prepared, Problem for one that is held
    (details changed after it was prepared, or another organisation gave the same account). Nothing is released then.
    """
    if not payments:
        raise Problem("Choose at least one payment", "payments")
    partnerships = {payment.award.round.fund.partnership_id for payment in payments}
    if len(partnerships) > 1:
        raise Problem("Choose payments of one partnership", "payments")
    run = PaymentRun(partnership_id=partnerships.pop(), released_at=now, released_by_id=by.id)
    db.session.add(run)
    db.session.flush()
    for payment in payments:
        _release(payment, run, by, now)
    audit.record("payment.run", run, by=by, now=now, payments=[payment.id for payment in payments])
    return run


def _release(payment: Payment, run: PaymentRun, by: Person, now: datetime) -> None:
    may_release(by, payment)
    if payment.released_at is not None:
        raise WrongMoment(f"Payment {payment.reference} was released already.")
    tranche, award = payment.tranche, payment.tranche.award
    if _refuse_held(tranche, now).id != payment.bank_detail_id:
        raise Problem(f"The bank details changed after payment {payment.reference} was prepared. Take it back and prepare it again.")  # fmt: skip
    TRANCHE.move(tranche, "release", by=by, now=now)
    tranche.touch()
    with once_only(f"Payment {payment.reference} was released already."):
        payment.run_id, payment.released_at, payment.released_by_id = run.id, now, by.id
    money.post(award, "pay", payment.amount_pence, by=by, now=now, once=f"pay-tranche-{tranche.id}")
    audit.record("payment.release", payment, by=by, now=now, award=award.id, amount_pence=payment.amount_pence)
    _send_remittance(payment, award, now)


def _send_remittance(payment: Payment, award: Award, now: datetime) -> None:
    for person in people_of(award.application):
        outbox.queue(
            "remittance", person.email, now=now, once=f"remittance-{payment.id}-{person.id}", person=person, award=award,
            amount=pounds(payment.amount_pence), reference=payment.reference, ends_with=payment.bank_detail.ends_with,
            number=payment.tranche.number, partnership=award.round.fund.partnership,
        )  # fmt: skip


def payments_of(award: Award) -> list[Payment]:
    wanted = select(Payment).join(Tranche).where(Tranche.award_id == award.id).order_by(Payment.id)
    return list(db.session.scalars(wanted))


def payments_in(run: PaymentRun) -> list[Payment]:
    tranche = joinedload(Payment.tranche).joinedload(Tranche.award).joinedload(Award.organisation)
    wanted = select(Payment).where(Payment.run_id == run.id).options(tranche, joinedload(Payment.bank_detail))
    return list(db.session.scalars(wanted.order_by(Payment.id)))
