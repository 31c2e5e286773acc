"""The list of checks. Each package adds those it knows the facts of; later packages know past grants, accounts and subsidies."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from ..tables import Application
from .facts import Facts

STATES = {"clear": ("Clear", "green"), "look": ("To look at", "yellow"), "unknown": ("Not known", "grey")}


@dataclass(frozen=True)
class Finding:
    """What the system knows of a check. `bids` are the other bids its lines tell of: whoever is recused from one sees none."""

    state: str
    lines: list[str]
    bids: frozenset[int] = field(default_factory=frozenset)

    @property
    def digest(self) -> str:
        return hashlib.sha256(json.dumps([self.state, self.lines], ensure_ascii=False).encode()).hexdigest()


def worst(*states: str) -> str:
    """The state of several findings together: to look at before not known before clear."""
    return next((each for each in ("look", "unknown") if each in states), "clear")


@dataclass(frozen=True)
class Check:
    """One check. `asks` is what an officer looks for; the machine answers only as far as the system knows."""

    order: int
    key: str
    title: str
    asks: str
    find: Callable[[Facts], Finding]
    is_early: bool = False  # its facts also stand on the screening page


CHECKS: dict[str, Check] = {}


def check(order: int, key: str, title: str, asks: str, *, is_early: bool = False):
    """Register a function of the bid's facts that answers a Finding."""

    def keep(function: Callable[[Facts], Finding]):
        CHECKS[key] = Check(order, key, title, asks, function, is_early)
        return function

    return keep


def checks() -> list[Check]:
    return sorted(CHECKS.values(), key=lambda each: each.order)


def early_findings(application: Application, now: datetime) -> list[tuple[Check, Finding]]:
    """What an officer should know before screening, where there is something to look at."""
    facts = Facts(application, now)
    found = [(each, each.find(facts)) for each in checks() if each.is_early]
    return [(each, finding) for each, finding in found if finding.state == "look"]
