"""What the life of an application asks of awarding: who may, and what must be true first. The messages are in mails.py."""

from datetime import datetime

from sqlalchemy import func, select

from applications.tables import Application
from applications.workflow import APPLICATION
from fund import ledger
from fund.core.database import db
from fund.core.money import pounds
from fund.core.problems import Problem, WrongMoment
from fund.roles import is_decision_maker
from fund.tables import Person, Round
from fund.workflow import ROUND

from . import bank, money, offers, tranches, unspent
from .acceptance import is_fully_signed, missing_signatures
from .decisions import check_registered, current_decision, may_approve
from .parties import is_named_to_sign
from .tables import Decision


def _decision(application: Application) -> Decision:
    found = current_decision(application)
    if found is None:
        raise Problem("There is no decision to approve.")
    return found


@APPLICATION.check("who", "is_second_approver")
def is_second_approver(person: Person | None, application: Application) -> bool:
    """Another decision maker than the proposer, who neither judged the bid nor belongs to the applicant."""
    decision = current_decision(application)
    return decision is not None and is_decision_maker(person, application) and bool(may_approve(person, decision))


@APPLICATION.check("who", "is_signatory")
def is_signatory(person: Person | None, application: Application) -> bool:
    award = offers.award_of(application)
    return award is not None and is_named_to_sign(person, award)


@APPLICATION.check("needs", "minuted_reasons")
def minuted_reasons(application, *, by, now, **_) -> None:
    """Two people and their reasons stand in the decision."""
    decision = _decision(application)
    if not decision.reasons.strip() or decision.approved_by_id in (None, decision.proposed_by_id):
        raise Problem("A decision needs reasons and a second person's approval.")


@APPLICATION.check("needs", "direct_reason")
def direct_reason(application, *, by, now, **_) -> None:
    """An award without competition says why, for everybody to read."""
    if not _decision(application).direct_reason:
        raise Problem("An award without competition needs a reason that can be published.")


@APPLICATION.check("needs", "registered_where_cap_needs_it")
def registered_where_cap_needs_it(application, *, by, now, **_) -> None:
    check_registered(application, _decision(application).amount_pence or 0)


@APPLICATION.check("needs", "award_within_cap")
def award_within_cap(application, *, by, now, **_) -> None:
    amount = _decision(application).amount_pence or 0
    cap = check_registered(application, amount)
    most = min(cap.most_pence, application.requested_pence or 0)
    if not 0 < amount <= most:
        raise Problem(f"{pounds(amount)} cannot be offered: the most is {pounds(most)}.", "amount")


@APPLICATION.check("needs", "money_left")
def money_left(application, *, by, now, **_) -> None:
    amount = _decision(application).amount_pence or 0
    room = ledger.fresh_pot(application.round).room_pence
    if amount > room:
        raise ledger.NoRoom(amount, room)


@APPLICATION.check("needs", "before_expiry")
def before_expiry(application, *, by, now: datetime, handed_in: str | None = None, **_) -> None:
    """A signed copy counts from the moment it was handed in (ISO text), however long the fund takes to look at it."""
    came = datetime.fromisoformat(handed_in) if handed_in else now
    if came >= offers.award_of(application).accept_by:
        raise WrongMoment("The day to accept this offer has passed. Write to the fund: it may be able to offer again.")


@APPLICATION.check("needs", "after_expiry")
def after_expiry(application, *, by, now: datetime, **_) -> None:
    if now < offers.award_of(application).accept_by:
        raise WrongMoment("The offer can still be accepted.")


@APPLICATION.check("needs", "every_signature")
def every_signature(application, *, by, now, **_) -> None:
    award = offers.award_of(application)
    if missing := missing_signatures(award):
        raise Problem(f"{missing} more {'person' if missing == 1 else 'people'} must sign.")


@APPLICATION.check("needs", "agreement_signed")
def agreement_signed(application, *, by, now, **_) -> None:
    if not is_fully_signed(offers.award_of(application)):
        raise Problem("The agreement is not signed by everybody who must sign.")


@APPLICATION.check("needs", "bank_verified")
def bank_verified(application, *, by, now, **_) -> None:
    bank.confirmed_detail(offers.award_of(application))


@APPLICATION.check("needs", "tranches_add_up")
def tranches_add_up(application, *, by, now, **_) -> None:
    tranches.check_sum(offers.award_of(application))


@APPLICATION.check("needs", "money_settled")
def money_settled(application, *, by, now, **_) -> None:
    nothing_owed(application, by=by, now=now)
    if left := unspent.unspent_of(offers.award_of(application)):
        raise Problem(f"{pounds(left)} of what was paid was not spent. Under “Unspent money” ask for it back, or have a head of fund let the group keep it.")  # fmt: skip


@APPLICATION.check("needs", "nothing_owed")
def nothing_owed(application, *, by, now, **_) -> None:
    award = offers.award_of(application)
    if award.committed_pence:
        raise Problem(f"{pounds(award.committed_pence)} is still committed. Pay it or vary the award first.")
    if owed := money.owed_back(award):
        raise Problem(f"{pounds(owed)} must come back first.")


PROMISED = ("offered", "accepted", "in_delivery")


@ROUND.check("needs", "nothing_promised")
def nothing_promised(round: Round, *, by, now, **_) -> None:
    """A round in which money is promised cannot be cancelled."""
    wanted = (Application.round_id == round.id, Application.status.in_(PROMISED))
    if count := db.session.scalar(select(func.count()).select_from(Application).where(*wanted)):
        raise Problem(
            f"{count} {'award is' if count == 1 else 'awards are'} promised. End them before you cancel the round."
        )
