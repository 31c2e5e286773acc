"""What follows from a register's answer: a verdict, or a person who has to look. And what an answer says that is new.

A verdict is given only where nothing is left to weigh: on the register under the name that was given, or off it.
"""

from dataclasses import dataclass

from .names import SAME, in_words, likeness
from .said import Said

VERDICTS = ("confirmed", "removed", "not_found")  # those that fund.organisations.record_check takes
LOWERED = ("removed", "not_found")


@dataclass(frozen=True)
class Judgement:
    """`outcome` is a verdict or "by_hand"; `sentence` says why; `name_score` is 0 to 100, None where there is no name."""

    outcome: str
    sentence: str
    name_score: int | None = None


def judge(said: Said, given: str, *, stands: str | None = None, by_a_person: bool = False) -> Judgement:
    """What follows for an organisation that calls itself `given`.

    `stands` is what was recorded last. An officer who found a number missing or removed is not overruled by the machine.
    """
    score = likeness(given, [said.name, *said.other_names]) if said.name else None
    shown = f"{said.name}, {said.words}" if said.name else said.words
    if said.standing == "removed":
        return Judgement("removed", _sentence(f"{shown}."), score)
    if said.standing == "missing":
        return Judgement("not_found", "The register does not have this number.", None)
    if said.standing == "unclear":
        return Judgement("by_hand", _sentence(f"{shown}."), score)
    if score != SAME:
        return Judgement("by_hand", _other_name(said, given, score or 0), score)
    if stands in LOWERED and by_a_person:
        return Judgement("by_hand", _sentence(f"{shown}. An officer found otherwise before."), score)
    return Judgement("confirmed", _sentence(f"{shown}{_accounts(said)}."), score)


def _other_name(said: Said, given: str, score: int) -> str:
    former = next((name for name in said.former_names if likeness(given, [name]) == SAME), None)
    used = " It was called that before." if former else ""
    return f"The name on the register is {said.name}. The organisation gave {given} ({in_words(score)}).{used}"


def _accounts(said: Said) -> str:
    return f". {said.overdue}" if said.overdue else ""


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def news(before: Said | None, said: Said, *, stood: str | None, was: str | None, outcome: str) -> list[str]:
    """What is new since the last answer, as sentences; empty when nothing that matters changed.

    `stood` is the verdict that was recorded before this answer, `was` the outcome of the last look with an answer.
    """
    found = []
    if stood in VERDICTS and outcome in VERDICTS and outcome != stood:
        found.append(f"It says now: {said.words}.")
    elif before and (before.standing, before.words) != (said.standing, said.words):
        found.append(f"It said “{before.words}” and says now “{said.words}”.")
    if before and before.name and said.name and before.name != said.name:
        found.append(f"The name on it was {before.name} and is {said.name} now.")
    if said.overdue and before and not before.overdue:
        found.append(f"{said.overdue}.")
    if not found and stood == "confirmed" and outcome == "by_hand" != was:
        found.append("The number is confirmed, but what the register says does not agree with the organisation now.")
    return found
