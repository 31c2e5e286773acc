"""Offers: made when a decision is approved, accepted by every signatory, declined, or ended by the clock."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from applications.tables import Application
from applications.workflow import APPLICATION
from fund.core.database import db
from fund.strategies.legal_form import legal_form
from fund.tables import Fund, Person, Round

from . import conditions, letters, money, schedule, tranches
from .decisions import current_decision
from .letter_facts import offer_facts, unsuccessful_facts
from .letter_templates import words_for
from .parties import lead_of
from .tables import Award, AwardVersion, Decision, Signatory


def load_award(key: int) -> Award | None:
    """An award with its round, fund, partnership, bid and organisation, in one statement."""
    fund = joinedload(Award.round).joinedload(Round.fund).joinedload(Fund.partnership)
    with_bid = joinedload(Award.application), joinedload(Award.organisation), joinedload(Award.decision)
    return db.session.scalar(select(Award).where(Award.id == key).options(fund, *with_bid))


def award_of(application: Application) -> Award | None:
    return db.session.scalar(select(Award).where(Award.application_id == application.id))


def terms_of(award: Award) -> AwardVersion:
    """The terms that hold now."""
    wanted = select(AwardVersion).where(AwardVersion.award_id == award.id).order_by(AwardVersion.number.desc())
    return db.session.scalars(wanted.limit(1)).one()


def make_offer(application: Application, *, by: Person, now: datetime) -> Award:
    """Everything that an approved offer is: award, terms, conditions, instalments, ledger entry, signatory and letter.

    Raises NoRoom when the pot has no room for it (rule 10).
    """
    decision = current_decision(application)
    round = application.round
    award = Award(
        application_id=application.id, decision_id=decision.id, round_id=round.id,
        organisation_id=application.organisation_id, reference=application.reference, offered_at=now,
        accept_by=schedule.end_of_day(now, round.acceptance_days),
    )  # fmt: skip
    db.session.add(award)
    db.session.flush()
    money.post(award, "offer", decision.amount_pence, by=by, now=now, once=f"offer-{award.id}")
    terms = first_terms(award, decision.amount_pence, by=by, now=now)
    tranches.plan_tranches(award, terms.schedule)
    conditions.set_conditions(award, decision.conditions)
    lead = lead_of(application)
    if lead is not None:
        db.session.add(Signatory(award_id=award.id, person_id=lead.id, position=1))
        db.session.flush()
    letters.issue_award_letter(award, terms, now=now)
    return award


def first_terms(award: Award, amount_pence: int, *, by: Person, now: datetime) -> AwardVersion:
    """Version 1 of the terms, kept."""
    terms = planned_terms(award.application, amount_pence, now=now)
    terms.award_id, terms.created_by_id = award.id, by.id
    db.session.add(terms)
    db.session.flush()
    return terms


def planned_terms(application: Application, amount_pence: int, *, now: datetime) -> AwardVersion:
    """The terms that an offer of so many pence would have, with the schedule that the round's rules give; nothing is kept."""
    round = application.round
    starts_on = application.starts_on or round.delivery_start_on
    ends_on = application.ends_on or round.delivery_end_on
    periods = schedule.return_periods(starts_on, ends_on, round.return_every_months)
    registered = bool(legal_form(application.organisation.legal_form).registers)
    instalments = schedule.tranches_for(
        amount_pence, registered, periods, pay_when=round.pay_when, retention_percent=round.retention_percent
    )
    return AwardVersion(
        number=1, amount_pence=amount_pence, purpose=application.title or round.fund.purpose, starts_on=starts_on,
        ends_on=ends_on, schedule=schedule.as_kept(instalments, periods), created_at=now,
    )  # fmt: skip


def planned_letter(decision: Decision, *, now: datetime) -> dict[str, Any]:
    """The facts of the letter that approving this decision would send; nothing is kept.

    Raises TemplateProblem where the partnership's words cannot say it.
    """
    application = decision.application
    if decision.kind == "reject":
        facts = unsuccessful_facts(application, decision, 1, now)
    else:
        terms = planned_terms(application, decision.amount_pence, now=now)
        rows = conditions.planned_conditions(None, decision.conditions)
        until = schedule.end_of_day(now, application.round.acceptance_days)
        facts = offer_facts(decision, terms, rows, until, now)
    words = words_for(application.round.fund.partnership, facts["kind"])
    return facts | {"template": {"number": 0, "words": words}}


def decline_offer(award: Award, reason: str, *, by: Person, now: datetime) -> None:
    """The grantee says no. The money is free at once."""
    APPLICATION.move(award.application, "decline", by=by, now=now, reason=reason)


def lapse_offer(award: Award, *, now: datetime) -> None:
    """The clock ends an offer that nobody accepted in time. The money is free at once."""
    APPLICATION.move(award.application, "lapse", by=None, now=now)


def end_award(award: Award, why: str, *, by: Person | None, now: datetime) -> int:
    """After a decline, lapse, withdrawal or termination: free what is not paid and cancel its instalments.

    Returns what was freed, in pence.
    """
    tranches.cancel_rest(award, by=by, now=now)
    award.ended_at = now
    return money.free_money(award, why, by=by, now=now)


def waiting_offers(now: datetime) -> list[Award]:
    """Offers that are neither accepted nor ended, soonest end first."""
    wanted = select(Award).join(Application).where(Application.status == "offered").order_by(Award.accept_by, Award.id)
    return list(db.session.scalars(wanted))
