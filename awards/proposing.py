"""Proposing the decisions of a whole round together: drafted from a saved scenario or from the ranking, read, changed, proposed.

Each is a decision of its own with its own reasons, as if it had been proposed by itself; another person approves them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from applications.tables import Application
from fund import ledger
from fund.core.database import db
from fund.core.money import pounds
from fund.core.problems import Problem
from fund.tables import Organisation, Person, Round
from scoring.criteria import criteria_of
from scoring.moderation import agreed_scores_of_all
from scoring.tables import Moderation, Scenario

from .decisions import offer_limit, propose_decision
from .ranks import ranks_of
from .tables import Decision

LEAVE = ""  # nothing is proposed for this bid now


@dataclass(frozen=True)
class Draft:
    """What would be proposed for one bid, before anybody has read it. Money in pence; `total` is the panel's, out of 100.

    `said` are the beginnings of the reasons for a yes and for a no: a letter that says no must not give the reasons for a yes.
    """

    application: Application
    place: int | None
    total: Decimal | None
    kind: str
    amount: int | None
    said: dict[bool, str]

    def reasons_for(self, kind: str) -> str:
        return self.said[kind == "offer"]


@dataclass(frozen=True)
class Choice:
    """What somebody made of a draft."""

    kind: str
    amount: int | None
    reasons: str


class Refused(Problem):
    """Some cannot be proposed: {bid's key: why}. Nothing is proposed then."""

    def __init__(self, problems: dict[int, Problem]):
        count = len(problems)
        super().__init__(f"{count} {'decision' if count == 1 else 'decisions'} cannot be proposed yet. Nothing was changed.")  # fmt: skip
        self.problems = problems


def undecided(round: Round) -> list[Application]:
    """Bids that wait for a decision and for which none is proposed."""
    standing = select(Decision.application_id).where(Decision.superseded_at.is_(None), Decision.approved_at.is_(None))
    wanted = (Application.round_id == round.id, Application.status == "moderated", Application.id.not_in(standing))
    numbers = joinedload(Application.organisation).options(selectinload(Organisation.identifiers))
    query = select(Application).where(*wanted).options(numbers, joinedload(Application.round))
    return list(db.session.scalars(query.order_by(Application.reference)))


def still_judged(round: Round) -> int:
    """How many bids the panel has not agreed yet: they are in no draft, and some may be better than those that are."""
    waits = Application.status.in_(("submitted", "eligible", "in_scoring"))
    return (
        db.session.scalar(select(func.count()).select_from(Application).where(Application.round_id == round.id, waits))
        or 0
    )


def drafts_of(round: Round, scenario: Scenario | None) -> list[Draft]:
    """A draft for each undecided bid, the best first: the awards of the scenario, or by rank while the money lasts."""
    ranks, said = ranks_of(round), _Said(round)
    bids = sorted(undecided(round), key=lambda bid: (bid.id not in ranks, ranks.get(bid.id, (0, 0))[0], bid.reference))
    amounts = _awards_of(scenario, bids) if scenario else _while_it_lasts(round, bids)
    found = []
    for bid in bids:
        place, total = ranks.get(bid.id, (None, None))
        amount = amounts.get(bid.id)
        kind = "offer" if amount else "reject"
        found.append(
            Draft(bid, place, total, kind, amount, {yes: said.reasons(bid, yes, total) for yes in (True, False)})
        )
    return found


def _awards_of(scenario: Scenario, bids: list[Application]) -> dict[int, int]:
    awards = scenario.result["awards"]
    return {bid.id: min(awards[bid.reference], offer_limit(bid)[0]) for bid in bids if awards.get(bid.reference)}


def _while_it_lasts(round: Round, bids: list[Application]) -> dict[int, int]:
    """Down the ranking as far as the money reaches; a bid that does not fit ends the list, as a line on paper would."""
    pot, found = ledger.pot_of(round), {}
    room = (pot.room_pence if pot else 0) - _waiting_pence(round)
    for bid in bids:
        most = offer_limit(bid)[0]
        if not 0 < most <= room:
            break
        found[bid.id], room = most, room - most
    return found


def _waiting_pence(round: Round) -> int:
    """What offers that wait for approval would take."""
    query = select(Decision.amount_pence).join(Application).where(Application.round_id == round.id)
    waiting = (Decision.kind == "offer", Decision.superseded_at.is_(None), Decision.approved_at.is_(None))
    return sum(db.session.scalars(query.where(*waiting)))


class _Said:
    """What the panel said of the bids of a round, as the beginning of reasons that can be published. Three statements."""

    def __init__(self, round: Round):
        self.titles = {each.id: each.title for each in criteria_of(round.id)}
        self.agreed = agreed_scores_of_all(round)
        rows = db.session.scalars(select(Moderation).join(Application).where(Application.round_id == round.id))
        self.words = {row.application_id: row for row in rows}

    def reasons(self, bid: Application, is_offer: bool, total: Decimal | None) -> str:
        words = self.words.get(bid.id)
        marks = {self.titles.get(key, ""): row.mark for key, row in self.agreed.get(bid.id, {}).items() if row.mark is not None}  # fmt: skip
        lines = [f"The panel gave this bid {total} of 100 points."] if total is not None else []
        if is_offer:
            lines += [f"Its strongest part: {max(marks, key=lambda each: marks[each])}."] if marks else []
            lines += [words.strengths] if words and words.strengths else []
        else:
            lines += ["There was not enough money for every bid, and others had more points."] if lines else []
            lines += [f"What held it back most: {min(marks, key=lambda each: marks[each])}."] if marks else []
            lines += [words.improvements] if words and words.improvements else []
        return " ".join(line.strip() for line in lines)


def propose_many(round: Round, choices: Mapping[int, Choice], *, by: Person, now: datetime) -> list[Decision]:
    """Propose all that is chosen, {bid's key: choice}; those left are not touched.

    All or nothing. Raises Refused with each bid's own reason, Problem when nothing is chosen or the offers are more than
    the room that is left.
    """
    bids = {bid.id: bid for bid in undecided(round)}
    chosen = {key: choice for key, choice in choices.items() if choice.kind != LEAVE and key in bids}
    if not chosen:
        raise Problem("Choose at least one decision to propose.")
    _check_room(round, chosen)
    made, problems = [], {}
    with db.session.begin_nested():
        for key, choice in chosen.items():
            try:
                made.append(propose_decision(bids[key], choice.kind, reasons=choice.reasons, amount_pence=choice.amount, by=by, now=now))  # fmt: skip
            except Problem as problem:
                problems[key] = problem
        if problems:
            raise Refused(problems)
    return made


def _check_room(round: Round, chosen: Mapping[int, Choice]) -> None:
    offered = sum(choice.amount or 0 for choice in chosen.values() if choice.kind == "offer")
    pot = ledger.pot_of(round)
    room = (pot.room_pence if pot else 0) - _waiting_pence(round)
    if offered > room:
        raise Problem(f"These offers add up to {pounds(offered)}. The room left is {pounds(room)}. Take off {pounds(offered - room)}.")  # fmt: skip
