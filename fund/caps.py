"""Caps: the most that an organisation may ask for in a round (rules 1 to 3), and the sentences that say so."""

from dataclasses import dataclass

from sqlalchemy import inspect, select

from fund.core.database import db
from fund.core.money import pounds
from fund.core.problems import Problem
from fund.strategies.legal_form import legal_form
from fund.tables import Cap, Identifier, Organisation, Round


@dataclass(frozen=True)
class CapFor:
    """The cap that holds for one organisation in one round, in pence.

    `provisional`: it rests on a number that nobody has checked yet, so the bid cannot be awarded.
    """

    key: str
    plural: str
    most_pence: int
    provisional: bool = False


def caps_of(round: Round) -> list[Cap]:
    """The caps of a round, largest first."""
    return list(db.session.scalars(select(Cap).where(Cap.round_id == round.id).order_by(Cap.most_pence.desc())))


def identifiers_of(organisation: Organisation) -> list[Identifier]:
    """Its numbers, oldest first; not asked for again where they came with the organisation."""
    if "identifiers" not in inspect(organisation).unloaded:
        return organisation.identifiers
    wanted = select(Identifier).where(Identifier.organisation_id == organisation.id).order_by(Identifier.id)
    return list(db.session.scalars(wanted))


def registration_of(organisation: Organisation) -> str:
    """What registers say of the organisation (rule 2): "confirmed", "to_check", "removed" or "none".

    Only numbers of registers that hold its legal form count; a form that no register holds may show any number. A number
    found removed outweighs every other until one is confirmed later.
    """
    return standing(organisation.legal_form, identifiers_of(organisation))


def standing(form: str, identifiers) -> str:
    """As `registration_of`, for a legal form and numbers already in hand."""
    registers = legal_form(form).registers
    numbers = [number for number in identifiers if not registers or number.scheme in registers]
    latest = {
        result: max((n.checked_at for n in numbers if n.check_result == result), default=None)
        for result in ("confirmed", "removed")
    }
    if latest["removed"] and not (latest["confirmed"] and latest["confirmed"] > latest["removed"]):
        return "removed"
    if latest["confirmed"]:
        return "confirmed"
    return "to_check" if any(number.check_result is None for number in numbers) else "none"


def cap_for(round: Round, organisation: Organisation) -> CapFor:
    """The cap that holds now (rule 2): a registered cap needs the legal form *and* a number that its register confirms.

    Until a number is checked the registered cap holds provisionally; one found missing or removed lowers the cap at once.
    Raises Problem when no cap of the round takes this legal form.
    """
    caps = caps_of(round)
    theirs = [cap for cap in caps if organisation.legal_form in cap.legal_forms]
    if not theirs:
        raise Problem("This round does not fund organisations of this legal form.", "legal_form")
    stands = registration_of(organisation)
    for cap in theirs:
        if not cap.needs_register:
            return CapFor(cap.key, cap.plural, cap.most_pence)
        if stands in ("confirmed", "to_check"):
            return CapFor(cap.key, cap.plural, cap.most_pence, provisional=stands == "to_check")
    # A registered form without a number that stands: the cap for those who are not registered.
    lower = next((cap for cap in reversed(caps) if not cap.needs_register), None)
    if lower is None:
        raise Problem("This round only funds organisations whose number a register confirms.", "legal_form")
    return CapFor(lower.key, lower.plural, lower.most_pence)


def check_within_cap(cap: CapFor, asked_pence: int, field: str | None = None) -> None:
    """Raises Problem with the sentence of rule 1 when more is asked than the cap allows; equal is allowed."""
    if asked_pence > cap.most_pence:
        raise Problem(over_cap_sentence(cap, asked_pence), field)


def over_cap_sentence(cap: CapFor, asked_pence: int) -> str:
    """The one sentence that the page, the server and an imported form pack all use."""
    return (
        f"You asked for {pounds(asked_pence)}. {cap.plural[:1].upper()}{cap.plural[1:]} can ask for up to {pounds(cap.most_pence)}. "
        f"Take off {pounds(asked_pence - cap.most_pence)} to carry on."
    )
