"""What a change of an award can touch beside its amount and purpose: its last day, its targets, its budget lines.

Targets and budget lines belong to evaluation, which awarding does not know: it registers how to read and how to change them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from fund.core.clock import add_months, speak_day
from fund.core.money import pounds
from fund.core.problems import Problem

from .schedule import return_periods
from .tables import Award, AwardVersion

Change = dict[
    str, Any
]  # {"kind": "purpose" | "end" | "target" | "budget", "key": int, "label": str, "old": ..., "new": ...}
LONGEST_EXTENSION = 12  # months after the round's delivery ends


@dataclass(frozen=True)
class Part:
    """One thing that can be changed: a target (a number as text) or a budget line (pence)."""

    kind: str
    key: int
    label: str
    value: Any
    check: Callable[[Any], object] = repr  # raises Problem for a new value that cannot be


_readers: list[Callable[[Award], list[Part]]] = []
_writers: list[Callable[[Award, AwardVersion, list[Change], datetime], None]] = []


def parts_from(reader: Callable[[Award], list[Part]]):
    """Register who knows the targets or budget lines of an award."""
    _readers.append(reader)
    return reader


def when_varied(writer: Callable[[Award, AwardVersion, list[Change], datetime], None]):
    """Register what follows a change: `writer(award, new terms, changes, now)`. It may refuse with Problem."""
    _writers.append(writer)
    return writer


def parts_of(award: Award) -> list[Part]:
    return [part for reader in _readers for part in reader(award)]


def follow(award: Award, terms: AwardVersion, changes: list[Change], now: datetime) -> None:
    for writer in _writers:
        writer(award, terms, changes, now)


def changes_from(
    award: Award, terms: AwardVersion, new_pence: int, purpose: str, ends_on: date | None, values: dict[str, Any]
) -> list[Change]:
    """What really differs, as it is kept. `values` is {"target-3": "40", "budget-7": pence}.

    Raises Problem for a last day that takes a return away, and for budget lines that do not add up to the new amount.
    """
    found: list[Change] = []
    if purpose != terms.purpose:
        found.append({"kind": "purpose", "key": 0, "label": "Purpose", "old": terms.purpose, "new": purpose})
    if ends_on is not None and ends_on != terms.ends_on:
        _check_end(award, terms, ends_on)
        found.append({"kind": "end", "key": 0, "label": "Last day", "old": terms.ends_on.isoformat(), "new": ends_on.isoformat()})  # fmt: skip
    lines = 0
    for part in parts_of(award):
        new = values.get(f"{part.kind}-{part.key}", part.value)
        lines += new if part.kind == "budget" else 0
        if new != part.value:
            part.check(new)
            found.append({"kind": part.kind, "key": part.key, "label": part.label, "old": part.value, "new": new})
    if any(change["kind"] == "budget" for change in found) and lines != new_pence:
        raise Problem(f"The budget lines add up to {pounds(lines)}, but the award would be {pounds(new_pence)}.", "amount")  # fmt: skip
    return found


def _check_end(award: Award, terms: AwardVersion, ends_on: date) -> None:
    every = award.round.return_every_months
    if ends_on <= terms.starts_on or len(return_periods(terms.starts_on, ends_on, every)) < len(terms.schedule["returns"]):  # fmt: skip
        raise Problem("That would take a whole return away. End the award early instead", "ends_on")
    latest = add_months(award.round.delivery_end_on, LONGEST_EXTENSION)
    if ends_on > latest:
        raise Problem(f"The latest day is {speak_day(latest)}", "ends_on")


def in_words(change: Change) -> tuple[str, str, str]:
    """(what, old, new) for a table or a letter."""
    return change["label"], _said(change["kind"], change["old"]), _said(change["kind"], change["new"])


def _said(kind: str, value: Any) -> str:
    if kind == "end":
        return speak_day(date.fromisoformat(value))
    return pounds(value) if kind == "budget" else str(value)
