"""Decisions: one person proposes with reasons, another approves. Only the approval moves the bid.

A changed mind is a new decision that supersedes the old one and voids whatever was said about it.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from applications.tables import Application
from applications.workflow import APPLICATION
from fund.caps import CapFor, cap_for, caps_of
from fund.core import audit
from fund.core.database import db
from fund.core.guards import once_only
from fund.core.money import pounds
from fund.core.permissions import No, asked_once
from fund.core.problems import Forbidden, Problem, WrongMoment
from fund.tables import Person
from scoring.assignments import judged

from .limits import may_decide_on
from .parties import takes_side
from .tables import Decision
from .tables.decisions import DECISION_KINDS

TO_DECIDE = ("moderated", "reserved")
DIRECT = "eligible"  # a bid that can be awarded without competition, for a reason that is published
LEAST_REASON = 20  # letters: "ok" is no reason that can be published
TO_BE_CHECKED = (
    "The registration number of this organisation is still to be checked. Until it is confirmed the most is {}."
)


def load_decision(key: int) -> Decision | None:
    return db.session.get(Decision, key)


def current_decision(application: Application) -> Decision | None:
    """The decision that stands for a bid, approved or waiting."""
    wanted = (Decision.application_id == application.id, Decision.superseded_at.is_(None))
    return db.session.scalar(select(Decision).where(*wanted))


def decisions_about(application: Application) -> list[Decision]:
    """Every decision about a bid, the latest first."""
    wanted = select(Decision).where(Decision.application_id == application.id)
    return list(db.session.scalars(wanted.order_by(Decision.id.desc())))


@asked_once
def may_take_part(person: Person | None, application: Application) -> bool | No:
    """Nobody decides on or pays a bid that they judged or that is their own."""
    if person is None:
        return True
    assessed, own = db.session.execute(select(judged(person, application), takes_side(person, application))).one()
    if assessed:
        return No("You assessed this bid or declared a conflict with it. Somebody else must do this.")
    if own:
        return No("This is a bid of your own organisation. Somebody else must do this.")
    return True


def offer_limit(application: Application) -> tuple[int, str]:
    """The most that can be offered, in pence, and the sentence that says why (rule 2: unchecked numbers)."""
    cap = cap_for(application.round, application.organisation)
    asked = application.requested_pence or 0
    if cap.provisional and (lower := _unregistered_cap(application)) < asked:
        return lower, TO_BE_CHECKED.format(pounds(lower))
    if asked <= cap.most_pence:
        return asked, f"They asked for {pounds(asked)}. An offer cannot be more."
    return cap.most_pence, f"The cap for {cap.plural} is {pounds(cap.most_pence)}."


def _unregistered_cap(application: Application) -> int:
    return max((cap.most_pence for cap in caps_of(application.round) if not cap.needs_register), default=0)


def check_registered(application: Application, amount_pence: int) -> CapFor:
    """Raises Problem when the amount needs a registration that nobody has confirmed yet."""
    cap = cap_for(application.round, application.organisation)
    if cap.provisional and amount_pence > (lower := _unregistered_cap(application)):
        raise Problem(TO_BE_CHECKED.format(pounds(lower)), "amount")
    return cap


def propose_decision(
    application: Application, kind: str, *, reasons: str, by: Person, now: datetime, amount_pence: int | None = None,
    conditions: list[str] | None = None, direct_reason: str = "",
) -> Decision:  # fmt: skip
    """Propose to offer (an amount in pence, with conditions), reserve or reject. Replaces what was proposed before.

    An eligible bid that the panel has not scored can only be offered an award directly, with the reason for it.

    Raises WrongMoment when the bid is not to be decided, Problem for missing reasons or an amount above cap or ask.
    """
    direct = application.status == DIRECT
    if application.status not in TO_DECIDE and not direct:
        raise WrongMoment(f"{application.reference} is not waiting for a decision.")
    if (
        kind not in DECISION_KINDS
        or (kind == "reserve" and application.status == "reserved")
        or (direct and kind != "offer")
    ):
        raise Problem("Choose a decision", "kind")
    refuse_unless(may_take_part(by, application))
    if len(reasons.strip()) < LEAST_REASON:
        raise Problem("Give the reasons in words that can be published", "reasons")
    if direct and len(direct_reason.strip()) < LEAST_REASON:
        raise Problem("Say why this is awarded without competition, in words that can be published", "direct_reason")
    cap_pence = _checked_amount(application, amount_pence) if kind == "offer" else None
    _supersede(application, "A new decision was proposed", now)
    row = Decision(
        application_id=application.id, kind=kind, amount_pence=amount_pence if kind == "offer" else None,
        cap_pence=cap_pence, reasons=reasons.strip(), conditions=(conditions or []) if kind == "offer" else [],
        direct_reason=direct_reason.strip() if direct else None, proposed_at=now, proposed_by_id=by.id,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(row)
            db.session.flush()
    except IntegrityError:
        raise WrongMoment(
            "Somebody else proposed a decision for this bid at the same moment. Look at theirs first."
        ) from None
    audit.record("decision.propose", row, by=by, now=now, application=application.id, kind=kind, amount_pence=row.amount_pence)  # fmt: skip
    return row


def _checked_amount(application: Application, amount_pence: int | None) -> int:
    if not amount_pence:
        raise Problem("Enter how much to offer", "amount")
    most, why = offer_limit(application)
    if amount_pence > most:
        raise Problem(f"{why} Take off {pounds(amount_pence - most)}.", "amount")
    return most


def _supersede(application: Application, why: str, now: datetime) -> None:
    old = current_decision(application)
    if old is not None:
        old.superseded_at, old.superseded_why = now, why
        db.session.flush()


def may_approve(person: Person | None, decision: Decision) -> bool | No:
    """The second person: never the first, and nobody who judged the bid (rule 11)."""
    if person is not None and decision.proposed_by_id == person.id:
        return No("You proposed this decision. Another decision maker must approve it.")
    if person is not None and decision.kind == "offer":
        answer = may_decide_on(person, decision.application.round.fund.partnership_id, decision.amount_pence)
        if not answer:
            return answer
    return may_take_part(person, decision.application)


def approve_decision(decision: Decision, *, by: Person, now: datetime) -> None:
    """Approve, and make the move with everything that belongs to it: an offer's money, letter and mail.

    Raises WrongMoment when it was approved or replaced meanwhile, Forbidden for the wrong person, NoRoom, Problem.
    """
    if decision.superseded_at is not None:
        raise WrongMoment("This decision was changed after you opened it. Read the new one before you approve.")
    if decision.approved_at is not None:
        raise WrongMoment("This decision was approved already.")
    refuse_unless(may_approve(by, decision))
    with once_only("Somebody else decided on this at the same moment. Look at what stands now."):
        decision.approved_at, decision.approved_by_id = now, by.id
    audit.record("decision.approve", decision, by=by, now=now, application=decision.application_id)
    action = "award_directly" if decision.direct_reason else decision.kind
    APPLICATION.move(decision.application, action, by=by, now=now, decision=decision.id)


def send_back(decision: Decision, why: str, *, by: Person, now: datetime) -> None:
    """Do not approve: the proposer sees why and proposes again."""
    if not decision.is_waiting:
        raise WrongMoment("This decision no longer waits for approval.")
    refuse_unless(may_approve(by, decision))
    if not why.strip():
        raise Problem("Say what should change", "why")
    decision.superseded_at, decision.superseded_why = now, f"Sent back: {why.strip()}"
    audit.record("decision.send_back", decision, by=by, now=now, application=decision.application_id)
    db.session.flush()


def refuse_unless(answer: bool | No) -> None:
    """Raises Forbidden with the refusal's own reason, or with plain words when it has none."""
    if not answer:
        raise Forbidden(answer.reason if isinstance(answer, No) else "You are not the person who can do this.")
