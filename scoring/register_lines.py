"""The register of conflicts as one list: what was declared, what is asked about, and what was answered for good."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from fund.tables import Round

from . import suggestions
from .recusals import Entry, register_of
from .suggestions import KINDS, Hint

# Each state that a line can have, in the order in which one looks for it. A line can have two: late, and standing.
STATES = {
    "stands": "Stands",
    "asked": "Asked to be lifted",
    "lifted": "Lifted",
    "late": "Declared late",
    "unled": "Nobody chairs",
    "hint": "Waits for an answer",
    "answered": "Not a conflict",
}
OF_ENTRIES = {words: key for key, words in STATES.items()}


@dataclass(frozen=True)
class Line:
    """One line: a conflict (`entry`), a hint that nobody has answered (`hint`), or a hint answered for good (neither)."""

    at: datetime | None
    application_id: int
    reference: str
    title: str
    organisation: str
    seat_id: int
    label: str
    person: str
    kind: str
    words: str
    states: tuple[str, ...]
    entry: Entry | None = None
    hint: Hint | None = None

    @property
    def state(self) -> str:
        """What the line is called; that a conflict was late is told beside it."""
        return STATES[self.states[0]]

    @property
    def is_late(self) -> bool:
        return "late" in self.states


def lines_of(round: Round) -> list[Line]:
    """Every line of a round, the oldest first; hints, which have no day, come last. The statements do not grow with the lines."""
    declared = [_of_entry(each) for each in register_of(round)]
    answered = [_of_answer(each) for each in suggestions.answers_in(round)]
    dated = sorted([*declared, *answered], key=lambda line: (line.at is None, line.at))
    return [*dated, *(_of_hint(each) for each in suggestions.hints_in(round))]


def _of_entry(entry: Entry) -> Line:
    row = entry.conflict
    unled = entry.kind == "chair" and row.conflicted and not entry.stand_in
    also = ("late",) * bool(row.late) + ("unled",) * unled
    return Line(
        row.declared_at, entry.application_id, entry.reference, entry.title, entry.organisation, row.seat_id, entry.label,
        entry.person, entry.kind, row.reason or "", (OF_ENTRIES[entry.state], *also), entry=entry,
    )  # fmt: skip


def _of_hint(hint: Hint) -> Line:
    bid, seat = hint.application, hint.seat
    return Line(
        None, bid.id, bid.reference or "", bid.title or "", bid.organisation.name, seat.id, seat.label, seat.person.name,
        seat.kind, hint.words, ("hint",), hint=hint,
    )  # fmt: skip


def _of_answer(answer: suggestions.Answered) -> Line:
    row = answer.row
    words = f"{KINDS[row.kind]}: not a conflict, because {row.because}"
    return Line(
        row.said_at, row.application_id, answer.reference, answer.title, answer.organisation, row.seat_id, answer.label,
        answer.person, answer.kind, words, ("answered",),
    )  # fmt: skip


def matching(lines: Iterable[Line], state: str, seat: str, words: str) -> list[Line]:
    """The lines in a state, of a member (the key of the seat) and with these words in the bid; an empty text asks for any."""
    return [
        line
        for line in lines
        if (not state or state in line.states)
        and (not seat or seat == str(line.seat_id))
        and words in f"{line.reference} {line.title} {line.organisation}".casefold()
    ]


def counted(lines: list[Line]) -> list[tuple[str, str]]:
    """The states that there are, for a filter: (key, words with how many lines have it)."""
    counts = {key: sum(key in line.states for line in lines) for key in STATES}
    return [("", "Any"), *((key, f"{STATES[key]} ({count})") for key, count in counts.items() if count)]


def members_in(lines: Iterable[Line]) -> list[tuple[str, str]]:
    """The members named in the lines, for a filter, by label."""
    members = {str(line.seat_id): f"{line.label}, {line.person}" for line in lines}
    return [("", "Any"), *sorted(members.items(), key=lambda pair: pair[1].casefold())]
