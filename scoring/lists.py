"""Who reads what as a list (bid, member): read from CSV, compared with what is, and applied whole or not at all."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from applications.tables import Application
from fund.core.database import db
from fund.core.problems import Problem, WrongMoment
from fund.tables import Person, Round

from .assignments import COUNTED, assign, bids_of, excuse
from .balance import are_linked
from .csv_lines import cells_of
from .giving import against_in, too_many
from .opinions import gives_views
from .panels import GIVEN_BIDS, seats_of
from .tables import Assignment, Conflict, Seat
from .tables.panels import SCORING_SEATS

HEADERS = ("Bid", "Member")


@dataclass(frozen=True)
class Afterwards:
    """The panel as a list would leave it: the fewest and most bids of a member, whether all can be compared, who is short."""

    least: int
    most: int
    linked: bool
    short: list[tuple[str, int]]
    """Bids with fewer readers than the round wants, and how many are missing."""


@dataclass
class Difference:
    """What a list would change: readings to give and to take away, each as (bid, seat); and what is wrong, line by line."""

    given: list[tuple[Application, Seat]] = field(default_factory=list)
    taken: list[Assignment] = field(default_factory=list)
    same: int = 0
    wrong: list[str] = field(default_factory=list)
    afterwards: Afterwards | None = None

    @property
    def fingerprint(self) -> str:
        """Of the changes, so that what is applied is what was seen."""
        pairs = sorted((bid.id, seat.id) for bid, seat in self.given)
        gone = sorted(each.id for each in self.taken)
        return hashlib.sha256(repr((pairs, gone)).encode()).hexdigest()[:32]


def lines_of(round: Round) -> Iterator[tuple[str, str]]:
    """The list as it is: one line for each reading that counts."""
    for row in _readings(round):
        yield row.application.reference, row.seat.label


def _readings(round: Round) -> list[Assignment]:
    query = (
        select(Assignment)
        .join(Assignment.application)
        .join(Assignment.seat)
        .where(Application.round_id == round.id, Assignment.status.in_(COUNTED))
        .options(contains_eager(Assignment.application), contains_eager(Assignment.seat))
        .order_by(Application.reference, Seat.id)
    )
    return list(db.session.scalars(query))


def compare(round: Round, text: str) -> Difference:
    """What this list would change. Raises Problem for something that is no such list; what is wrong in a line is collected.

    A bid that the list does not name keeps its readers: a list can be about a few bids only.
    """
    waiting = bids_of(round)
    members = [each for each in seats_of(round, *SCORING_SEATS) if not gives_views(each, round)]
    bids, seats = (
        {each.reference.casefold(): each for each in waiting},
        {each.label.casefold(): each for each in members},
    )
    have = {(row.application_id, row.seat_id): row for row in _readings(round)}
    found, wanted = Difference(), dict[tuple[int, int], int]()
    refused = _refused(round)
    for number, (reference, label) in _parsed(text):
        bid, seat = bids.get(reference.casefold()), seats.get(label.casefold())
        if not reference or not label:
            found.wrong.append(f"Line {number}: give the reference of a bid and the name of a member")
        elif bid is None:
            found.wrong.append(f"Line {number}: there is no bid {reference} that waits for scores")
        elif seat is None:
            found.wrong.append(f"Line {number}: nobody called {label} gives marks on this panel")
        elif (bid.id, seat.id) in wanted:
            found.wrong.append(f"Line {number}: {label} is named twice for {reference}")
        elif (bid.id, seat.id) in refused:
            found.wrong.append(f"Line {number}: {seat.label} declared a conflict with {bid.reference}")
        else:
            wanted[bid.id, seat.id] = number
            if (bid.id, seat.id) in have:
                found.same += 1
            else:
                found.given.append((bid, seat))
    named = {bid for bid, _ in wanted}
    for pair, row in have.items():
        if pair[0] in named and pair not in wanted:
            if row.status == "sealed":
                found.wrong.append(f"{row.seat.label} has finished {row.application.reference} and cannot be taken off")
            else:
                found.taken.append(row)
    after = _after(waiting, set(wanted) | {pair for pair in have if pair[0] not in named})
    found.wrong += _against(round, found.given, wanted, after)
    found.afterwards = _afterwards(round, waiting, members, after)
    return found


def _after(waiting: Iterable[Application], pairs: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    """Who reads what once the list is applied: {bid: seats}, of the bids that can be given."""
    found: dict[int, set[int]] = {each.id: set() for each in waiting}
    for bid, seat in pairs:
        found.setdefault(bid, set()).add(seat)
    return found


def _against(round: Round, given, numbers: Mapping[tuple[int, int], int], after: Mapping[int, set[int]]) -> list[str]:
    """A sentence for each line that goes against what a member said, or against a pair kept apart."""
    said, loads = against_in(round), Counter(seat for readers in after.values() for seat in readers)
    found = []
    for bid, seat in given:
        sentence = said.why_not(bid, seat, after[bid.id]) or too_many(seat, loads[seat.id])
        if sentence:
            found.append(f"Line {numbers[bid.id, seat.id]}: {seat.label} {sentence}")
    return found


def _afterwards(round: Round, waiting, members: Iterable[Seat], after: Mapping[int, set[int]]) -> Afterwards:
    readers = [each.id for each in members if each.kind in GIVEN_BIDS]
    loads = Counter(seat for given in after.values() for seat in given)
    counts = [loads[each] for each in readers] or [0]
    wants = round.assessors_per_bid
    short = [(each.reference, wants - len(after[each.id])) for each in waiting if len(after[each.id]) < wants]
    return Afterwards(min(counts), max(counts), are_linked(after.values(), readers), short)


def _parsed(text: str) -> list[tuple[int, tuple[str, str]]]:
    found = [(number, ((row[0], row[1]) if len(row) > 1 else (row[0], ""))) for number, row in cells_of(text)]
    if found and tuple(each.casefold() for each in found[0][1]) == ("bid", "member"):
        found = found[1:]
    if not any(all(pair) for _, pair in found):
        raise Problem("Give two columns: the reference of a bid, and the name of a member on the panel", "lines")
    return found


def _refused(round: Round) -> set[tuple[int, int]]:
    """Readings that cannot be given: of members in conflict."""
    conflicts = select(Conflict.application_id, Conflict.seat_id).join(Application)
    return set(_pairs(conflicts.where(Application.round_id == round.id, Conflict.conflicted)))


def _pairs(query) -> list[tuple[int, int]]:
    return [(bid, seat) for bid, seat in db.session.execute(query)]


def apply(round: Round, text: str, seen: str, *, by: Person, now: datetime) -> int:
    """Make the changes that were shown, all or none. Returns how many.

    Raises WrongMoment when they would be others by now, Problem while a line is wrong.
    """
    found = compare(round, text)
    if found.wrong:
        raise Problem("Mend the list first. Nothing was changed.", "lines")
    if found.fingerprint != seen:
        raise WrongMoment("Bids or members have changed since you looked. Look at the difference again.")
    for bid, seat in found.given:
        assign(bid, seat, by=by, now=now)
    for row in found.taken:
        excuse(row, "taken off by a list", by=by, now=now)
    return len(found.given) + len(found.taken)
