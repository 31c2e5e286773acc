"""Sharing bids out: a pure, repeatable plan in which every bid gets its readers and loads stay within one of each other.

Filling goes bid by bid, fewest possible readers first, always to the least loaded, and among those to whoever has read
least with the readers the bid already has: that links the panel. Then bids move along chains of readers from the most
loaded to the least for as long as any chain helps; when none does, no plan is more even.
"""

from collections import Counter, deque
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

Bid = Hashable
Reader = Hashable


@dataclass
class Plan:
    """Who reads what. `kept` was there before; `added` is new; `unmet` says which bids have too few readers, and by how many."""

    readers: dict[Bid, list[Reader]]
    added: list[tuple[Bid, Reader]] = field(default_factory=list)
    unmet: dict[Bid, int] = field(default_factory=dict)
    loads: dict[Reader, int] = field(default_factory=dict)
    linked: bool = False

    @property
    def gap(self) -> int:
        """The largest load minus the smallest."""
        return max(self.loads.values(), default=0) - min(self.loads.values(), default=0)


def share_out(
    bids: Sequence[Bid], readers: Sequence[Reader], each: int, *, barred: Iterable[tuple[Bid, Reader]] = (),
    kept: Mapping[Bid, Sequence[Reader]] | None = None,
) -> Plan:  # fmt: skip
    """A plan that gives every bid `each` readers. `barred` pairs (conflicts) are never made; `kept` pairs are not touched.

    The same input gives the same plan every time: ties go by the order in which bids and readers are given.
    """
    kept = {bid: list((kept or {}).get(bid, ())) for bid in bids}
    barred = set(barred)
    order = {reader: place for place, reader in enumerate(readers)}
    plan = Plan({bid: list(kept[bid]) for bid in bids})
    loads = Counter(reader for given in kept.values() for reader in given if reader in order)
    together = Counter(frozenset(pair) for given in kept.values() for pair in combinations(given, 2))
    free = {bid: [reader for reader in readers if (bid, reader) not in barred] for bid in bids}
    for bid in sorted(bids, key=lambda bid: len(free[bid])):
        given = plan.readers[bid]
        while len(given) < each:
            choices = [reader for reader in free[bid] if reader not in given]
            if not choices:
                plan.unmet[bid] = each - len(given)
                break
            chosen = min(
                choices,
                key=lambda reader: (
                    loads[reader], sum(together[frozenset((reader, other))] for other in given), order[reader],
                ),
            )  # fmt: skip
            together.update(frozenset((chosen, other)) for other in given)
            given.append(chosen)
            loads[chosen] += 1
    plan.loads = {reader: loads[reader] for reader in readers}
    _even_out(plan, kept, barred)
    plan.added = [(bid, reader) for bid in bids for reader in plan.readers[bid] if reader not in kept[bid]]
    plan.linked = are_linked(plan.readers.values(), readers)
    return plan


def _even_out(plan: Plan, kept: Mapping[Bid, Sequence[Reader]], barred: set[tuple[Bid, Reader]]) -> None:
    """Move bids along chains of readers until no chain leads from a reader to one with two bids fewer."""
    movable = {reader: set() for reader in plan.loads}
    for bid, given in plan.readers.items():
        for reader in given:
            if reader in movable and reader not in kept[bid]:
                movable[reader].add(bid)
    while chain := _chain(plan, movable, barred):
        for giver, bid, taker in chain:
            given = plan.readers[bid]
            given[given.index(giver)] = taker
            movable[giver].discard(bid)
            movable[taker].add(bid)
        plan.loads[chain[0][0]] -= 1
        plan.loads[chain[-1][2]] += 1


def _chain(plan: Plan, movable, barred) -> list[tuple[Reader, Bid, Reader]]:
    """The shortest chain of moves that makes loads more even, or nothing."""
    lowest = min(plan.loads.values(), default=0)
    for start in sorted(plan.loads, key=lambda reader: -plan.loads[reader]):
        if plan.loads[start] - lowest < 2:
            return []
        came: dict[Reader, tuple[Reader, Bid]] = {}
        queue, seen = deque([start]), {start}
        while queue:
            giver = queue.popleft()
            if plan.loads[start] - plan.loads[giver] >= 2:
                return _walk_back(start, giver, came)
            for bid in sorted(movable[giver], key=str):
                for taker in plan.loads:
                    if taker not in seen and taker not in plan.readers[bid] and (bid, taker) not in barred:
                        seen.add(taker)
                        came[taker] = (giver, bid)
                        queue.append(taker)
    return []


def _walk_back(start: Reader, end: Reader, came) -> list[tuple[Reader, Bid, Reader]]:
    chain, taker = [], end
    while taker != start:
        giver, bid = came[taker]
        chain.append((giver, bid, taker))
        taker = giver
    return chain[::-1]


def are_linked(groups: Iterable[Iterable[Reader]], readers: Iterable[Reader]) -> bool:
    """Whether every reader can be compared with every other through bids that two of them read."""
    return len(islands(groups, readers)) <= 1


def islands(groups: Iterable[Iterable[Reader]], readers: Iterable[Reader]) -> list[list[Reader]]:
    """The readers in groups that share bids, directly or through others; one group means that the panel is linked."""
    home = {reader: reader for reader in readers}

    def root(reader):
        while home[reader] != reader:
            home[reader] = home[home[reader]]
            reader = home[reader]
        return reader

    for group in groups:
        known = [reader for reader in group if reader in home]
        for other in known[1:]:
            home[root(other)] = root(known[0])
    found: dict[Reader, list[Reader]] = {}
    for reader in home:
        found.setdefault(root(reader), []).append(reader)
    return list(found.values())
