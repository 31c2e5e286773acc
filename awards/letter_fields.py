"""The fields that officers may use in each kind of letter: a name, what it says, and how it follows from the facts.

A field that has nothing to say within a sentence is refused, never left blank. A field that stands alone may be left out
whole, with its heading, where it says so.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fund.core.clock import speak_day
from fund.core.money import pounds
from fund.core.pdf import blocks
from fund.core.pdf.runs import Link, Plain, Run, Text, clean, plain, runs

from . import letter_parts as parts
from .letter_markdown import Fields, TemplateProblem

Facts = dict[str, Any]


@dataclass(frozen=True)
class Field:
    """One field. `draw` answers text, or blocks where `alone`. `wanted`: a letter of this kind may not lack it."""

    name: str
    says: str
    draw: Callable[[Facts], Any]
    alone: bool = False
    wanted: bool = False


def _fact(key: str) -> Callable[[Facts], str]:
    return lambda facts: facts[key]


def _money(key: str) -> Callable[[Facts], str]:
    return lambda facts: pounds(facts[key])


def _day(key: str) -> Callable[[Facts], str]:
    return lambda facts: parts.day_of(facts[key])


def _contact_us(facts: Facts) -> str:
    ours = facts["partnership"]
    return f"{ours['email']} or call {ours['phone']}" if ours["phone"] else ours["email"]


def _grant_link(facts: Facts) -> Link:
    address = f"{facts['site']}/grants/{facts['award']}"
    return Link(address, address)


def _who_signs(facts: Facts) -> str:
    if facts["signatures"] == 1:
        return "One person who may sign for your organisation signs."
    return (
        "Two different people of your group sign, each in their own sign-in, because the group is not a legal person. "
        "They sign personally."
    )


EVERYWHERE = (
    Field("recipient", "The person we write to, or the organisation", lambda f: f["contact"] or f["organisation"]),
    Field("organisation", "The organisation's name", _fact("organisation")),
    Field("project", "The title of the bid", _fact("project")),
    Field("reference", "The reference of the bid", _fact("reference")),
    Field("fund", "The fund's name", _fact("fund")),
    Field("round", "The round's title", _fact("round")),
    Field("partnership", "The partnership's name", lambda f: f["partnership"]["name"]),
    Field("funder", "Who gives the money", lambda f: f["partnership"]["funder"]),
    Field("contact_us", "Our email address, and our telephone number where there is one", _contact_us),
    Field("letter_date", "The day of the letter", lambda f: speak_day(datetime.fromisoformat(f["made_at"]))),
    Field("letter_number", "The number of the letter, 1 for the first", lambda f: str(f["number"])),
    Field("how_to_check", "QR code and link to check the letter", parts.how_to_check, alone=True, wanted=True),
)
TERMS = (
    Field("amount", "The amount of the award", _money("amount_pence")),
    Field("asked", "What the bid asked for", _money("asked_pence")),
    Field("purpose", "What the money is for", _fact("purpose")),
    Field("starts_on", "The first day of the funding period", _day("starts_on")),
    Field("ends_on", "The last day of the funding period", _day("ends_on")),
    Field("grant_link", "The address of the grant's own page", _grant_link),
    Field("legal_power", "The law that lets us give this grant", _fact("legal_power")),
    Field("award_summary", "Amount, purpose, priority and dates in a list", parts.award_summary, alone=True, wanted=True),
    Field("payments", "The table of payments", parts.payments, alone=True, wanted=True),
    Field("returns", "The table of returns", parts.returns, alone=True, wanted=True),
    Field("conditions", "Every condition with its number", parts.conditions, alone=True, wanted=True),
)  # fmt: skip
REASONS = Field("reasons", "The reasons of the decision, as they are published", _fact("reasons"), wanted=True)
OFFER = (
    REASONS,
    Field("accept_by", "The last day to accept", _fact("accept_by"), wanted=True),
    Field("who_signs", "Who must sign: one person, or two of a group", _who_signs, wanted=True),
    Field("panel_strengths", "What the panel found strong; left out when it wrote nothing", parts.panel_strengths, alone=True),
    Field("signatures", "A place for each signature", parts.signatures, alone=True, wanted=True),
)  # fmt: skip
OWN = Field("own_conditions", "The conditions of this award alone", parts.own_conditions, alone=True, wanted=True)
CHANGES = (
    Field("why", "What changes and why, in the words of whoever asked", _fact("why"), wanted=True),
    Field("changes", "The table of what was and what is; left out when amounts and dates stay", parts.changes, alone=True, wanted=True),
    Field("reasons", "The reasons of the first decision", _fact("reasons")),
    Field("panel_strengths", "What the panel found strong; left out when it wrote nothing", parts.panel_strengths, alone=True),
)  # fmt: skip
NO = (
    REASONS,
    Field("panel_feedback", "Marks and reasons of the panel; left out when there are none", parts.panel_feedback, alone=True, wanted=True),
)  # fmt: skip
INELIGIBLE = (
    Field("failed_checks", "The rules that the bid does not meet", parts.failed_checks, alone=True, wanted=True),
    Field("officer_note", "What the officer wrote; left out when it repeats the rules", parts.officer_note, alone=True, wanted=True),
    Field("elsewhere", "Where else to ask; left out when the round names nobody", parts.elsewhere, alone=True),
)  # fmt: skip
REMINDER = (
    Field("amount", "The amount of the offer", _money("amount_pence"), wanted=True),
    Field("accept_by", "The last day to accept", _fact("accept_by"), wanted=True),
    Field("days_left", "How many days are left, such as 7 days", lambda f: f"{f['days']} {'day' if f['days'] == 1 else 'days'}"),
    Field("who_signs", "Who must sign: one person, or two of a group", _who_signs),
    Field("grant_link", "The address of the grant's own page", _grant_link, wanted=True),
)  # fmt: skip
CLOSURE = (
    Field("amount", "The amount of the award", _money("amount_pence")),
    Field("paid", "What was paid", _money("paid_pence")),
    Field("ends_on", "The last day of the funding period", _day("ends_on")),
    Field("money_summary", "Award, paid and returned money in a list", parts.money_summary, alone=True, wanted=True),
    Field("grant_link", "The address of the grant's own page", _grant_link),
)
ENDING = (
    Field("reason", "Why the grant ends early, in the words of whoever decided", _fact("reason"), wanted=True),
    Field("amount", "The amount of the award", _money("amount_pence")),
    Field("paid", "What was paid", _money("paid_pence")),
    Field("money_summary", "Award, paid and returned money in a list", parts.money_summary, alone=True, wanted=True),
    Field("pay_back", "What must be paid back and by when; left out when nothing is asked back", parts.pay_back, alone=True, wanted=True),
    Field("grant_link", "The address of the grant's own page", _grant_link),
)  # fmt: skip
WITHDRAWAL = (
    Field("reason", "Why the group withdrew, in its own words", _fact("reason"), wanted=True),
    Field("amount", "The amount of the award", _money("amount_pence")),
    Field("paid", "What was paid", _money("paid_pence")),
    Field("withdrawn_on", "The day on which the group withdrew", _day("withdrawn_on"), wanted=True),
    Field("money_summary", "Award, paid and returned money in a list", parts.money_summary, alone=True, wanted=True),
    Field("officer_note", "What the officer added; left out when nothing", parts.added_note, alone=True, wanted=True),
    Field("pay_back", "What must be paid back and by when; left out when nothing is asked back", parts.pay_back, alone=True, wanted=True),
    Field("grant_link", "The address of the grant's own page", _grant_link),
)  # fmt: skip

FIELDS: dict[str, dict[str, Field]] = {
    kind: {field.name: field for field in (*EVERYWHERE, *own)}
    for kind, own in {
        "award": (*TERMS, *OFFER),
        "conditional": (*TERMS, *OFFER, OWN),
        "unsuccessful": NO,
        "ineligible": INELIGIBLE,
        "variation": (*TERMS, *CHANGES),
        "reminder": REMINDER,
        "closure": CLOSURE,
        "ending": ENDING,
        "withdrawal": WITHDRAWAL,
    }.items()
}


def fields_of(kind: str, facts: Facts) -> Fields:
    """The fields of one kind of letter, filled from these facts."""
    known = FIELDS[kind]

    def draw(name: str):
        field = known.get(name)
        if field is None:
            raise TemplateProblem(_unknown(name, known))
        try:
            return field.draw(facts)
        except (KeyError, IndexError, TypeError):
            raise TemplateProblem(f"There is nothing to put at “{name}”: the facts of this letter lack it.") from None  # fmt: skip

    def texts(name: str) -> Sequence[Run]:
        text: Text = draw(name)
        if not clean(plain(text)).strip():
            raise TemplateProblem(f"There is nothing to put at “{name}”: it would be a blank.")
        return runs(Plain(text) if isinstance(text, str) else text)

    def alone(name: str) -> Sequence[blocks.Block]:
        return draw(name)

    return Fields(texts, alone, lambda name: name in known and known[name].alone)


def _unknown(name: str, known: dict[str, Field]) -> str:
    if not name:
        return "There is no name between the curly brackets."
    shown = name if len(name) < 60 else name[:60] + "…"
    near = [each for each in known if each.replace("_", "") == name.replace("_", "").replace(" ", "").lower()]
    return f"This letter has no field “{shown}”." + (f" Did you mean “{near[0]}”?" if near else "")


def lacking(kind: str, used: set[str]) -> list[str]:
    """The names of the fields that a letter of this kind must have and that were not used."""
    return [name for name, field in FIELDS[kind].items() if field.wanted and name not in used]
