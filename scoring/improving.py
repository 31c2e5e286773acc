"""The best plan among those that are equally even: bids move between readers for as long as that meets more wishes.

Sharing out is a flow problem, so a plan costs least exactly when no cycle of moves between readers saves anything. The
search looks for such a cycle among readers only (a few dozen), each pair of whom stands for the cheapest bid that could
move between them; when there is none, that is the proof. Pairs who must not read together are no part of a flow: with them
the plan obeys, but nothing is proven.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping

Bid = Hashable
Reader = Hashable
MOST_ROUNDS = 20_000


class Improving:
    """A plan as it improves. `cost(bid, reader)` are small whole numbers; `may(bid, giver, taker)` forbids moves."""

    def __init__(
        self, readers: dict[Bid, list[Reader]], loads: dict[Reader, int], fixed: Mapping[Bid, set[Reader]],
        cost: Callable[[Bid, Reader], int], may: Callable[[Bid, Reader, Reader], bool], limits: Mapping[Reader, int],
    ):  # fmt: skip
        self.readers, self.loads, self.fixed, self.cost, self.may = readers, loads, fixed, cost, may
        self.limits = limits
        self.moves: dict[tuple[Reader, Reader], dict[int, dict[Bid, None]]] = defaultdict(dict)
        for bid in readers:
            self._add(bid)

    def _steps(self, bid: Bid):
        given = self.readers[bid]
        for giver in given:
            if giver in self.loads and giver not in self.fixed[bid]:
                for taker in self.loads:
                    if taker not in given and self.may(bid, giver, taker):
                        yield giver, taker, self.cost(bid, taker) - self.cost(bid, giver)

    def _add(self, bid: Bid) -> None:
        for giver, taker, change in self._steps(bid):
            self.moves[giver, taker].setdefault(change, {})[bid] = None

    def _take_out(self, bid: Bid) -> None:
        for giver, taker, change in self._steps(bid):
            found = self.moves[giver, taker][change]
            del found[bid]
            if not found:
                del self.moves[giver, taker][change]

    def run(self) -> bool:
        """Improve until nothing does. True when that is proven, False when the search was cut short."""
        for _ in range(MOST_ROUNDS):
            cycle = self._cycle()
            if cycle is None:
                return True
            self._make(cycle)
        return False

    def _edges(self) -> list[tuple[Reader, Reader, int, Bid | None]]:
        """The cheapest move between each two readers; and free steps back along which evenness stays what it is."""
        found: list[tuple[Reader, Reader, int, Bid | None]] = []
        for (giver, taker), by_change in self.moves.items():
            if by_change:
                change = min(by_change)
                found.append((giver, taker, change, next(iter(by_change[change]))))
        for low, least in self.loads.items():
            if least < self.limits.get(low, least + 1):
                found += [(low, high, 0, None) for high, most in self.loads.items() if most == least + 1]
        return found

    def _cycle(self) -> list[tuple[Reader, Reader, Bid | None]] | None:
        """A cycle of moves that saves something, or None when no such cycle exists (Bellman and Ford)."""
        edges = self._edges()
        distance = dict.fromkeys(self.loads, 0)
        came: dict[Reader, tuple[Reader, Bid | None]] = {}
        changed: Reader | None = None
        for _ in range(len(distance) + 1):
            changed = None
            for giver, taker, change, bid in edges:
                if distance[giver] + change < distance[taker]:
                    distance[taker] = distance[giver] + change
                    came[taker] = (giver, bid)
                    changed = taker
            if changed is None:
                return None
        for _ in range(len(distance)):
            changed = came[changed][0]
        return self._walk(changed, came)

    @staticmethod
    def _walk(start: Reader, came) -> list[tuple[Reader, Reader, Bid | None]]:
        cycle, taker = [], start
        while True:
            giver, bid = came[taker]
            cycle.append((giver, taker, bid))
            taker = giver
            if taker == start:
                return cycle[::-1]

    def _make(self, cycle) -> None:
        touched = {bid: None for _, _, bid in cycle if bid is not None}
        for bid in touched:
            self._take_out(bid)
        for giver, taker, bid in cycle:
            if bid is not None:
                given = self.readers[bid]
                given[given.index(giver)] = taker
                self.loads[giver] -= 1
                self.loads[taker] += 1
        for bid in touched:
            self._add(bid)
