"""The order of an agenda in which people leave the room least often.

Each bid has the people who must be out for it. Somebody leaves when they must be out for a bid and were in for the one
before; coming back costs nothing, as nobody has to be fetched twice for it. Bids for which the same people are out stand
together; of these groups the best order is found exactly up to nine, and by mending a good one beyond.
"""

from collections.abc import Hashable, Sequence
from itertools import pairwise
from typing import TypeVar

EXACT = 9  # groups: 9 x 2^9 states are looked at in a few milliseconds, each further group takes twice as long
CALLED_BACK = 1000  # one exit weighs as much as so many people called back: more than any panel has
Out = frozenset
Key = TypeVar("Key", bound=Hashable)


def exits(outs: Sequence[Out]) -> int:
    """How often somebody leaves the room over this agenda; everybody is in at first."""
    return sum(len(later - earlier) for earlier, later in pairwise([frozenset(), *outs]))


def _step(earlier: Out, later: Out) -> int:
    """What going from one bid to the next costs: exits first, then, between equals, people who must be called back."""
    return CALLED_BACK * len(later - earlier) + len(earlier - later)


def fewest_exits(bids: Sequence[tuple[Key, Out]]) -> list[Key]:
    """The keys in an order with the fewest exits; within a group, the order in which they were given."""
    groups: dict[Out, list[Key]] = {}
    for key, out in bids:
        groups.setdefault(frozenset(out), []).append(key)
    order = _exact(list(groups)) if len(groups) <= EXACT else _mended(list(groups))
    return [key for out in order for key in groups[out]]


def _exact(groups: list[Out]) -> list[Out]:
    """The shortest path through all groups from the full room (Held and Karp, 1962); earlier groups first between equals."""
    best: dict[tuple[int, int], tuple[int, tuple[int, ...]]] = {
        (1 << at, at): (_step(frozenset(), out), (at,)) for at, out in enumerate(groups)
    }
    for _ in range(len(groups) - 1):
        longer: dict[tuple[int, int], tuple[int, tuple[int, ...]]] = {}
        for (seen, last), (cost, path) in best.items():
            for at, out in enumerate(groups):
                if not seen & 1 << at:
                    found = (cost + _step(groups[last], out), (*path, at))
                    key = (seen | 1 << at, at)
                    longer[key] = min(longer.get(key, found), found)
        best = longer
    return [groups[at] for at in min(best.values())[1]] if best else []


def _mended(groups: list[Out]) -> list[Out]:
    """Nearest group next; then single groups are moved to where they save exits, until none does."""
    order, left = [], list(groups)
    here: Out = frozenset()
    while left:
        here = min(left, key=lambda out: len(out - here))
        left.remove(here)
        order.append(here)
    cost, better = exits(order), True
    while better:
        better = False
        for at in range(len(order)):
            rest = order[:at] + order[at + 1 :]
            for to in range(len(order)):
                tried = [*rest[:to], order[at], *rest[to:]]
                if (found := exits(tried)) < cost:
                    order, cost, better = tried, found, True
                    break
    return order
