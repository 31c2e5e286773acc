"""Sharing bids out: a pure, repeatable plan in which every bid gets its readers and loads stay within one of each other.

Nobody gets more bids than their limit, and pairs who must not read together do not. Filling goes bid by bid, fewest possible readers first, always to the least loaded, and among those to whoever has read
least with the readers the bid already has: that links the panel. Then bids move along chains of readers from the most
loaded to the least for as long as any chain helps; when none does, no plan is more even. Last, among the plans that are as
even, the one that meets most wishes is found (scoring.improving), unless that would break the panel's linkage.
"""

from collections import Counter, deque
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from .improving import Improving

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
    proven: bool = True
    """Whether no equally even plan meets more wishes. False with pairs kept apart, and when linkage came first."""
    wished: bool = True
    """Whether wishes were followed at all: not when that would have left members who share no bid."""

    @property
    def gap(self) -> int:
        """The largest load minus the smallest."""
        return max(self.loads.values(), default=0) - min(self.loads.values(), default=0)


def share_out(
    bids: Sequence[Bid], readers: Sequence[Reader], each: int, *, barred: Iterable[tuple[Bid, Reader]] = (),
    kept: Mapping[Bid, Sequence[Reader]] | None = None, costs: Mapping[tuple[Bid, Reader], int] | None = None,
    usual_cost: int = 0, limits: Mapping[Reader, int] | None = None, apart: Iterable[frozenset[Reader]] = (),
) -> Plan:  # fmt: skip
    """A plan that gives every bid `each` readers. `barred` pairs (conflicts) are never made; `kept` pairs are not touched.

    `costs` say how little a pair is wished for (others cost `usual_cost`), `limits` the most bids of a reader, `apart` the
    pairs of readers never on one bid. The same input gives the same plan every time: ties go by the order given.
    """
    kept = {bid: list((kept or {}).get(bid, ())) for bid in bids}
    barred = set(barred)
    order = {reader: place for place, reader in enumerate(readers)}
    plan = Plan({bid: list(kept[bid]) for bid in bids})
    loads = Counter(reader for given in kept.values() for reader in given if reader in order)
    together = Counter(frozenset(pair) for given in kept.values() for pair in combinations(given, 2))
    free = {bid: [reader for reader in readers if (bid, reader) not in barred] for bid in bids}
    rules = _Rules(barred, dict(limits or {}), set(apart))
    fair = -(-each * len(bids) // max(1, len(readers)))

    def _wished_first(bid: Bid, reader: Reader) -> tuple:
        """Up to a fair share, wishes go first; the search for the best plan then has little left to do."""
        return (loads[reader] >= fair, costs.get((bid, reader), usual_cost)) if costs else ()

    for bid in sorted(bids, key=lambda bid: len(free[bid])):
        given = plan.readers[bid]
        while len(given) < each:
            choices = [reader for reader in free[bid] if reader not in given and rules.fits(given, reader)]
            if rules.limits and not any(rules.has_room(reader, loads) for reader in choices):
                _make_room(bid, choices, plan, loads, kept, rules, readers)
            choices = [reader for reader in choices if reader not in given and rules.has_room(reader, loads)]
            if not choices:
                plan.unmet[bid] = each - len(given)
                break
            chosen = min(
                choices,
                key=lambda reader: (
                    *_wished_first(bid, reader), loads[reader], sum(together[frozenset((reader, other))] for other in given), order[reader],
                ),
            )  # fmt: skip
            together.update(frozenset((chosen, other)) for other in given)
            given.append(chosen)
            loads[chosen] += 1
    plan.loads = {reader: loads[reader] for reader in readers}
    _even_out(plan, kept, rules)
    if costs:
        _follow_wishes(plan, kept, rules, costs, usual_cost, readers)
    plan.added = [(bid, reader) for bid in bids for reader in plan.readers[bid] if reader not in kept[bid]]
    plan.linked = are_linked(plan.readers.values(), readers)
    if costs and not plan.linked:  # filling followed wishes from the first bid on: see whether they keep members apart
        plain = share_out(bids, readers, each, barred=barred, kept=kept, limits=limits, apart=rules.apart)
        if plain.linked:
            plain.proven = plain.wished = False
            return plain
    return plan


@dataclass
class _Rules:
    barred: set[tuple[Bid, Reader]]
    limits: dict[Reader, int]
    apart: set[frozenset[Reader]]

    def has_room(self, reader: Reader, loads: Mapping[Reader, int]) -> bool:
        return reader not in self.limits or loads[reader] < self.limits[reader]

    def fits(self, given: Iterable[Reader], reader: Reader) -> bool:
        """Whether nobody among these must be kept apart from the reader."""
        return not self.apart or not any(frozenset((reader, other)) in self.apart for other in given)

    def hold(self, plan: Plan) -> bool:
        """Whether nobody stands beside somebody they must be kept apart from."""
        return not self.apart or not any(
            frozenset(pair) in self.apart for given in plan.readers.values() for pair in combinations(given, 2)
        )

    def may(self, plan: Plan, bid: Bid, giver: Reader, taker: Reader) -> bool:
        """Whether the bid may move between these two, whatever their loads."""
        if taker in plan.readers[bid] or (bid, taker) in self.barred:
            return False
        return self.fits((other for other in plan.readers[bid] if other != giver), taker)


def _make_room(
    bid: Bid, choices: Sequence[Reader], plan: Plan, loads: Counter, kept, rules: _Rules, readers: Sequence[Reader]
) -> None:  # fmt: skip
    """Every possible reader of a bid is at their limit: move other bids along a chain to somebody who is not."""
    movable: dict[Reader, list[Bid]] = {}
    for each, given in plan.readers.items():
        for reader in given:
            if each != bid and reader not in kept[each]:
                movable.setdefault(reader, []).append(each)
    came: dict[Reader, tuple[Reader, Bid]] = {}
    queue, seen = deque(choices), set(choices)
    while queue:
        giver = queue.popleft()
        if rules.has_room(giver, loads):
            for start, moved, taker in _walk_back(None, giver, came):
                given = plan.readers[moved]
                given[given.index(start)] = taker
                loads[start] -= 1
                loads[taker] += 1
            return
        for each in movable.get(giver, ()):
            for taker in readers:
                if taker not in seen and rules.may(plan, each, giver, taker):
                    seen.add(taker)
                    came[taker] = (giver, each)
                    queue.append(taker)


def _follow_wishes(plan: Plan, kept, rules: _Rules, costs, usual: int, readers: Sequence[Reader]) -> None:
    """Meet as many wishes as an equally even plan can; not at the price of members who share no bid."""
    before, loads = {bid: list(given) for bid, given in plan.readers.items()}, dict(plan.loads)
    was_linked = are_linked(plan.readers.values(), readers)
    work = Improving(
        plan.readers, plan.loads, {bid: set(given) for bid, given in kept.items()},
        lambda bid, reader: costs.get((bid, reader), usual),
        lambda bid, giver, taker: rules.may(plan, bid, giver, taker),
        rules.limits,
    )  # fmt: skip
    plan.proven = work.run() and not rules.apart
    if not rules.hold(plan) or (was_linked and not are_linked(plan.readers.values(), readers)):
        plan.readers, plan.loads, plan.proven, plan.wished = before, loads, False, False


def _even_out(plan: Plan, kept: Mapping[Bid, Sequence[Reader]], rules: _Rules) -> None:
    """Move bids along chains of readers until no chain leads from a reader to one with two bids fewer."""
    movable = {reader: set() for reader in plan.loads}
    for bid, given in plan.readers.items():
        for reader in given:
            if reader in movable and reader not in kept[bid]:
                movable[reader].add(bid)
    while chain := _chain(plan, movable, rules):
        for giver, bid, taker in chain:
            given = plan.readers[bid]
            given[given.index(giver)] = taker
            movable[giver].discard(bid)
            movable[taker].add(bid)
        plan.loads[chain[0][0]] -= 1
        plan.loads[chain[-1][2]] += 1


def _chain(plan: Plan, movable, rules: _Rules) -> list[tuple[Reader, Bid, Reader]]:
    """The shortest chain of moves that makes loads more even, or nothing."""
    lowest = min((load for reader, load in plan.loads.items() if rules.has_room(reader, plan.loads)), default=0)
    for start in sorted(plan.loads, key=lambda reader: -plan.loads[reader]):
        if plan.loads[start] - lowest < 2:
            return []
        came: dict[Reader, tuple[Reader, Bid]] = {}
        queue, seen = deque([start]), {start}
        while queue:
            giver = queue.popleft()
            if plan.loads[start] - plan.loads[giver] >= 2 and rules.has_room(giver, plan.loads):
                return _walk_back(start, giver, came)
            for bid in sorted(movable[giver], key=str):
                for taker in plan.loads:
                    if taker not in seen and rules.may(plan, bid, giver, taker):
                        seen.add(taker)
                        came[taker] = (giver, bid)
                        queue.append(taker)
    return []


def _walk_back(start: Reader, end: Reader, came) -> list[tuple[Reader, Bid, Reader]]:
    chain, taker = [], end
    while taker != start and taker in came:
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
