"""One finding, before it is a row: which bids, what they have in common, and what it is known by when it is met again."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from .scope import Bid


@dataclass(frozen=True)
class Found:
    """`says` is the finding in a sentence without names; `mine` and `theirs` are the facts of each side, a line each.

    `identity` holds what an answer is about. The same identity found again is the same signal, answered or not.
    """

    kind: str
    bid: Bid
    other: Bid | None
    says: str
    mine: list[str]
    theirs: list[str]
    identity: Any

    @property
    def digest(self) -> str:
        return digest_of(self.kind, self.identity)

    def row(self) -> dict[str, Any]:
        """The columns of the signal: the later bid first, whichever of the two was looked at."""
        sides = [(self.bid.id, self.mine)] + ([(self.other.id, self.theirs)] if self.other else [(0, self.theirs)])
        pair = [self.bid.id, *([self.other.id] if self.other else [])]
        first, second = max(pair), min(pair) if self.other else None
        return {
            "application_id": first, "other_id": second, "kind": self.kind, "digest": self.digest,
            "mark": _sha256([self.digest, first, second]),
            "facts": {"says": self.says, "sides": {str(key): lines for key, lines in sides}},
        }  # fmt: skip


def pair_of(first: Bid, second: Bid, of_first: Any, of_second: Any) -> list[Any]:
    """Facts of two organisations as one identity, whichever of the two is looked at first."""
    return identity_of((first.organisation_id, of_first), (second.organisation_id, of_second))


def identity_of(first: tuple[int, Any], second: tuple[int, Any]) -> list[Any]:
    """The same from (organisation key, fact) of each side."""
    return sorted([list(first), list(second)], key=lambda each: each[0])


def digest_of(kind: str, identity: Any) -> str:
    """What a signal, and the answer to it, is known by wherever the same facts meet."""
    return _sha256([kind, identity])


def _sha256(facts: Any) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
