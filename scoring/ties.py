"""Ties at the cut-off (rule 9): a priority below its floor first, then the need of the place, then a draw that anyone can repeat."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

NO_RANK = 10**9


@dataclass(frozen=True)
class Tied:
    """A bid at the cut-off; `need_rank` 1 is the place with the most need, None when nothing is known of it."""

    reference: str
    priority: str | None
    need_rank: int | None


def draw_number(seed: str, reference: str) -> str:
    """The bid's number in the draw: SHA-256 of "seed:reference". The smallest comes first; any computer gives the same."""
    return hashlib.sha256(f"{seed}:{reference}".encode()).hexdigest()


def break_ties(
    bids: Iterable[Tied], *, floors: Mapping[str, int], above: Mapping[str, int], seed: str
) -> list[tuple[Tied, str]]:
    """The tied bids in the order in which they get money, each with the sentence that says what decided.

    `floors` is how many bids each priority must have, `above` how many it has above the line already; both by priority code.
    A priority that reaches its floor within the tie goes first no longer.
    """
    left, counts, found = sorted(bids, key=lambda bid: bid.reference), dict(above), []
    while left:
        below = [bid for bid in left if counts.get(bid.priority, 0) < floors.get(bid.priority, 0)]
        best, why = _first(below or left, seed)
        if below and len(below) < len(left):
            why = (
                f"Priority {best.priority} has {counts.get(best.priority, 0)} of at least {floors[best.priority]} bids"
            )
        left.remove(best)
        counts[best.priority] = counts.get(best.priority, 0) + 1
        found.append((best, why))
    return found


def _first(bids: list[Tied], seed: str) -> tuple[Tied, str]:
    rank = min(bid.need_rank or NO_RANK for bid in bids)
    neediest = [bid for bid in bids if (bid.need_rank or NO_RANK) == rank]
    if len(bids) == 1:
        return bids[0], "The last of the tied bids"
    if len(neediest) == 1:
        return neediest[0], f"Need rank {rank}"
    return min(neediest, key=lambda bid: draw_number(seed, bid.reference)), f"Drawn with the seed {seed}"
