"""Screening: what the machine finds about each check, and what the officer answers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from fund.caps import CapFor, caps_of, identifiers_of
from fund.core import audit
from fund.core.clock import today
from fund.core.database import db
from fund.core.money import pounds
from fund.core.problems import Problem, WrongMoment
from fund.strategies.legal_form import legal_form
from fund.tables import Cap, Identifier, Person

from .answers import values_of
from .caps import room_for
from .completeness import facts_for, find_gaps
from .forms import form_of
from .question_types import Facts
from .question_types.budget import difference_sentence, total_of
from .question_types.dates import outside_window
from .question_types.people import signatories_missing
from .question_types.places import outside_area
from .tables import Application, EligibilityCheck
from .tables.screening import CHECK_ANSWERS
from .workflow import APPLICATION


@dataclass
class Seen:
    """Everything the checks look at, read once."""

    application: Application
    values: dict[str, Any]
    facts: Facts
    caps: list[Cap]
    numbers: list[Identifier]
    cap: CapFor
    over_cap: str


@dataclass(frozen=True)
class Finding:
    """What the machine found: pass, fail or refer (a person has to look), with its sentence."""

    answer: str
    sentence: str


def _area(seen: Seen) -> Finding:
    if outside_area(seen.values.get("places")):
        return Finding("fail", "It names a place outside the area of the fund.")
    return Finding("pass", "Every place it names is in the area.")


def _legal_form(seen: Seen) -> Finding:
    key = seen.application.organisation.legal_form
    form = legal_form(key)
    if form.can_apply == "no" or not any(key in cap.legal_forms for cap in seen.caps):
        return Finding("fail", f"{form.label}: this round does not fund this legal form.")
    if form.needs_subsidy_check:
        return Finding("refer", f"{form.label}: check the subsidy route.")
    if form.can_apply == "decide":
        return Finding("refer", f"{form.label}: the fund decides whether this legal form may apply.")
    return Finding("pass", f"{form.label}.")


def _cap(seen: Seen) -> Finding:
    if seen.over_cap:
        return Finding("fail", seen.over_cap)
    asked = seen.values.get("asked") or 0
    return Finding("pass", f"{pounds(asked)} is within {pounds(seen.cap.most_pence)}.")


def _dates(seen: Seen) -> Finding:
    value, window = seen.values.get("dates"), seen.facts.window
    if window and outside_window(value, window):
        return Finding("fail", "The work is outside the round's delivery dates.")
    return Finding("pass", "The work is inside the round's delivery dates.")


def _budget(seen: Seen) -> Finding:
    lines, asked = seen.values.get("budget"), seen.values.get("asked") or 0
    if sentence := difference_sentence(total_of(lines), asked):
        return Finding("fail", sentence)
    return Finding("pass", f"The lines add up to {pounds(asked)}.")


def _complete(seen: Seen) -> Finding:
    gaps = list(find_gaps(form_of(seen.application), seen.facts))
    if gaps:
        return Finding("fail", "; ".join(f"{gap.question.text}: {gap.sentence}" for gap in gaps[:5]))
    return Finding("pass", "Every required answer is there and within its limit.")


def _identifier(seen: Seen) -> Finding:
    if not legal_form(seen.application.organisation.legal_form).registers:
        return Finding("pass", "No register holds this legal form.")
    results = {number.check_result for number in seen.numbers}
    if results & {"removed", "not_found"} and "confirmed" not in results:
        return Finding("refer", "Its register does not hold the number, so the lower cap holds.")
    if "confirmed" in results:
        return Finding("pass", "A register confirms the number.")
    return Finding("refer", "To be checked: a register has to confirm the number before an award.")


def _group(seen: Seen) -> Finding:
    """What the fund needs of a group that no register holds: rules, two people who sign, a host's word when it has one."""
    missing = signatories_missing(seen.values.get("signatories"))
    if missing:
        return Finding("fail", "It does not name two different people who sign for the money.")
    if not seen.values.get("rules"):
        return Finding("refer", "It has no written rules. Ask how it decides, or for a host.")
    host = seen.values.get("host") if seen.values.get("has-host") else None
    if host:
        return Finding("refer", f"{host} holds money for it. Ask for the letter of the host.")
    names = " and ".join(row["name"] for row in seen.values["signatories"])
    return Finding("pass", f"It has rules. {names} sign; check that they are not related.")


@dataclass(frozen=True)
class Check:
    """One line of the checklist. `asks` names a question: the check belongs to bids whose form asks it."""

    key: str
    title: str
    find: Callable[[Seen], Finding]
    may_stay_referred: bool = False
    asks: str | None = None


CHECKS = (
    Check("area", "In the area", _area),
    Check("legal_form", "Legal form", _legal_form),
    Check("cap", "Within the cap", _cap),
    Check("dates", "Inside the delivery dates", _dates),
    Check("budget", "Budget adds up", _budget),
    Check("complete", "Complete", _complete),
    Check("identifier", "Registered number", _identifier, may_stay_referred=True),
    Check("group", "Rules and signatories", _group, asks="signatories"),
)
COMPLAINT_DAYS = 20  # working days
BY_KEY = {check.key: check for check in CHECKS}


def checks_for(application: Application) -> list[Check]:
    """The checklist of this bid: what its form asks decides, so a group and a charity, short and full form have their own."""
    asked = form_of(application).by_key
    return [check for check in CHECKS if check.asks is None or check.asks in asked]


def complaint_until(told_at: datetime) -> date:
    """The last day to complain: twenty working days (Monday to Friday) after the letter."""
    day, left = today(told_at), COMPLAINT_DAYS
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    return day


def machine_findings(application: Application) -> dict[str, Finding]:
    """What the machine finds for every check of this bid, by key."""
    values = values_of(application)
    room = room_for(application, values.get("asked"))
    seen = Seen(
        application, values, facts_for(application, values), caps_of(application.round),
        identifiers_of(application.organisation), room.cap, room.sentence,
    )  # fmt: skip
    return {check.key: check.find(seen) for check in checks_for(application)}


def recorded_checks(application: Application) -> dict[str, EligibilityCheck]:
    """What officers answered, by key, each with who answered."""
    wanted = (
        select(EligibilityCheck)
        .where(EligibilityCheck.application_id == application.id)
        .options(joinedload(EligibilityCheck.checked_by))
    )
    return {row.key: row for row in db.session.scalars(wanted.order_by(EligibilityCheck.id))}


def record_check(
    application: Application, key: str, answer: str, reason: str | None = None, *, by: Person, now: datetime,
    found: Finding | None = None,
) -> EligibilityCheck:  # fmt: skip
    """Record an officer's answer. A fail, a referral, and an answer other than the machine's need a reason.

    Raises WrongMoment when the bid is not waiting to be screened, Problem for a missing reason.
    """
    if application.status != "submitted":
        raise WrongMoment("Only a bid that waits to be checked can be screened.")
    if key not in {check.key for check in checks_for(application)} or answer not in CHECK_ANSWERS:
        raise Problem("Choose pass, fail or look closer", key)
    found = found or machine_findings(application)[key]
    reason = (reason or "").strip() or None
    if reason is None and answer != "pass" and answer == found.answer:
        reason = found.sentence
    if reason is None and answer != found.answer:
        raise Problem(f"Give a reason: by the rules this is “{CHECK_ANSWERS[found.answer].lower()}”", f"{key}_reason")
    row = db.session.scalar(
        select(EligibilityCheck).where(EligibilityCheck.application_id == application.id, EligibilityCheck.key == key)
    )
    if row is None:
        row = EligibilityCheck(application_id=application.id, key=key)
        db.session.add(row)
    row.answer, row.reason, row.checked_at, row.checked_by_id = answer, reason, now, by.id
    db.session.flush()
    audit.record("application.check", application, by=by, now=now, check=key, answer=answer, machine=found.answer)
    return row


def record_machine_findings(application: Application, *, by: Person, now: datetime) -> None:
    """Take over what the machine found wherever the officer has not answered yet."""
    known = recorded_checks(application)
    for key, found in machine_findings(application).items():
        if key not in known:
            record_check(application, key, found.answer, by=by, now=now, found=found)


def find_eligible(application: Application, *, by: Person, now: datetime) -> None:
    APPLICATION.move(application, "find_eligible", by=by, now=now)


def find_ineligible(application: Application, reason: str, *, by: Person, now: datetime) -> None:
    """Turn the bid down at screening. The applicant is told the reason, how to complain and where else to ask."""
    APPLICATION.move(application, "find_ineligible", by=by, now=now, reason=reason)


def reopen_check(application: Application, reason: str, *, by: Person, now: datetime) -> None:
    """Screen again after a complaint was upheld."""
    APPLICATION.move(application, "reopen_check", by=by, now=now, reason=reason)


def reason_from(checks: dict[str, EligibilityCheck]) -> str:
    """The reasons of the failed checks as one text, to start the letter from."""
    return "\n".join(
        row.reason or BY_KEY[row.key].title for row in checks.values() if row.answer == "fail" and row.key in BY_KEY
    )
