"""What needs somebody now: each package says what of its own waits for this person; the office's first page shows it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from fund.tables import Person


@dataclass(frozen=True)
class Waiting:
    """One thing to do: what, where it is done, what it is about; `urgent` things come first."""

    text: str
    href: str
    about: str = ""
    urgent: bool = False


GIVERS: list[Callable[[Person, datetime], list[Waiting]]] = []


def waits_for_me(function: Callable[[Person, datetime], list[Waiting]]):
    """Register a function of (person, now) that lists what waits for the person; one or two statements at most."""
    if function not in GIVERS:
        GIVERS.append(function)
    return function


def waiting_for(person: Person, now: datetime) -> list[Waiting]:
    """Everything that waits for the person, urgent things first."""
    found = [each for giver in GIVERS for each in giver(person, now)]
    return sorted(found, key=lambda each: not each.urgent)
