"""The facts a letter is drawn from: plain JSON, gathered once and kept, so that it can be drawn again without asking anybody."""

from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import select

from applications.tables import Application
from fund.core.clock import speak_day
from fund.core.database import db
from fund.tables import Partnership
from scoring.tables import Moderation

from .conditions import conditions_of
from .feedback import feedback_words
from .parties import lead_of, signatures_needed
from .schedule import last_day
from .tables import Award, AwardVersion, Decision

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
        "round": round.title,
        "contact": lead.name if lead else "",
        "organisation": organisation.name,
        "address": [line for part in address if part for line in part.splitlines() if line.strip()],
        "project": application.title or "",
        "site": current_app.config["SETTINGS"].public_url.rstrip("/"),
    }


def _partnership(partnership: Partnership) -> dict[str, Any]:
    return {
        "name": partnership.name, "funder": partnership.funder_name, "address": list(partnership.letterhead),
        "email": partnership.email, "phone": partnership.phone,
    }  # fmt: skip


def award_facts(award: Award, terms: AwardVersion, kind: str, now: datetime) -> dict[str, Any]:
    """The facts of an award letter or of the letter that varies it."""
    application = award.application
    priority = application.priority
    decision = db.session.get_one(Decision, award.decision_id)
    return common_facts(application, kind, terms.number, now) | {
        "award": award.id,
        "amount_pence": terms.amount_pence,
        "asked_pence": application.requested_pence,
        "purpose": terms.purpose,
        "priority": f"{priority.code}. {priority.title}" if priority else "",
        "starts_on": terms.starts_on.isoformat(),
        "ends_on": terms.ends_on.isoformat(),
        "reasons": decision.reasons,
        "strengths": _strengths(application),
        "conditions": [[each.number, each.title, each.text, each.gate] for each in conditions_of(award)],
        "tranches": terms.schedule["tranches"],
        "returns": terms.schedule["returns"],
        "every_months": award.round.return_every_months,
        "signatures": signatures_needed(award.organisation),
        "accept_by": speak_day(last_day(award.accept_by), weekday=True),
        "why": terms.why or "",
        "legal_power": LEGAL_POWER,
    }


def _strengths(application: Application) -> str:
    return db.session.scalar(select(Moderation.strengths).where(Moderation.application_id == application.id)) or ""


def unsuccessful_facts(application: Application, decision: Decision, now: datetime) -> dict[str, Any]:
    """The facts of the letter that says no: the reasons, and what the panel said for each criterion."""
    return common_facts(application, "unsuccessful", 1, now) | {
        "reasons": decision.reasons,
        "feedback": feedback_words(application),
    }
