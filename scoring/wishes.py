"""What members wish to read, who is kept apart, and why a wish was not met.

A member says want, can or cannot before bids are shared out; "cannot" is always kept, "want" as far as everybody's load
stays within one of the others'.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from applications.tables import Application
from fund.core import audit
from fund.core.database import db
from fund.core.problems import Problem
from fund.tables import Person, Round

from .balance import Plan
from .tables import Assignment, Conflict, KeptApart, Panel, Seat, Wish
from .tables.panels import WISHES

TO_WISH_FOR = ("submitted", "eligible")


def bids_to_wish_for(seat: Seat) -> list[Application]:
    """The bids of the round that can still be given, without those the member declared a conflict with or reads already."""
    conflicted = select(Conflict.application_id).where(Conflict.seat_id == seat.id, Conflict.conflicted)
    given = select(Assignment.application_id).where(Assignment.seat_id == seat.id)
    wanted = (
        Application.round_id == seat.panel.round_id, Application.status.in_(TO_WISH_FOR),
        Application.id.not_in(conflicted), Application.id.not_in(given),
    )  # fmt: skip
    query = select(Application).where(*wanted).options(joinedload(Application.organisation))
    return list(db.session.scalars(query.order_by(Application.reference)))


def wishes_of(seat: Seat) -> dict[int, Wish]:
    return {each.application_id: each for each in db.session.scalars(select(Wish).where(Wish.seat_id == seat.id))}


def wishes_in(round: Round) -> dict[tuple[int, int], str]:
    """(bid, seat) → want, can or cannot, for a whole round."""
    query = select(Wish.application_id, Wish.seat_id, Wish.wish).join(Application)
    return {(bid, seat): wish for bid, seat, wish in db.session.execute(query.where(Application.round_id == round.id))}


def wish(seat: Seat, given: Mapping[int, str], *, by: Person, now: datetime) -> int:
    """Keep what a member says, by bid; an empty word takes a wish back. Returns how many changed. Raises Problem else."""
    open_bids, before, changed = {each.id for each in bids_to_wish_for(seat)}, wishes_of(seat), 0
    for bid, word in given.items():
        if bid not in open_bids:
            raise Problem("One of these bids cannot be wished for any more. Look at the list again.")
        if word and word not in WISHES:
            raise Problem("Choose want, can or cannot")
        row = before.get(bid)
        if (row.wish if row else "") == word:
            continue
        changed += 1
        if row is not None and not word:
            db.session.delete(row)
        elif row is not None:
            row.wish, row.said_at = word, now
        else:
            db.session.add(Wish(application_id=bid, seat_id=seat.id, wish=word, said_at=now))
    if changed:
        audit.record("wishes.say", seat, by=by, now=now, changed=changed)
    return changed


def keep_apart(first: Seat, second: Seat, why: str, *, by: Person, now: datetime) -> KeptApart:
    """Never give these two the same bid from now on. Raises Problem for one and the same member, twice, or without why."""
    if first.id == second.id or first.panel_id != second.panel_id:
        raise Problem("Choose two different members of this panel", "second")
    if not why.strip():
        raise Problem("Say why they are kept apart", "why")
    low, high = sorted((first, second), key=lambda seat: seat.id)
    wanted = (KeptApart.first_seat_id == low.id, KeptApart.second_seat_id == high.id)
    if db.session.scalar(select(KeptApart.id).where(*wanted)) is not None:
        raise Problem("These two are kept apart already", "second")
    row = KeptApart(first_seat_id=low.id, second_seat_id=high.id, why=why.strip()[:500], said_at=now, said_by_id=by.id)
    db.session.add(row)
    db.session.flush()
    audit.record("seats.keep_apart", low, by=by, now=now, other=high.id)
    return row


def let_together(row: KeptApart, *, by: Person, now: datetime) -> None:
    audit.record("seats.let_together", row.first, by=by, now=now, other=row.second_seat_id)
    db.session.delete(row)


def kept_apart_in(round: Round) -> list[KeptApart]:
    """The pairs of a round's panel, in the order they were said."""
    query = (
        select(KeptApart).join(Seat, Seat.id == KeptApart.first_seat_id).join(Panel).where(Panel.round_id == round.id)
    )
    both = (joinedload(KeptApart.first), joinedload(KeptApart.second))
    return list(db.session.scalars(query.options(*both).order_by(KeptApart.id)))


@dataclass(frozen=True)
class Unmet:
    """A "want" that the plan does not follow, and the sentence that says why."""

    application: Application
    seat: Seat
    why: str


def unmet_wishes(
    plan: Plan, bids: Mapping[int, Application], seats: Mapping[int, Seat], wished: Mapping[tuple[int, int], str],
    apart: Iterable[KeptApart], recused: Collection[tuple[int, int]],
) -> list[Unmet]:  # fmt: skip
    """Every wish to read a bid that the plan does not give, each with its reason, by bid."""
    pairs = {frozenset((each.first_seat_id, each.second_seat_id)) for each in apart}
    return [
        Unmet(bids[bid], seats[seat], _why(bid, seat, plan, seats, recused, pairs, wished))
        for (bid, seat), word in sorted(wished.items())
        if word == "want" and bid in bids and seat in seats and seat not in plan.readers.get(bid, ())
    ]


def _why(bid: int, seat: int, plan: Plan, seats, recused, apart, wished) -> str:
    readers = plan.readers[bid]
    beside = [each for each in readers if frozenset((each, seat)) in apart]
    rivals = [each for each in readers if wished.get((bid, each)) == "want"]
    limit, load = seats[seat].bids_limit, plan.loads.get(seat, 0)
    if (bid, seat) in recused:
        return "They declared a conflict with it."
    if beside:
        return f"They are kept apart from {seats[beside[0]].label}, who reads it."
    if limit is not None and load >= limit:
        return f"They have as many bids as they can read ({limit})."
    if readers and len(rivals) == len(readers):
        return "All who read it wanted it too."
    if not plan.wished:
        return "Following every wish would have left members who share no bid with the others."
    if load >= max(plan.loads.values(), default=0) and load > 0:
        return f"They have {load} bids already, as many as anybody; loads stay within one of each other."
    return "Giving it to them would have taken more of what others wish than it gives."
