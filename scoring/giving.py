"""Bids given by hand or by a list: what members said about reading holds here as it does in the plan.

The plan never gives a bid that a member cannot read, never more than they can, never to two who are kept apart; neither does
an officer, until the member or the officer has taken that back.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from applications.tables import Application
from fund.core.database import db
from fund.core.problems import Problem
from fund.tables import Person, Round

from .assignments import COUNTED, assign
from .tables import Assignment, Seat
from .wishes import kept_apart_in, wishes_in


@dataclass(frozen=True)
class Against:
    """What stands against a reading: bids that members cannot read, and for each seat the seats it is kept apart from."""

    cannot: set[tuple[int, int]]
    apart: Mapping[int, Mapping[int, str]]

    def why_not(self, bid: Application, seat: Seat, readers: Iterable[int]) -> str | None:
        """Why this member is not given this bid beside these readers, as the end of a sentence; None when nothing is."""
        if (bid.id, seat.id) in self.cannot:
            return f"said that they cannot read {bid.reference}"
        beside = [label for other, label in self.apart.get(seat.id, {}).items() if other in set(readers)]
        return f"is kept apart from {beside[0]}, who reads {bid.reference}" if beside else None


def against_in(round: Round) -> Against:
    """What the members of a round's panel said, and who of them is kept apart. Two statements."""
    apart: dict[int, dict[int, str]] = {}
    for row in kept_apart_in(round):
        apart.setdefault(row.first_seat_id, {})[row.second_seat_id] = row.second.label
        apart.setdefault(row.second_seat_id, {})[row.first_seat_id] = row.first.label
    return Against({pair for pair, word in wishes_in(round).items() if word == "cannot"}, apart)


def too_many(seat: Seat, load: int) -> str | None:
    """Why a member cannot have this many bids, as the end of a sentence; None when they can."""
    limit = seat.bids_limit
    return None if limit is None or load <= limit else f"reads at most {limit} {'bid' if limit == 1 else 'bids'}"


def give_by_hand(application: Application, seat: Seat, *, by: Person, now: datetime) -> Assignment:
    """Give one bid to one member, as `assign` does. Raises Problem where that goes against what the member said."""
    held = _readers(application.round)
    against = against_in(application.round).why_not(application, seat, held.get(application.id, ()))
    load = Counter(reader for readers in held.values() for reader in readers)[seat.id] + 1
    if sentence := against or too_many(seat, load):
        raise Problem(f"{seat.label} {sentence}", "seat")
    return assign(application, seat, by=by, now=now)


def _readers(round: Round) -> dict[int, set[int]]:
    query = select(Assignment.application_id, Assignment.seat_id).join(Application)
    found: dict[int, set[int]] = {}
    counted = (Application.round_id == round.id, Assignment.status.in_(COUNTED))
    for bid, seat in db.session.execute(query.where(*counted)):
        found.setdefault(bid, set()).add(seat)
    return found
