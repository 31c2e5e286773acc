"""What happened to a round, told from the audit log: who changed what from what to what, and why."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from fund.core.audit import AuditEvent
from fund.core.clock import speak_day, speak_moment
from fund.core.database import db
from fund.core.money import pounds
from fund.tables import Person, Round
from fund.tables.rounds import PAY_WHEN, SCORE_VISIBILITY

NAMES = {
    "title": "Title",
    "summary": "Summary",
    "prefix": "Start of references",
    "opens_at": "Opens",
    "closes_at": "Closes",
    "decisions_by": "Decisions by",
    "delivery_start_on": "Delivery starts",
    "delivery_end_on": "Delivery ends",
    "bids_per_organisation": "Bids of one organisation",
    "joint_cap_pence": "Together at most",
    "assessors_per_bid": "Assessors for each bid",
    "panel_quorum": "Quorum",
    "spread_flag": "Spread that is flagged",
    "visibility": "Assessors see others' scores",
    "minimum_total": "Lowest total that can be funded",
    "any_zero_stops": "A zero on any criterion stops a bid",
    "hides_names": "Assessors read without names",
    "view_weight": "Young and lived-experience members' views count (of 100)",
    "acceptance_days": "Days to accept an offer",
    "return_every_months": "Months between returns",
    "underspend_flag_percent": "Underspend that is flagged (%)",
    "pay_when": "When awards are paid",
    "retention_percent": "Kept back until the last return (%)",
}
DEEDS = {
    "round.create": "Round started from the strategy's defaults",
    "round.clone": "Round made from an earlier one",
    "round.change": "Changed",
    "round.caps": "Caps set",
    "round.priorities": "Priorities chosen",
    "round.publish": "Published",
    "round.unpublish": "Taken back to change it",
    "round.finish": "Finished",
    "round.cancel": "Cancelled",
    "criteria.use_standard": "Standard criteria taken",
    "pot.set": "Pot set",
    "pot.propose": "Change of the pot proposed",
    "pot.refused": "Change of the pot refused",
    "pot.taken_back": "Proposed change of the pot taken back",
}


@dataclass(frozen=True)
class Event:
    at: datetime
    who: str
    what: str
    details: list[str]
    reason: str | None


def history_of(round: Round) -> list[Event]:
    """Every line of the audit log about this round, newest first, in one statement."""
    wanted = (
        select(AuditEvent, Person.name)
        .outerjoin(Person, Person.id == AuditEvent.actor_id)
        .where(AuditEvent.subject_type == "round", AuditEvent.subject_id == round.id)
        .order_by(AuditEvent.number.desc())
    )
    return [
        Event(line.at, name or "The system", DEEDS.get(line.action, _words(line.action)), _details(line), line.details.get("reason"))
        for line, name in db.session.execute(wanted)
    ]  # fmt: skip


def _words(action: str) -> str:
    return action.replace(".", " ").replace("_", " ").capitalize()


def _details(line: AuditEvent) -> list[str]:
    facts = line.details
    if line.action == "round.change":
        return [
            f"{NAMES.get(name, name)}: {say(name, old)} → {say(name, new)}"
            for name, (old, new) in facts["changes"].items()
        ]
    if line.action == "round.caps":
        return [f"{plural}: up to {pounds(most)}" for plural, most, _forms in facts["caps"]]
    if line.action == "round.priorities":
        return [", ".join(facts["codes"])]
    if line.action.startswith("pot."):
        over = facts.get("over_pence")
        return [pounds(facts["total_pence"])] + ([f"and {pounds(over)} more may be offered"] if over else [])
    return []


def say(name: str, value: Any) -> str:
    """A fact of a round as a reader sees it; moments and days may be ISO text, as the audit log keeps them."""
    if value is None or value == "":
        return "not set"
    if name.endswith("_at"):
        return speak_moment(datetime.fromisoformat(value) if isinstance(value, str) else value)
    if name.endswith("_on") or name == "decisions_by":
        return speak_day(date.fromisoformat(value) if isinstance(value, str) else value)
    if name.endswith("_pence"):
        return pounds(value)
    if name == "visibility":
        return SCORE_VISIBILITY.get(value, value)
    if name == "pay_when":
        return PAY_WHEN.get(value, value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
