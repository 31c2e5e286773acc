"""Who is who in a pack: by name, or by seat and number in the copy for information requests, where nobody is named.

In that copy free text loses names of people the record knows, words that the officer lists, mail and web addresses,
telephone numbers and bank details. It is the officer who reads it before it leaves: no list knows every name.
"""

import re
from collections.abc import Iterable

from sqlalchemy import select, union

from applications.tables import Application, Collaborator
from fund.core.database import db
from fund.tables import Membership, Person, RoleGrant, Round

from ..tables import Panel, Seat

STRUCK = "[taken out]"
FEWEST_LETTERS = 2  # an initial alone would strike half the text
_CONTACT = re.compile(
    r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+"  # mail
    r"|\b(?:https?://|www\.)\S+"
    r"|(?<![\w-])(?:\+44|0)[\d ()-]{8,14}\d(?![\w-])"  # telephone
    r"|\b\d{2}[- ]\d{2}[- ]\d{2}\b(?![- ]?\d)"  # sort code
    r"|\b(?<!£)\d{8}\b"  # account number
    r"|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b",  # postcode
)


class Names:
    """`of(key)` is how a person stands in the pack, `text(words)` is what somebody wrote as it may stand there."""

    def __init__(self, round: Round, redacted: bool = False, strike: Iterable[str] = ()):
        self.redacted = redacted
        people = _people(round)
        self._names = {key: name for key, name, _ in people}
        self._labels = _labels(round)
        if redacted:
            self._labels = _without_names(self._labels, self._names)
        outsiders = [key for key, name, email in sorted(people, key=lambda each: each[1:]) if key not in self._labels]
        self._numbers = {key: number for number, key in enumerate(outsiders, 1)}
        self._struck = _pattern({*self._names.values(), *strike}) if redacted else None

    def of(self, key: int | None) -> str:
        if key is None:
            return "the system"
        label = self._labels.get(key)
        if self.redacted:
            return label or f"Person {self._numbers.get(key, 0)}"
        name = self._names.get(key, "somebody")
        return f"{name} ({label})" if label else name

    def seat(self, key: int) -> str:
        """A member by the name of their seat alone, which the chapter on the panel explains."""
        return self._labels.get(key) or self.of(key)

    def text(self, words: str | None) -> str:
        """What somebody wrote; in the redacted copy without names and contacts."""
        if not words or self._struck is None:
            return words or ""
        return self._struck.sub(STRUCK, _CONTACT.sub(STRUCK, words))


def _labels(round: Round) -> dict[int, str]:
    query = select(Seat.person_id, Seat.label).join(Panel).where(Panel.round_id == round.id)
    return dict(db.session.execute(query).all())


def _without_names(labels: dict[int, str], names: dict[int, str]) -> dict[int, str]:
    """The labels, those that give away a part of the person's own name as numbers."""
    open_ones = sorted(label for key, label in labels.items() if _parts(label) & _parts(names.get(key, "")))
    numbers = {label: f"Member {number}" for number, label in enumerate(open_ones, 1)}
    return {key: numbers.get(label, label) for key, label in labels.items()}


def _parts(words: str) -> set[str]:
    return {part.casefold() for part in words.split() if len(part) >= FEWEST_LETTERS}


def _people(round: Round) -> list[tuple[int, str, str]]:
    """(key, name, e-mail) of everybody who could be named: panel, staff, and the people of the bids and their groups."""
    bids = select(Application.id).where(Application.round_id == round.id)
    groups = select(Application.organisation_id).where(Application.round_id == round.id)
    keys = union(
        select(Seat.person_id).join(Panel).where(Panel.round_id == round.id),
        select(RoleGrant.person_id),
        select(Application.created_by_id).where(Application.round_id == round.id),
        select(Collaborator.person_id).where(Collaborator.application_id.in_(bids)),
        select(Membership.person_id).where(Membership.organisation_id.in_(groups)),
    ).subquery()
    query = select(Person.id, Person.name, Person.email).where(Person.id.in_(select(keys.c[0])))
    return list(db.session.execute(query))


def _pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    """Each name whole, then its parts, as whole words in that spelling; the longest first."""
    words = {name.strip() for name in names if name.strip()}
    words |= {part for name in words for part in name.split() if len(part) >= FEWEST_LETTERS}
    if not words:
        return re.compile(r"(?!)")
    longest = sorted(words, key=lambda word: (-len(word), word))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)")
