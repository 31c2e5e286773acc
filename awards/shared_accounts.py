"""Money to an account that stands under two names waits until a person has said why (rule 3), also when the account was
confirmed before the second name came.

What was said is about the two organisations and the account: one answer frees every award of both. Accounts are compared by
their fingerprint alone. Nothing here is shown to a grantee.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import aliased

from applications.signals.answering import signals_about
from applications.signals.found import digest_of, identity_of
from applications.tables import Signal, SignalAnswer
from applications.workflow import ENDED
from fund.core import outbox, withholding
from fund.core.database import db
from fund.people import staff_of
from fund.tables import Fund, Round

from .tables import Award, BankDetail

TOLD = ("finance_officer", "fund_officer", "head_of_fund")


@dataclass(frozen=True)
class Shared:
    """An account that holds now for one award and was given by other organisations of the partnership too.

    `others` are the references of their awards; `signal` is the one to answer, missing for at most the hour until bids
    are compared again; `held_by` is who said "held"; `is_fine` when a person has said of every one that it is no problem.
    """

    others: tuple[str, ...]
    signal: Signal | None
    held_by: str
    is_fine: bool

    @property
    def holds(self) -> str:
        """Why nothing is paid, as a sentence without names of organisations; empty when it can be."""
        if self.is_fine:
            return ""
        if self.held_by:
            return f"Another organisation gave the same account, and {self.held_by} held it."
        return "Another organisation gave the same account. Somebody must answer the signal first."


def shared_accounts(*wanted) -> dict[int, Shared]:
    """{award key: what is shared} of the awards under these conditions. One statement, three where any account is shared."""
    with withholding.whole():
        rows = db.session.execute(_meetings().where(*wanted)).all()
    if not rows:
        return {}
    meetings: dict[int, dict[str, str]] = defaultdict(dict)
    for award_id, mine, theirs, reference, fingerprint in rows:
        meetings[award_id][reference] = digest_of("bank", identity_of((mine, fingerprint), (theirs, fingerprint)))
    answers, signals = signals_about({digest for found in meetings.values() for digest in found.values()})
    return {key: _shared(found, answers, signals) for key, found in meetings.items()}


def shared_account(award: Award) -> Shared | None:
    return shared_accounts(Award.id == award.id).get(award.id)


@cache
def _meetings():
    """(award, its organisation, the other organisation, the other award's reference, fingerprint), each once. Built once:
    putting such a statement together takes a quarter of an award's page."""
    theirs, other, round, fund = aliased(BankDetail), aliased(Award), aliased(Round), aliased(Fund)
    return (
        select(Award.id, Award.organisation_id, other.organisation_id, other.reference, BankDetail.fingerprint)
        .join(BankDetail, BankDetail.award_id == Award.id)
        .join(Round, Round.id == Award.round_id)
        .join(Fund, Fund.id == Round.fund_id)
        .join(theirs, theirs.fingerprint == BankDetail.fingerprint)
        .join(other, other.id == theirs.award_id)
        .join(round, round.id == other.round_id)
        .join(fund, fund.id == round.fund_id)
        .where(BankDetail.replaced_at.is_(None), other.organisation_id != Award.organisation_id)
        .where(fund.partnership_id == Fund.partnership_id)
        .distinct()
        .order_by(Award.id, other.reference)
    )


def _shared(found: dict[str, str], answers: dict[str, SignalAnswer], signals: dict[str, Signal]) -> Shared:
    standing = [digest for digest in found.values() if digest not in answers or answers[digest].answer == "held"]
    held = [answers[digest].answered_by.name for digest in standing if digest in answers]
    waits = next((signals[digest] for digest in standing or found.values() if digest in signals), None)
    return Shared(tuple(found), waits, held[0] if held else "", not standing)


def tell_of_shared(detail: BankDetail, now: datetime) -> None:
    """Somebody gave an account that another award already has confirmed: those who pay and answer for it are told at once."""
    theirs = (BankDetail.fingerprint == detail.fingerprint, BankDetail.confirmed_at.is_not(None), BankDetail.replaced_at.is_(None))  # fmt: skip
    wanted = select(Award).where(Award.id.in_(select(BankDetail.award_id).where(*theirs)), Award.id != detail.award_id)
    with withholding.whole():
        met = shared_accounts(Award.id.in_(select(BankDetail.award_id).where(*theirs)))
        found = [award for award in db.session.scalars(wanted.order_by(Award.id)) if award.id in met]
    for award in found:
        if met[award.id].is_fine or award.application.status in ENDED:
            continue
        for person in staff_of(award.round, *TOLD, now=now):
            outbox.queue(
                "account_shared", person.email, now=now, once=f"account-shared-{detail.id}-{award.id}-{person.id}", person=person,
                award=award, other=detail.award, ends_with=detail.ends_with, signal=met[award.id].signal,
            )  # fmt: skip
