"""Inviting a whole panel by a list: read, shown before anything is sent, and sent whole or not at all."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from fund.core.forms import EMAIL, unkeepable
from fund.core.problems import Problem, WrongMoment
from fund.people import tidy_email
from fund.tables import Person, Round

from .csv_lines import cells_of
from .invitations import invitations_of, invite, is_open
from .panels import seats_of
from .tables.panels import SEAT_KINDS

HEADERS = ("Email address", "Name on the panel", "Seat", "What they bring")
MOST_LETTERS = 200
_KINDS = {words.casefold(): key for key, words in SEAT_KINDS.items()} | {key: key for key in SEAT_KINDS}
_KINDS[""] = "assessor"


@dataclass(frozen=True)
class ToAsk:
    """One line: who would be invited, to which seat."""

    email: str
    label: str
    kind: str
    brings: str

    @property
    def seat(self) -> str:
        return SEAT_KINDS[self.kind]


@dataclass
class Invited:
    """What a list would do: whom it asks, who sits there or was asked already and is left alone, and what is wrong."""

    asked: list[ToAsk] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def fingerprint(self) -> str:
        """Of what would be sent, so that what is sent is what was seen."""
        return hashlib.sha256(repr(sorted(map(repr, self.asked))).encode()).hexdigest()[:32]


def compare(round: Round, text: str, now: datetime) -> Invited:
    """What this list would do. Raises Problem for something that is no such list; what is wrong in a line is collected."""
    found, seats = Invited(), seats_of(round)
    waiting = [each for each in invitations_of(round) if is_open(each, now)]
    emails = {each.person.email for each in seats} | {each.email for each in waiting}
    labels = {each.label.casefold() for each in (*seats, *waiting)}
    chairs = sum(each.kind == "chair" for each in (*seats, *waiting))
    for number, cells in _lines(text):
        email, label, seat, brings = (*cells, "", "", "", "")[:4]
        email, kind = tidy_email(email), _KINDS.get(seat.casefold(), "")
        if unkeepable("".join(cells)):
            found.wrong.append(f"Line {number}: it has a sign that cannot be kept. Type it again")
        elif not EMAIL.fullmatch(email):
            found.wrong.append(f"Line {number}: “{cells[0]}” is no email address, like name@example.com")
        elif email in emails:
            found.same.append(email)
        elif any(each.email == email for each in found.asked):
            found.wrong.append(f"Line {number}: {email} stands in the list twice")
        elif not label:
            found.wrong.append(f"Line {number}: give {email} a name on the panel")
        elif max(len(label), len(brings)) > MOST_LETTERS:
            found.wrong.append(f"Line {number}: shorten the name and what they bring to {MOST_LETTERS} characters each")
        elif label.casefold() in labels:
            found.wrong.append(f"Line {number}: another member is called {label} on the panel")
        elif not kind:
            found.wrong.append(f"Line {number}: there is no seat called {seat}. Write {_seats()}")
        elif kind == "chair" and chairs:
            found.wrong.append(f"Line {number}: this panel has a chair, or has asked one")
        else:
            chairs += kind == "chair"
            labels.add(label.casefold())
            found.asked.append(ToAsk(email, label, kind, brings))
    return found


def _seats() -> str:
    *most, last = SEAT_KINDS.values()
    return f"{', '.join(most)} or {last}"


def _lines(text: str) -> Iterable[tuple[int, list[str]]]:
    found = cells_of(text)
    if found and not any("@" in cell for cell in found[0][1]):
        found = found[1:]  # the headings
    if not any("@" in cell for _, cells in found for cell in cells):
        raise Problem("Give up to four columns: email address, name on the panel, seat, what they bring", "lines")
    return found


def invite_all(round: Round, text: str, seen: str, *, by: Person, now: datetime) -> int:
    """Send what was shown, all or none. Returns how many. Raises Problem while a line is wrong, WrongMoment when it changed."""
    found = compare(round, text, now)
    if found.wrong:
        raise Problem("Mend the list first. Nobody was invited.", "lines")
    if found.fingerprint != seen:
        raise WrongMoment("Somebody was asked or seated since you looked. Look at the list again.")
    for each in found.asked:
        invite(round, each.email, each.kind, each.label, perspective=each.brings, by=by, now=now)
    return len(found.asked)
