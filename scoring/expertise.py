"""What members know well, as fields that bids have too: a priority, a kind of work, a level of prevention.

It is a soft preference when bids are shared out: any wish outweighs it, and evenness and linkage come before both.
"""

from collections.abc import Iterable
from datetime import datetime

from applications.tables import Application
from fund.core import audit
from fund.core.problems import Problem
from fund.rounds import priorities_of
from fund.tables import Person, Round

from .evidence import strands
from .tables import Seat

LEVELS = ("primary", "secondary", "tertiary")
KNOWN = 1  # how much less a reading costs that somebody knows the field of
WISHED = 10_000  # how much more a step of a wish weighs: more than every reading of a round together


def fields_of(bid: Application) -> set[str]:
    """The fields of a bid, as members declare them."""
    found = {f"priority:{bid.priority.code}"} if bid.priority else set()
    if bid.strand_id:
        found.add(f"strand:{bid.strand_id}")
    if bid.prevention_level:
        found.add(f"level:{bid.prevention_level}")
    return found


def knows_field(seat: Seat, bid: Application) -> bool:
    """Whether a member said that they know a field of this bid."""
    return bool(seat.knows and fields_of(bid) & set(seat.knows))


def choices_for(round: Round) -> dict[str, list[tuple[str, str]]]:
    """{heading: [(field, words)]} of what a member can say that they know."""
    return {
        "Priorities": [
            (f"priority:{each.priority.code}", f"{each.priority.code}. {each.priority.title}")
            for each in priorities_of(round)
        ],
        "When the work steps in": [(f"level:{each}", f"{each.capitalize()} prevention") for each in LEVELS],
        "Kinds of work": [(f"strand:{each.strand_id}", each.name) for each in strands("yef")],
    }


def say_what_i_know(seat: Seat, fields: Iterable[str], *, by: Person, now: datetime) -> None:
    """Keep what a member knows well. Raises Problem for a field that is none."""
    known = {key for rows in choices_for(seat.panel.round).values() for key, _ in rows}
    given = sorted(set(fields))
    if not set(given) <= known:
        raise Problem("Choose fields from the list")
    seat.knows = given
    audit.record("seat.knows", seat, by=by, now=now, fields=len(given))
