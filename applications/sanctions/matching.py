"""Comparing names with the list that counts. A near name is something to look at, never a verdict."""

import functools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from sqlalchemy import select

from fund.core.clock import speak_day
from fund.core.database import db
from fund.names import organisation_key, person_key, words_of

from ..signals.found import Found
from ..signals.hooks import finders
from ..signals.scope import Scope
from ..tables import SanctionsName
from .lists import current_list

NEAR = 90  # of 100
LEAST_LETTERS = 5
Of = tuple[int, str]  # a list: its key and its SHA-256, because an emptied database gives keys anew


@dataclass(frozen=True)
class Near:
    """One name of the list that is near one of ours."""

    target: str
    name: str
    name_type: str
    regime: str
    alike: int


class _Names:
    """The names of one list, ready to compare: by key, and people by first and last word."""

    def __init__(self, rows):
        self.rows = rows
        people = [
            (place, row) for place, row in enumerate(rows) if row.kind == "person" and len(words_of(row.name)) > 1
        ]
        bodies = [(place, row) for place, row in enumerate(rows) if row.kind != "person"]
        self.people = {place: person_key(row.name) for place, row in people}
        self.bodies = {place: key for place, row in bodies if len(key := organisation_key(row.name)) >= LEAST_LETTERS}
        self.ends: dict[tuple[str, str], list[int]] = defaultdict(list)
        for place, row in people:
            words = words_of(row.name)
            self.ends[words[0], words[-1]].append(place)


@functools.lru_cache(maxsize=8)
def _names_of(of: Of) -> _Names:
    """A list never changes once it is read, so it is kept in the process."""
    wanted = select(
        SanctionsName.target, SanctionsName.kind, SanctionsName.name, SanctionsName.name_type, SanctionsName.regime
    )
    return _Names(db.session.execute(wanted.where(SanctionsName.list_id == of[0]).order_by(SanctionsName.id)).all())


@functools.lru_cache(maxsize=20_000)
def near_person(of: Of, name: str) -> tuple[Near, ...]:
    """People of the list with nearly this name, or with this first and last name and more between; one word is too little."""
    words, names = words_of(name), _names_of(of)
    if len(words) < 2:
        return ()
    met = _near(person_key(name), names.people) | dict.fromkeys(names.ends.get((words[0], words[-1]), ()), NEAR)
    return _told(names, met)


@functools.lru_cache(maxsize=20_000)
def near_body(of: Of, name: str) -> tuple[Near, ...]:
    """Organisations and ships of the list with nearly this name, without legal endings."""
    key, names = organisation_key(name), _names_of(of)
    return _told(names, _near(key, names.bodies)) if len(key) >= LEAST_LETTERS else ()


def _near(key: str, choices: dict[int, str]) -> dict[int, int]:
    met = process.extract(key, choices, scorer=fuzz.ratio, processor=None, score_cutoff=NEAR, limit=None)
    return {place: int(alike) for _name, alike, place in met}


def _told(names: _Names, met: dict[int, int]) -> tuple[Near, ...]:
    """One for each target: the name of it that is nearest."""
    best: dict[str, Near] = {}
    for place, alike in sorted(met.items(), key=lambda each: (-each[1], each[0])):
        row = names.rows[place]
        best.setdefault(row.target, Near(row.target, row.name, row.name_type, row.regime, alike))
    return tuple(best.values())


@finders
def listed_names(scope: Scope) -> Iterator[Found]:
    """Names of the organisations, and of the people they name, that are near a name of the list."""
    current = current_list(scope.partnership_id)
    if current is None:
        return
    of: Of = (current.id, current.sha256)
    source = f"List of {speak_day(current.dated_on)}"
    for bid in scope.focused():
        seen: set[tuple[str, str]] = set()
        named = [(bid.organisation, "the organisation", near_body(of, bid.organisation))]
        named += [(name, role, near_person(of, name)) for name, role in scope.people[bid.id]]
        for name, role, met in named:
            for near in met:
                key = (person_key(name), near.target)
                if key not in seen:
                    seen.add(key)
                    yield _found(bid, name, role, near, source)


def _found(bid, name: str, role: str, near: Near, source: str) -> Found:
    of_target = ", ".join(filter(None, (near.name_type, near.regime)))
    return Found(
        "sanctions", bid, None, f"A name is {near.alike} per cent like one of the list.", [f"{name}: {role}"],
        [f"{near.name}, {near.target}" + (f" ({of_target})" if of_target else ""), source],
        [bid.organisation_id, name, near.target, near.name],
    )  # fmt: skip
