"""Ties at the cut-off (rule 9): the seed is published first, the draw is held by one person and signed by another.

A signed draw decides the order of its bids in the ranked list while they stay tied.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from applications.tables import Application, ApplicationPlace
from fund.core import audit
from fund.core.database import db
from fund.core.problems import Forbidden, Problem, WrongMoment
from fund.ledger import pot_of
from fund.needs import needs_for
from fund.tables import Area, Person, Round

from .criteria import criteria_of
from .ranking import RankedBid, rank, ranked_list
from .tables import Draw
from .ties import Tied, break_ties, draw_number
from .visibility import hidden_from, hidden_in


def draws_of(round: Round, reader: Person) -> list[Draw]:
    """The draws of a round, newest first; none for a reader from whom one of the round's bids is hidden. One statement."""
    wanted = (Draw.round_id == round.id, ~hidden_in(reader, round).exists())
    query = select(Draw).where(*wanted).options(joinedload(Draw.held_by), joinedload(Draw.signed_by))
    return list(db.session.scalars(query.order_by(Draw.id.desc()), execution_options={"whole": True}))


def rounds_with_some(rounds: Iterable[int]) -> set[int]:
    """Which of these rounds have a draw that counts."""
    wanted = (Draw.round_id.in_(list(rounds)), Draw.signed_at.is_not(None))
    return set(db.session.scalars(select(Draw.round_id).where(*wanted).distinct()))


def tied_now(round: Round, reader: Person) -> list[RankedBid]:
    """The bids that are tied where the pot ends, as this reader may see it."""
    pot = pot_of(round)
    return tied_at_the_line(rank(round, criteria_of(round), pot.total_pence if pot else 0, reader, marks=False))


def tied_at_the_line(ranked: list[RankedBid]) -> list[RankedBid]:
    """The bids with the same total as the first that does not fit; none when that total is its alone."""
    fundable = [row for row in ranked if row.total is not None and row.stopped is None]
    first = next((row for row in fundable if not row.above_line), None)
    tied = [row for row in fundable if first is not None and row.total == first.total]
    return tied if len(tied) > 1 else []


def publish_seed(round: Round, seed: str, floors: dict[str, int], *, by: Person, now: datetime) -> Draw:
    """Publish the seed of the next draw, with how many bids each priority must have. Raises Problem for a short seed."""
    _may_draw(round, by)
    seed = seed.strip()
    if not 6 <= len(seed) <= 100 or not seed.isascii():
        raise Problem("Enter a seed of 6 to 100 plain letters and numbers", "seed")
    waiting = (Draw.round_id == round.id, Draw.held_at.is_(None))
    if db.session.scalar(select(Draw.id).where(*waiting)):
        raise WrongMoment("A seed is published already and its draw has not been held.")
    row = Draw(round_id=round.id, seed=seed, floors=floors, published_at=now, published_by_id=by.id)
    db.session.add(row)
    db.session.flush()
    audit.record("draw.publish", row, by=by, now=now, seed=seed, floors=floors)
    return row


def hold_draw(draw: Draw, round: Round, *, by: Person, now: datetime) -> Draw:
    """Break the tie at the line with the published seed. Raises WrongMoment when there is none, or it was held before."""
    _may_draw(round, by)
    if draw.held_at is not None:
        raise WrongMoment("This draw was held already.")
    ranked = ranked_list(round)
    tied = tied_at_the_line(ranked)
    if not tied:
        raise WrongMoment("No bids are tied where the pot ends, so there is nothing to draw.")
    above = Counter(row.priority for row in ranked if row.total is not None and row.stopped is None and row.total > tied[0].total)  # fmt: skip
    ranks = _need_ranks(round)
    bids = [Tied(row.reference, row.priority, ranks.get(row.application_id)) for row in tied]
    draw.result = [
        {
            "reference": bid.reference, "why": why, "priority": bid.priority, "need_rank": bid.need_rank,
            "total": str(tied[0].total), "number": draw_number(draw.seed, bid.reference),
        }
        for bid, why in break_ties(bids, floors=draw.floors, above=above, seed=draw.seed)
    ]  # fmt: skip
    draw.held_at, draw.held_by_id = now, by.id
    db.session.flush()
    audit.record("draw.hold", draw, by=by, now=now, order=[each["reference"] for each in draw.result])
    return draw


def sign_draw(draw: Draw, round: Round, *, by: Person, now: datetime) -> None:
    """The second signature; from then on the draw counts. Raises Forbidden for who held it."""
    _may_draw(round, by)
    if draw.held_at is None or draw.signed_at is not None:
        raise WrongMoment("There is nothing to sign.")
    if draw.held_by_id == by.id:
        raise Forbidden("You held this draw. Somebody else must sign it.")
    draw.signed_at, draw.signed_by_id = now, by.id
    db.session.flush()
    audit.record("draw.sign", draw, by=by, now=now)


def _may_draw(round: Round, by: Person) -> None:
    if hidden_from(by, round):
        raise Forbidden("You declared a conflict in this round, or have bids to score. Somebody else must do this.")


def _need_ranks(round: Round) -> dict[int, int]:
    """For each bid the rank of the place with the most need that it is for."""
    ranks = {each.area: each.rank for each in needs_for(round.fund.partnership)}
    query = select(ApplicationPlace.application_id, Area.name).join(Area).join(Application)
    found: dict[int, list[int]] = defaultdict(list)
    for bid, name in db.session.execute(query.where(Application.round_id == round.id)).all():
        if name in ranks:
            found[bid].append(ranks[name])
    return {bid: min(all_of_it) for bid, all_of_it in found.items()}
