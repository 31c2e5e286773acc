"""Puts sample bids through the real acts: the organisation, the answers one by one, sending, screening."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from applications.answers import save_answer
from applications.applications import start_application
from applications.forms import form_of
from applications.question_types.places import OUTSIDE
from applications.sample.bid import SampleBid, SampleOrganisation
from applications.screening import (
    checks_for,
    find_eligible,
    find_ineligible,
    reason_from,
    record_check,
    record_machine_findings,
    recorded_checks,
)
from applications.submission import submit_application
from applications.tables import Application
from fund.core.problems import Problem
from fund.organisations import add_identifier, add_organisation
from fund.organisations import record_check as record_number_check
from fund.people import add_person, find_person
from fund.tables import Organisation, Person, Round

FIRST_NAMES = [
    "Aisha",
    "Bill",
    "Chloe",
    "Dan",
    "Ellie",
    "Farah",
    "George",
    "Hannah",
    "Imran",
    "Jess",
    "Kofi",
    "Leila",
    "Mick",
    "Nadia",
    "Oscar",
    "Pat",
    "Queenie",
    "Ravi",
    "Sue",
    "Tariq",
]
LAST_NAMES = ["Ainsley", "Burdon", "Cowell", "Dodds", "Elliot", "Foster", "Gibbon", "Heslop", "Iveson", "Joicey"]
CONFIRMED = "Seen on the demonstration register, same name and address."


@dataclass(frozen=True)
class Bidder:
    """A sample organisation in the database, and the person who writes its bids."""

    organisation: Organisation
    person: Person


def add_bidder(bid: SampleBid, *, officer: Person, now: datetime) -> Bidder:
    """The organisation of a bid with its contact, its numbers checked and confirmed by the officer."""
    given: SampleOrganisation = bid.organisation
    number = int(bid.id[-3:]) - 1
    email = given.email
    name = _name(number, number)
    person = find_person(email) or add_person(email, name, by=None, now=now)
    organisation = add_organisation(
        given.name, given.legal_form, by=person, now=now, address=f"{2 * number + 1} Exchange Street", town=given.town, postcode=given.postcode, email=given.email,
        phone=given.phone, annual_income_pence=given.annual_income_pence,
    )  # fmt: skip
    for each in given.identifiers:
        row = add_identifier(organisation, each.scheme, each.id, by=person, now=now)
        record_number_check(row, "confirmed", CONFIRMED, by=officer, now=now)
    return Bidder(organisation, person)


def values_of_bid(bid: SampleBid, round: Round, outside: str) -> dict[str, Any]:
    """The bid's answers by question key. `outside` is what the form calls a place outside the area."""
    values: dict[str, Any] = {each.question: each.text for each in bid.answers if each.text}
    values |= {
        "title": bid.title,
        "priority": bid.priority,
        "level": bid.prevention_level,
        "strand": bid.yef_strand_id,
        "places": [outside if place.startswith(OUTSIDE) else place for place in bid.places],
        "dates": _dates(bid, round),
        "beneficiaries": {
            "total": bid.beneficiaries.total, "age_band": bid.beneficiaries.age_band, "sex_focus": bid.beneficiaries.sex_focus,
            "split": {"female": bid.beneficiaries.split.female, "male": bid.beneficiaries.split.male},
        },
        "asked": bid.requested_pence,
        "milestones": [{"text": each.milestone, "due_on": each.due.isoformat(), "evidence": each.evidence} for each in bid.milestones],
        "outcomes": [
            {"indicator": each.indicator_id, "measure": each.measure, "baseline": each.baseline or "", "target": each.target, "unit": each.unit}
            for each in bid.outcomes
        ],
        "risks": [{"risk": each.risk, "likelihood": each.likelihood, "impact": each.impact, "mitigation": each.mitigation} for each in bid.risks],
        "budget": [
            {
                "heading": line.heading, "description": line.description, "quantity": str(line.quantity), "unit": line.unit,
                "unit_cost_pence": line.unit_cost_pence, "amount_pence": line.amount_pence,
            }
            for line in bid.budget
        ],
        "match": [{"source": each.source, "kind": each.type, "amount_pence": each.amount_pence, "secured": each.secured} for each in bid.match_funding],
    }  # fmt: skip
    if bid.organisation.legal_form == "unincorporated":
        values |= _group(int(bid.id[-3:]))
    return {key: value for key, value in values.items() if value not in ("", [], None)}


def _name(first: int, last: int, number: int | None = None) -> str:
    """Forty bids have forty names: after the last first name the family names move on by one."""
    return f"{FIRST_NAMES[first % len(FIRST_NAMES)]} {LAST_NAMES[(last + (first if number is None else number) // len(FIRST_NAMES)) % len(LAST_NAMES)]}"


def _group(number: int) -> dict[str, Any]:
    """What the form asks of groups that no register holds; the sample file does not say it."""
    names = [_name(number + step, number + 2 * step, number) for step in (3, 5)]
    signatories = [{"name": name, "role": role} for name, role in zip(names, ("Treasurer", "Chair"), strict=True)]
    return {"rules": True, "signatories": signatories, "has-host": False}


def _dates(bid: SampleBid, round: Round) -> dict[str, str]:
    """The bid's dates. A round need not begin on the first of a month: dates meant to be inside it are kept inside."""
    first, last = round.delivery_start_on, round.delivery_end_on
    start, end = bid.delivery.start, bid.delivery.end
    if bid.expected != "outside delivery window":
        start, end = max(start, first), min(end, last)
    return {"start": start.isoformat(), "end": end.isoformat()}


def write_bid(bid: SampleBid, round: Round, bidder: Bidder, *, now: datetime, only: tuple[str, ...] | None = None, rename: dict[str, str] | None = None) -> Application:  # fmt: skip
    """A draft with the bid's answers; `only` some of them, with words renamed in the texts."""
    application = start_application(round, bidder.organisation, by=bidder.person, now=now)
    write_answers(application, bid, by=bidder.person, now=now, only=only, rename=rename)
    return application


def write_answers(application: Application, bid: SampleBid, *, by: Person, now: datetime, only: tuple[str, ...] | None = None, rename: dict[str, str] | None = None) -> None:  # fmt: skip
    """The bid's answers into a draft that is there; `only` some of them, with words renamed in the texts."""
    form = form_of(application)
    outside = next(row[0] for row in form.by_key["places"].settings["choices"] if row[0].startswith(OUTSIDE))
    for key, value in values_of_bid(bid, application.round, outside).items():
        if (only is None or key in only) and key in form.by_key:  # the short form asks less
            for old, new in (rename or {}).items():
                value = value.replace(old, new) if isinstance(value, str) else value
            save_answer(application, form.by_key[key], value, 0, by=by, now=now)


def send_bid(application: Application, bid: SampleBid, bidder: Bidder, *, now: datetime) -> str | None:
    """Send it as its contact; the sentence that refused it, or None when it went."""
    try:
        submit_application(application, bidder.person.name, bid.organisation.contact_role, by=bidder.person, now=now)
    except Problem as problem:
        return problem.sentence
    return None


def screen_bid(application: Application, *, officer: Person, now: datetime) -> None:
    """Take over what the machine found, pass a referred legal form with its reason, and find eligible or ineligible."""
    record_machine_findings(application, by=officer, now=now)
    checks = recorded_checks(application)
    for check in checks_for(application):
        if checks[check.key].answer == "refer" and not check.may_stay_referred:
            record_check(
                application,
                check.key,
                "pass",
                "The fund's rules allow it; the route is noted for the award.",
                by=officer,
                now=now,
            )
    failed = reason_from(checks)
    if failed:
        find_ineligible(application, failed, by=officer, now=now)
    else:
        find_eligible(application, by=officer, now=now)


__all__ = ["Bidder", "add_bidder", "screen_bid", "send_bid", "values_of_bid", "write_answers", "write_bid"]
