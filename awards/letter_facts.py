"""The facts a letter is drawn from: plain JSON, gathered once and kept, so that it can be drawn again without asking anybody."""

from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import select

from applications.forms import form_of
from applications.screening import BY_KEY, recorded_checks
from applications.tables import Application
from fund.core.clock import speak_day, today
from fund.core.database import db
from fund.core.money import pounds
from fund.tables import Partnership, Round
from scoring.tables import Moderation

from .conditions import OWN_TITLE, conditions_of
from .feedback import feedback_words
from .letter_parts import day_of
from .parties import lead_of, signatures_needed
from .schedule import last_day
from .tables import Award, AwardVersion, Condition, Decision, Recovery

LEGAL_POWER = (
    "This grant is made under section 143 of the Anti-social Behaviour, Crime and Policing Act 2014 for reducing crime "
    "and disorder."
)


def common_facts(application: Application, kind: str, number: int, now: datetime) -> dict[str, Any]:
    """What every letter says: who writes, to whom, about what, when."""
    round, organisation = application.round, application.organisation
    lead = lead_of(application)
    address = [organisation.address, " ".join(filter(None, [organisation.town, organisation.postcode]))]
    return {
        "kind": kind,
        "number": number,
        "made_at": now.isoformat(),
        "reference": application.reference,
        "partnership": _partnership(round.fund.partnership),
        "fund": round.fund.name,
        "round": round_words(round),
        "contact": lead.name if lead else "",
        "organisation": organisation.name,
        "address": [line for part in address if part for line in part.splitlines() if line.strip()],
        "project": application.title or "",
        "site": current_app.config["SETTINGS"].public_url.rstrip("/"),
    }


def round_words(round: Round) -> str:
    """The round's title beside the fund's name, which it does not say again: "first round" of "Our Fund: first round"."""
    return round.title.removeprefix(round.fund.name).lstrip(" :–-") or round.title


def _partnership(partnership: Partnership) -> dict[str, Any]:
    return {
        "name": partnership.name, "funder": partnership.funder_name, "address": list(partnership.letterhead),
        "email": partnership.email, "phone": partnership.phone,
    }  # fmt: skip


def award_facts(award: Award, terms: AwardVersion, kind: str, number: int, now: datetime) -> dict[str, Any]:
    """The facts of an award letter or of the letter that varies it."""
    decision = db.session.get_one(Decision, award.decision_id)
    facts = _promise(award.application, decision, terms, conditions_of(award), award.accept_by)
    return (
        common_facts(award.application, kind, number, now)
        | facts
        | {"award": award.id, "changes": _changes(award, terms)}
    )


def offer_facts(decision: Decision, terms: AwardVersion, rows: list[Condition], accept_by: datetime, now: datetime) -> dict[str, Any]:  # fmt: skip
    """The facts of the letter that a proposed offer would get; its award has no number yet. Writes nothing."""
    kind = "conditional" if any(each.title == OWN_TITLE for each in rows) else "award"
    facts = _promise(decision.application, decision, terms, rows, accept_by)
    return common_facts(decision.application, kind, 1, now) | facts | {"award": 0, "changes": []}


def _promise(
    application: Application, decision: Decision, terms: AwardVersion, rows: list[Condition], accept_by: datetime
) -> dict[str, Any]:
    """What is promised to whom, for what, under which conditions."""
    priority = application.priority
    return {
        "amount_pence": terms.amount_pence,
        "asked_pence": application.requested_pence,
        "purpose": terms.purpose,
        "priority": f"{priority.code}. {priority.title}" if priority else "",
        "starts_on": terms.starts_on.isoformat(),
        "ends_on": terms.ends_on.isoformat(),
        "reasons": decision.reasons,
        "strengths": _strengths(application),
        "conditions": [[each.number, each.title, each.text, each.gate] for each in rows],
        "own": [each.number for each in rows if each.title == OWN_TITLE],
        "tranches": terms.schedule["tranches"],
        "returns": terms.schedule["returns"],
        "every_months": application.round.return_every_months,
        "signatures": signatures_needed(application.organisation),
        "accept_by": speak_day(last_day(accept_by), weekday=True),
        "why": terms.why or "",
        "legal_power": LEGAL_POWER,
    }


def _changes(award: Award, terms: AwardVersion) -> list[list[str]]:
    """[what, before, now] for each term that differs from the version before."""
    wanted = (AwardVersion.award_id == award.id, AwardVersion.number == terms.number - 1)
    before = db.session.scalar(select(AwardVersion).where(*wanted))
    if before is None:
        return []
    pairs = zip(_terms(before), _terms(terms), strict=True)
    return [[what, old, new] for (what, old), (_what, new) in pairs if old != new]


def _terms(terms: AwardVersion) -> list[tuple[str, str]]:
    return [
        ("Amount", pounds(terms.amount_pence)),
        ("Purpose", terms.purpose),
        ("Starts", speak_day(terms.starts_on)),
        ("Ends", speak_day(terms.ends_on)),
        ("Payments", "\n".join(f"{day_of(due)}: {pounds(pence)}" for _n, due, pence, _gate in terms.schedule["tranches"])),
    ]  # fmt: skip


def reminder_facts(award: Award, terms: AwardVersion, number: int, days: int, now: datetime) -> dict[str, Any]:
    """The facts of the letter that asks for an answer, `days` days before the offer ends."""
    return common_facts(award.application, "reminder", number, now) | {
        "award": award.id,
        "amount_pence": terms.amount_pence,
        "accept_by": speak_day(last_day(award.accept_by), weekday=True),
        "signatures": signatures_needed(award.organisation),
        "days": days,
    }


def closure_facts(award: Award, terms: AwardVersion, number: int, now: datetime) -> dict[str, Any]:
    """The facts of the letter that ends a grant well: what was promised, paid and returned, in pence."""
    return common_facts(award.application, "closure", number, now) | {
        "award": award.id,
        "amount_pence": terms.amount_pence,
        "paid_pence": award.paid_pence,
        "recovered_pence": award.recovered_pence,
        "starts_on": terms.starts_on.isoformat(),
        "ends_on": terms.ends_on.isoformat(),
    }


def ending_facts(
    award: Award, terms: AwardVersion, number: int, reason: str, recovery: Recovery | None, now: datetime
) -> dict[str, Any]:
    """The facts of the letter that ends a grant early: why, what was paid, what comes back and by when. In pence."""
    return closure_facts(award, terms, number, now) | {
        "kind": "ending",
        "reason": reason,
        "pay_back_pence": recovery.amount_pence if recovery else 0,
        "pay_back_by": recovery.due_on.isoformat() if recovery and recovery.due_on else "",
    }


def ineligible_facts(application: Application, reason: str, number: int, now: datetime) -> dict[str, Any]:
    """The facts of the letter that turns a bid down at screening: which rules it does not meet, and where else to ask."""
    failed = [row for row in recorded_checks(application).values() if row.answer == "fail" and row.key in BY_KEY]
    return common_facts(application, "ineligible", number, now) | {
        "reason": reason,
        "failed": [[BY_KEY[row.key].title, row.reason or ""] for row in failed],
        "elsewhere": [[each["name"], each["where"], each["what"]] for each in form_of(application).elsewhere],
    }


def _strengths(application: Application) -> str:
    return db.session.scalar(select(Moderation.strengths).where(Moderation.application_id == application.id)) or ""


def unsuccessful_facts(application: Application, decision: Decision, number: int, now: datetime) -> dict[str, Any]:
    """The facts of the letter that says no: the reasons, and what the panel said for each criterion."""
    return common_facts(application, "unsuccessful", number, now) | {
        "reasons": decision.reasons,
        "feedback": feedback_words(application),
    }


def withdrawal_facts(
    award: Award, terms: AwardVersion, reason: str, note: str, recovery: Recovery | None, now: datetime
) -> dict[str, Any]:
    """The facts of the letter that answers a withdrawal after acceptance: the group's reason, what was paid, what comes back
    and by when, and what the officer added. In pence."""
    return ending_facts(award, terms, 1, reason, recovery, now) | {
        "kind": "withdrawal",
        "withdrawn_on": today(award.ended_at or now).isoformat(),
        "added_note": note,
    }
