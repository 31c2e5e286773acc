"""What the office's page shows of a register: what it said beside what the organisation said, and what came of asking."""

from dataclasses import dataclass

from fund.core.clock import speak_day
from fund.core.money import short_pounds
from fund.identifiers import schemes
from fund.tables import LOOK_WHYS, Identifier, Organisation, RegisterLook

from .known import REGISTERS, has_key
from .looking import looks_for
from .names import in_words
from .said import Said, from_facts

OUTCOMES = {
    "confirmed": ("Confirmed", "green"),
    "removed": ("Removed", "red"),
    "not_found": ("Not found", "orange"),
    "by_hand": ("Check by hand", "yellow"),
    "no_answer": ("No answer", "grey"),
}


@dataclass(frozen=True)
class Shown:
    """One number on the page. `answered` is the latest look with an answer, `failed` a later one without."""

    identifier: Identifier
    register: str
    has_key: bool
    answered: RegisterLook | None
    failed: RegisterLook | None
    rows: list[dict[str, str]]
    trustees: tuple[str, ...] = ()


def shown_for(organisation: Organisation) -> list[Shown]:
    """Every number of the organisation whose register has a service, with what it said; in one statement."""
    numbers = [each for each in organisation.identifiers if each.scheme in REGISTERS]
    looks = looks_for(numbers)
    return [_shown(organisation, number, looks[number.id]) for number in numbers]


def _shown(organisation: Organisation, number: Identifier, looks: list[RegisterLook]) -> Shown:
    answered = next((look for look in looks if look.answer), None)
    newest = looks[0] if looks else None
    failed = newest if newest is not None and newest.outcome == "no_answer" else None
    said = from_facts(answered.answer.facts) if answered is not None and answered.answer else None
    return Shown(
        number,
        schemes()[number.scheme].register,
        has_key(number.scheme),
        answered,
        failed,
        rows_of(organisation, said, answered) if said and answered else [],
        said.trustees if said else (),
    )


def result_of(look: RegisterLook) -> str:
    """What came of a look, for the line at the top of a page: the result in two words, then why."""
    if look.outcome == "no_answer":
        return look.sentence
    return f"{OUTCOMES[look.outcome][0]}: {look.sentence}"


def who_asked(look: RegisterLook) -> str:
    """Why the register was asked, and by whom."""
    return f"{look.asked_by.name} asked" if look.asked_by else LOOK_WHYS[look.why]


def rows_of(organisation: Organisation, said: Said, look: RegisterLook) -> list[dict[str, str]]:
    """The facts as rows of a summary list, each beside what the organisation wrote where it wrote the same thing."""
    rows = [
        ("Name on the register", said.name and _name(said, look)),
        ("Also called", ", ".join(said.other_names)),
        ("Called before", ", ".join(said.former_names)),
        ("Standing", said.words[:1].upper() + said.words[1:]),
        ("Registered since", speak_day(said.registered_on) if said.registered_on else ""),
        ("Last accounts", _accounts(said)),
        ("Income in those accounts", _income(said, organisation)),
        ("Spending in those accounts", short_pounds(said.spending_pence) if said.spending_pence is not None else ""),
        ("Company number on it", said.also_number),
    ]
    return [{"key": key, "value": value} for key, value in rows if value]


def _name(said: Said, look: RegisterLook) -> str:
    return f"{said.name}\nThe organisation gave: {look.name_given} ({in_words(look.name_score or 0)})"


def _accounts(said: Said) -> str:
    day = f"To {speak_day(said.accounts_to)}" if said.accounts_to else ""
    return "\n".join(part for part in (day, said.overdue) if part)


def _income(said: Said, organisation: Organisation) -> str:
    if said.income_pence is None:
        return ""
    own = organisation.annual_income_pence
    return short_pounds(said.income_pence) + (
        f"\nThe organisation gave: {short_pounds(own)}" if own is not None else ""
    )
