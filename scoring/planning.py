"""Where to draw the line (rule 8): floors, ceilings and locks with their reasons, the best awards under them, scenarios kept."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from fund.core import audit
from fund.core.database import db
from fund.core.problems import Problem
from fund.tables import Person, Pot, Round

from .funding import KINDS, Fundable, fundable, kinds_of
from .ranking import add_marks
from .solved import key_of, remembered
from .solved import known as solved_lately
from .tables import Criterion, Scenario
from .visibility import hidden_from, hidden_in

AIMS = {"points": "Most points", "points by pound": "Most points × £"}
MOST_LETTERS = 500
MOST_SCENARIOS = 12
_drawn_lately: set[int] = set()  # rounds whose fragile band this process has found, so that it may be known
DRAWN_AT_ONCE = 200  # bids whose fragile band takes a second or a few of work, so that opening the page may find it


class NotInstalled(Problem):
    """The solver's library is not there."""


@dataclass(frozen=True)
class Bounds:
    """`floors` and `ceilings` are {(kind, which): how many bids}, `locks` {reference: ("in" or "out", why)}."""

    aim: str = "points"
    floors: dict[tuple[str, str], int] = field(default_factory=dict)
    ceilings: dict[tuple[str, str], int] = field(default_factory=dict)
    locks: dict[str, tuple[str, str]] = field(default_factory=dict)

    def as_json(self) -> dict:
        def rows(bounds):
            return [[kind, which, count] for (kind, which), count in sorted(bounds.items())]

        locks = {key: list(lock) for key, lock in sorted(self.locks.items())}
        return {"aim": self.aim, "floors": rows(self.floors), "ceilings": rows(self.ceilings), "locks": locks}

    @classmethod
    def from_json(cls, kept: dict) -> "Bounds":
        def pairs(rows):
            return {(kind, which): count for kind, which, count in rows}

        locks = {key: (lock[0], lock[1]) for key, lock in kept["locks"].items()}
        return cls(kept["aim"], pairs(kept["floors"]), pairs(kept["ceilings"]), locks)


@dataclass(frozen=True)
class Planned:
    """The best awards. Money in pence; `prices` is what each floor costs in points; `share` how often a bid stays in.

    `is_drawn` says whether the fragile band was looked for; `share`, `low`, `high` and `fragile` are empty when it was not.
    """

    pot_pence: int
    bids: list[Fundable]
    awards: dict[str, int]
    value: float
    points: float
    proven: bool
    prices: dict[tuple[str, str], float]
    share: dict[str, float]
    low: dict[str, float]
    high: dict[str, float]
    fragile: frozenset[str]
    is_drawn: bool = True

    def state_of(self, key: str) -> str:
        """chosen, out, or fragile, which says that it could be either."""
        return "fragile" if key in self.fragile else ("chosen" if key in self.awards else "out")

    @property
    def pence(self) -> int:
        return sum(self.awards.values())

    @property
    def room_pence(self) -> int:
        return self.pot_pence - self.pence


def plan(round: Round, bounds: Bounds, reader: Person | None = None, *, draws: bool = True) -> Planned:
    """The best awards for this reader, proven. Raises Problem when nothing fits, NotInstalled without the solver.

    Without `draws` the fragile band of a large round is only given when it was found lately: it takes seconds.
    """
    try:
        from .fragility import Swing, edge_of
        from .portfolio import Candidate, NoPortfolio, best_portfolio, price_of_floors
    except ImportError as missing:
        raise NotInstalled(
            "This page needs the library SciPy, which is not installed here. Ask whoever runs the service to install the extra “optimise”."
        ) from missing
    criteria, pot_pence = _criteria_and_pot(round)
    bids = fundable(round, criteria, pot_pence, reader)
    _check(bounds, bids)
    candidates = [Candidate(each.key, each.bid.asked_pence, float(each.points), each.kinds, each.viable_pence) for each in bids]  # fmt: skip
    known = {each.key for each in bids}
    floors = [(*kind, count) for kind, count in bounds.floors.items()]
    given: dict[str, Any] = {
        "aim": bounds.aim,
        "ceilings": [(*kind, count) for kind, count in bounds.ceilings.items()],
        "locked_in": [key for key, (side, _) in bounds.locks.items() if side == "in" and key in known],
        "locked_out": [key for key, (side, _) in bounds.locks.items() if side == "out" and key in known],
    }
    plain = [(each.key, each.asks_pence, each.points, each.kinds, each.viable_pence) for each in candidates]
    asked = key_of((plain, pot_pence, floors, given))

    def solve():
        best = best_portfolio(candidates, pot_pence, floors=floors, **given)
        return best, price_of_floors(candidates, pot_pence, floors, **given)

    def draw(weights):
        add_marks([each.bid for each in bids], criteria)
        totals = {each.key: each.totals(round.view_weight) for each in bids}
        swing = Swing(weights, {each.key: each.marks for each in bids})
        return edge_of(candidates, pot_pence, totals, swing=swing, floors=floors, **given)

    try:
        best, prices = remembered(asked, solve)
    except NoPortfolio:
        raise Problem(
            "No set of awards meets all this under the pot. Lower a floor, raise a ceiling or take a lock away."
        ) from None
    edge, at_once = None, draws or len(bids) <= DRAWN_AT_ONCE
    if at_once or round.id in _drawn_lately:
        weights = {each.code: each.weight for each in criteria}
        drawn = key_of((asked, weights, round.view_weight, [each.said for each in bids]))
        edge = solved_lately(drawn)
        if edge is None and at_once:
            edge = remembered(drawn, lambda: draw(weights))
            _drawn_lately.add(round.id)
    points = sum(each.points * best.awards[each.key] / each.asks_pence for each in candidates if each.key in best.awards)  # fmt: skip
    return Planned(
        pot_pence, bids, best.awards, round_off(best.value), round_off(points), best.proven,
        {(kind, which): round_off(price) for (kind, which, _), price in prices.items()},
        edge.share if edge else {}, edge.low if edge else {}, edge.high if edge else {},
        frozenset(key for key in known if edge and edge.is_fragile(key)), edge is not None,
    )  # fmt: skip


def _criteria_and_pot(round: Round) -> tuple[list[Criterion], int]:
    """The criteria in order and the pot in pence. One statement."""
    query = select(Criterion, Pot.total_pence).outerjoin(Pot, Pot.round_id == Criterion.round_id)
    rows = db.session.execute(query.where(Criterion.round_id == round.id).order_by(Criterion.position)).all()
    return [row[0] for row in rows], (rows[0][1] or 0) if rows else 0


def round_off(value: float) -> float:
    """To a hundredth of a point."""
    return round(value, 2) + 0.0


def _check(bounds: Bounds, bids: list[Fundable]) -> None:
    """Raises Problem for what can be said before anything is solved: no reason, or a floor that nobody could meet."""
    if bounds.aim not in AIMS:
        raise Problem("Choose what the awards should have most of", "aim")
    for key, (side, why) in bounds.locks.items():
        if side not in ("in", "out"):
            raise Problem(f"Choose in or out for {key}", f"lock-{key}")
        if not why.strip():
            raise Problem(f"Say why {key} is locked {side}", f"why-{key}")
        if len(why) > MOST_LETTERS:
            raise Problem(f"Shorten the reason for {key} to {MOST_LETTERS} characters or fewer", f"why-{key}")
    there = kinds_of(bids)
    for (kind, which), count in bounds.floors.items():
        most = there.get(kind, {}).get(which, 0)
        field = f"least-{kind}-{which}"
        if count > most:
            raise Problem(f"{KINDS.get(kind, kind)} {which} has {most} scored bids, so at least {count} cannot be met", field)  # fmt: skip
        if count > bounds.ceilings.get((kind, which), count):
            raise Problem(f"{KINDS[kind]} {which}: at least {count} and at most {bounds.ceilings[kind, which]} cannot both be met", field)  # fmt: skip


def save_scenario(round: Round, name: str, bounds: Bounds, *, by: Person, now: datetime) -> Scenario:
    """Keep a set of bounds under a name with what came out. Raises Problem for a taken name or when nothing fits."""
    name = name.strip()
    if not name:
        raise Problem("Give the scenario a name", "name")
    kept = scenarios_of(round, by)
    if any(each.name.casefold() == name.casefold() for each in kept):
        raise Problem("Another scenario has this name. Choose a different one.", "name")
    if len(kept) >= MOST_SCENARIOS:
        raise Problem(f"There are {MOST_SCENARIOS} scenarios already. Delete one first.", "name")
    if hidden_from(by, round):
        raise Problem(
            "You declared a conflict in this round, or have bids to score. Somebody else must save scenarios."
        )
    found = plan(round, bounds, by)
    result = {
        "awards": found.awards, "value": found.value, "points": found.points, "pence": found.pence, "room": found.room_pence, "proven": found.proven,
        "prices": [[*kind, price] for kind, price in found.prices.items()], "fragile": sorted(found.fragile),
    }  # fmt: skip
    row = Scenario(round_id=round.id, name=name, settings=bounds.as_json(), result=result, pot_pence=found.pot_pence, made_at=now, made_by_id=by.id)  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.record("scenario.save", row, by=by, now=now, awards=len(found.awards), pence=found.pence)
    return row


def delete_scenario(scenario: Scenario, *, by: Person, now: datetime) -> None:
    """Take a scenario away; the log keeps that it was there."""
    audit.record("scenario.delete", scenario, by=by, now=now, settings=scenario.settings)
    db.session.delete(scenario)
    db.session.flush()


def scenarios_of(round: Round, reader: Person) -> list[Scenario]:
    """The scenarios of a round, oldest first; none for a reader from whom one of the round's bids is hidden, as they tell of
    all. One statement."""
    nothing_hidden = ~hidden_in(reader, round).exists()
    query = select(Scenario).where(Scenario.round_id == round.id, nothing_hidden).options(joinedload(Scenario.made_by))
    return list(db.session.scalars(query.order_by(Scenario.id), execution_options={"whole": True}))
