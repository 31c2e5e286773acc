"""What a register said of a number, in our own words, and why there is no answer when there is none.

Answers come from outside: every value is read as what it must be (a short text, a day, pounds) or left out.
"""

import dataclasses
from datetime import date
from typing import Any

STANDINGS = ("registered", "removed", "unclear", "missing")
LONGEST = 300  # characters kept of any text
MOST_NAMES = 60
MOST_POUNDS = 10**11  # a sum beyond this is a mistake, whoever made it

SENTENCES = {
    "busy": "The register is asked too often at the moment. The number is still to be checked.",
    "unreachable": "The register is out of reach at the moment. The number is still to be checked.",
    "refused": "The register refused our key. An administrator has to look at the settings. The number is still to be checked.",
    "unreadable": "The register’s answer could not be understood. The number is still to be checked.",
}


class NoAnswer(Exception):
    """The register said nothing that can be used. Never a verdict: the number stays to be checked.

    `kind` is a key of SENTENCES; `wait` the seconds that the register asks us to wait, if it does.
    """

    def __init__(self, kind: str, wait: int | None = None):
        super().__init__(kind)
        self.kind = kind
        self.wait = wait

    @property
    def sentence(self) -> str:
        return SENTENCES[self.kind]


@dataclasses.dataclass(frozen=True)
class Said:
    """One answer. `standing` is a word of STANDINGS, `words` says it for people; money in pence, None where nothing was said."""

    standing: str
    words: str
    name: str | None = None
    other_names: tuple[str, ...] = ()
    former_names: tuple[str, ...] = ()
    registered_on: date | None = None
    removed_on: date | None = None
    accounts_to: date | None = None
    overdue: str | None = None
    income_pence: int | None = None
    spending_pence: int | None = None
    trustees: tuple[str, ...] = ()
    also_number: str | None = None

    def as_facts(self) -> dict[str, Any]:
        """As JSON for the table; `from_facts` reads it back."""
        facts = dataclasses.asdict(self)
        return {key: value.isoformat() if isinstance(value, date) else value for key, value in facts.items()}


def from_facts(facts: dict[str, Any]) -> Said:
    """An answer that was kept, as it was read then."""
    values: dict[str, Any] = {each.name: facts[each.name] for each in dataclasses.fields(Said) if each.name in facts}
    for key in ("registered_on", "removed_on", "accounts_to"):
        values[key] = day_of(values.get(key))
    for key in ("other_names", "former_names", "trustees"):
        values[key] = tuple(values.get(key) or ())
    return Said(**values)


def text_of(value: Any) -> str | None:
    """A short text without line breaks or control characters, or None."""
    if not isinstance(value, str):
        return None
    tidy = " ".join("".join(letter if letter.isprintable() else " " for letter in value).split())
    return tidy[:LONGEST] or None


def day_of(value: Any) -> date | None:
    """The day that "2025-03-31" or "2025-03-31T00:00:00" names, or None."""
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None


def pence_of(value: Any) -> int | None:
    """Pounds as a JSON number, in whole pence; None for anything else, and for sums nobody has."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MOST_POUNDS:
        return None
    return round(value * 100)


def dict_of(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def names_in(rows: Any, key: str) -> tuple[str, ...]:
    """The texts under one key of a list of objects."""
    found = [text_of(dict_of(row).get(key)) for row in rows] if isinstance(rows, list) else []
    return tuple(name for name in found if name)[:MOST_NAMES]
