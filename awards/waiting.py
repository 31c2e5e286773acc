"""What waits for whom in awarding, for each person's front page."""

from datetime import datetime

from flask import url_for
from sqlalchemy import func, select

from applications.tables import Application
from applications.workflow import ENDED
from fund.core.database import db
from fund.roles import holds, is_staff
from fund.rounds import seen_by
from fund.tables import Fund, Person, Round
from fund.waiting import Waiting, waits_for_me

from .payment_list import rows_of
from .shared_accounts import shared_accounts
from .signing import why_not_signed
from .tables import Award, BankDetail, Decision, Payment, SignedCopy, Tranche, WithdrawalLetter
from .withdrawals import without_letter


@waits_for_me
def decisions_to_approve(person: Person, now: datetime) -> list[Waiting]:
    """Decisions that somebody else proposed, by round."""
    query = (
        select(Round.id, Round.title, func.count())
        .join(Application, Application.round_id == Round.id)
        .join(Decision, Decision.application_id == Application.id)
        .join(Fund, Fund.id == Round.fund_id)
        .where(Decision.superseded_at.is_(None), Decision.approved_at.is_(None), Decision.proposed_by_id != person.id)
        .where(seen_by(person, "decision_maker", now=now))
        .group_by(Round.id, Round.title)
    )
    return [
        Waiting(f"Approve decisions: {count}", url_for("decisions_office.waiting", round_id=key), title)
        for key, title, count in db.session.execute(query)
    ]


@waits_for_me
def bids_to_decide(person: Person, now: datetime) -> list[Waiting]:
    """Bids that the panel has finished with and that nobody has proposed a decision on, by round."""
    proposed = select(Decision.id).where(Decision.application_id == Application.id, Decision.superseded_at.is_(None))
    query = (
        select(Round.id, Round.title, func.count())
        .join(Application, Application.round_id == Round.id)
        .join(Fund, Fund.id == Round.fund_id)
        .where(Application.status == "moderated", ~proposed.exists())
        .where(seen_by(person, "decision_maker", now=now))
        .group_by(Round.id, Round.title)
    )
    return [
        Waiting(f"Propose decisions: {count}", url_for("decisions_office.index", round_id=key), title)
        for key, title, count in db.session.execute(query)
    ]


@waits_for_me
def accounts_to_verify(person: Person, now: datetime) -> list[Waiting]:
    """Bank details to call back about, or to confirm."""
    query = (
        select(Award.id, Award.reference, BankDetail.checked_at)
        .join(BankDetail, BankDetail.award_id == Award.id)
        .join(Application, Application.id == Award.application_id)
        .join(Round, Round.id == Award.round_id)
        .join(Fund, Fund.id == Round.fund_id)
        .where(
            BankDetail.replaced_at.is_(None),
            BankDetail.confirmed_at.is_(None),
            BankDetail.entered_by_id != person.id,
            Application.status.not_in(ENDED),
        )
        .where(func.coalesce(BankDetail.checked_by_id, 0) != person.id, seen_by(person, "finance_officer", now=now))
    )
    return [
        Waiting(f"{'Confirm' if checked else 'Check'} the bank details of {reference}", url_for("awards_office.show", award_id=key, _anchor="bank"))
        for key, reference, checked in db.session.execute(query.order_by(BankDetail.id))
    ]  # fmt: skip


@waits_for_me
def copies_to_compare(person: Person, now: datetime) -> list[Waiting]:
    """Signed copies that grantees sent."""
    query = (
        select(SignedCopy.id, Award.reference)
        .join(Award, Award.id == SignedCopy.award_id)
        .join(Round, Round.id == Award.round_id)
        .join(Fund, Fund.id == Round.fund_id)
        .where(SignedCopy.outcome.is_(None), seen_by(person, "grant_manager", now=now))
    )
    return [
        Waiting(f"Compare the signed copy for {reference}", url_for("signed_copies.show", copy_id=key))
        for key, reference in db.session.execute(query.order_by(SignedCopy.id))
    ]


@waits_for_me
def payments_to_release(person: Person, now: datetime) -> list[Waiting]:
    """Prepared payments of other people."""
    query = (
        select(func.count())
        .select_from(Payment)
        .join(Tranche, Tranche.id == Payment.tranche_id)
        .join(Award, Award.id == Tranche.award_id)
        .join(Round, Round.id == Award.round_id)
        .join(Fund, Fund.id == Round.fund_id)
        .where(Payment.released_at.is_(None), Payment.prepared_by_id != person.id)
        .where(seen_by(person, "finance_officer", "head_of_fund", now=now))
    )
    count = db.session.scalar(query)
    return [Waiting(f"Release payments: {count}", url_for("payments_office.release"))] if count else []


@waits_for_me
def payments_to_prepare(person: Person, now: datetime) -> list[Waiting]:
    """Instalments that are due and held up by nothing; finance prepares them."""
    wanted = select(Round.id).join(Fund, Fund.id == Round.fund_id).where(seen_by(person, "finance_officer", now=now))
    rounds = list(db.session.scalars(wanted))
    count = sum(row.stage == "ready" for row in rows_of(rounds, now)) if rounds else 0
    return [Waiting(f"Prepare payments: {count}", url_for("payments_office.index", stage="ready"))] if count else []


@waits_for_me
def letters_that_cannot_be_signed(person: Person, now: datetime) -> list[Waiting]:
    """A signing certificate that is over, told to everybody of the fund's staff and to administrators."""
    if not (problem := why_not_signed(now)) or not (is_staff(person) or holds(person, "administrator")):
        return []
    about = "Ask an administrator to put a new one in. Reminders leave as messages meanwhile, and their letters wait."
    return [Waiting(f"No letter can be made: {problem}", url_for("awards_office.index", status="offered"), about, urgent=True)]  # fmt: skip


@waits_for_me
def letters_about_withdrawals(person: Person, now: datetime) -> list[Waiting]:
    """Withdrawals with money to come back whose letter nobody proposed, or that somebody else proposed."""
    proposing = without_letter(WithdrawalLetter.id.is_(None), seen_by(person, "grant_manager", now=now))
    approving = without_letter(WithdrawalLetter.proposed_by_id != person.id, seen_by(person, "decision_maker", "head_of_fund", now=now))  # fmt: skip
    return [
        Waiting(f"{word} the letter about the withdrawal from {reference}", url_for("withdrawals_office.show", award_id=key))
        for word, rows in (("Propose", proposing), ("Approve", approving))
        for key, reference, _proposer in rows
    ]  # fmt: skip


@waits_for_me
def accounts_under_two_names(person: Person, now: datetime) -> list[Waiting]:
    """Confirmed accounts that another organisation gave too, until a person has said why: their payments wait."""
    seen = seen_by(person, "finance_officer", "fund_officer", "head_of_fund", now=now)
    rounds = select(Round.id).join(Fund, Fund.id == Round.fund_id).where(seen)
    confirmed = select(BankDetail.award_id).where(BankDetail.replaced_at.is_(None), BankDetail.confirmed_at.isnot(None))
    live = select(Application.id).where(Application.status.not_in(ENDED))
    found = shared_accounts(Award.round_id.in_(rounds), Award.id.in_(confirmed), Award.application_id.in_(live))
    held = [key for key, shared in found.items() if shared.holds]
    names = dict(db.session.execute(select(Award.id, Award.reference).where(Award.id.in_(held))).all()) if held else {}
    return [
        Waiting(f"The account of {names[key]} was given by another organisation too: its payments wait", url_for("awards_office.show", award_id=key, _anchor="bank"))
        for key in held
    ]  # fmt: skip
