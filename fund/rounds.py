"""Rounds: finding them, starting one from a strategy's defaults, and changing what it says. Caps and priorities have a module
of their own (round_terms), so have cloning, publishing (round_life) and the pot (pots)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import or_, select, true
from sqlalchemy.orm import contains_eager, joinedload

from fund import ledger
from fund.core import audit
from fund.core.clock import add_months, london_moment, speak_moment, speak_until, today
from fund.core.database import db
from fund.core.problems import Problem, WrongMoment
from fund.hooks import asked_by_priority, round_counts, when_cloned, when_created
from fund.round_cloning import clone_round
from fund.round_prefix import check_prefix, free_prefix
from fund.strategies.round_defaults import RoundDefaults
from fund.strategy_loading import current_strategy, pack_of
from fund.tables import (
    STAFF_ROLES,
    Cap,
    Fund,
    Partnership,
    Person,
    Priority,
    RoleGrant,
    Round,
    RoundPriority,
)
from fund.tables.rounds import SCORE_VISIBILITY

__all__ = [
    "AT_CLOSING", "AT_PUBLICATION", "AT_THE_END", "Stage", "asked_by_priority", "change_round", "check_may_change", "clone_round", "create_round", "free_prefix", "load_round",
    "partnerships_for", "priorities_of", "public_rounds", "round_counts", "seen_by", "stage_of", "when_cloned", "when_created",
]  # fmt: skip

# From when a fact stands still: what applicants rely on at publication, what the panel works by when bids are in.
AT_PUBLICATION, AT_CLOSING, AT_THE_END = "published", "closed", "ended"
FROZEN = {
    "title": AT_THE_END,
    "summary": AT_THE_END,
    "decisions_by": AT_THE_END,
    "prefix": AT_PUBLICATION,
    "opens_at": AT_PUBLICATION,
    "closes_at": AT_CLOSING,
    "delivery_start_on": AT_PUBLICATION,
    "delivery_end_on": AT_PUBLICATION,
    "bids_per_organisation": AT_PUBLICATION,
    "joint_cap_pence": AT_PUBLICATION,
    "assessors_per_bid": AT_CLOSING,
    "panel_quorum": AT_CLOSING,
    "spread_flag": AT_CLOSING,
    "visibility": AT_CLOSING,
    "minimum_total": AT_CLOSING,
    "any_zero_stops": AT_CLOSING,
    "hides_names": AT_CLOSING,
    "view_weight": AT_PUBLICATION,
    "acceptance_days": AT_CLOSING,
    "return_every_months": AT_CLOSING,
    "underspend_flag_percent": AT_CLOSING,
    "pay_when": AT_CLOSING,
    "retention_percent": AT_CLOSING,
}
PLURALS = {"non_registered": "groups that are not registered", "registered": "registered organisations"}


@dataclass(frozen=True)
class Stage:
    """Where a round stands by its status and the clock, in words."""

    key: str  # draft, coming, open, closed, finished, cancelled
    text: str
    colour: str


def stage_of(round: Any, now: datetime) -> Stage:
    """The stage of a round, or of a row with its status, opens_at and closes_at."""
    if round.status != "published":
        words = {
            "draft": ("Being prepared", "grey"),
            "finished": ("Finished", "grey"),
            "cancelled": ("Cancelled", "red"),
        }
        return Stage(round.status, *words[round.status])
    if now < round.opens_at:
        return Stage("coming", "Not open yet", "blue")
    if now < round.closes_at:
        return Stage("open", f"Open, {speak_until(round.closes_at, now)}", "green")
    return Stage("closed", "Closed to bids", "purple")


def load_round(key: int) -> Round | None:
    """The round with its fund, partnership and strategy, in one statement; None when there is none."""
    wanted = select(Round).where(Round.id == key).options(*_whole())
    return db.session.scalar(wanted)


def _whole():
    return joinedload(Round.fund).joinedload(Fund.partnership), joinedload(Round.strategy)


def public_rounds(now: datetime) -> list[Round]:
    """Every round the public may see, the one that closes next first; closed ones follow, newest first."""
    wanted = (
        select(Round)
        .join(Round.fund)
        .join(Fund.partnership)
        .options(contains_eager(Round.fund).contains_eager(Fund.partnership))
        .where(Round.status.in_(("published", "finished")))
    )
    found = list(db.session.scalars(wanted))
    running = sorted((each for each in found if now < each.closes_at), key=lambda each: (each.closes_at, each.id))
    over = sorted((each for each in found if now >= each.closes_at), key=lambda each: (each.closes_at, each.id))
    return running + over[::-1]


def _grants(person: Person, roles: tuple[str, ...], now: datetime) -> list[RoleGrant]:
    return [each for each in person.grants if each.role in roles and (each.until is None or each.until > now)]


def seen_by(person: Person, *roles: str, now: datetime):
    """A condition on rounds joined with their fund: those where the person holds one of these roles (any staff role)."""
    held = _grants(person, roles or STAFF_ROLES, now)
    if any(each.partnership_id is None and each.round_id is None for each in held):
        return true()
    return or_(
        Fund.partnership_id.in_([each.partnership_id for each in held if each.partnership_id]),
        Round.id.in_([each.round_id for each in held if each.round_id]),
    )


def partnerships_for(person: Person, role: str, now: datetime) -> list[Partnership]:
    """The partnerships where the person holds this role, by name."""
    held = _grants(person, (role,), now)
    wanted = select(Partnership).order_by(Partnership.short_name)
    if not any(each.partnership_id is None and each.round_id is None for each in held):
        wanted = wanted.where(Partnership.id.in_([each.partnership_id for each in held if each.partnership_id]))
    return list(db.session.scalars(wanted))


def priorities_of(round: Round) -> list[RoundPriority]:
    """What a round funds, in its order, each with its priority, in one statement."""
    wanted = select(RoundPriority).where(RoundPriority.round_id == round.id).options(joinedload(RoundPriority.priority))
    return list(db.session.scalars(wanted.order_by(RoundPriority.position, RoundPriority.id)))


def create_round(
    partnership: Partnership, *, by: Person | None, now: datetime, title: str = "", prefix: str | None = None
) -> Round:
    """A round in preparation, with everything that the strategy's round defaults give: nothing is open yet.

    The dates are a proposal (opens in four weeks, eight weeks to apply, delivery from the third month after). Raises Problem
    when the partnership has no strategy.
    """
    strategy = current_strategy(partnership)
    if strategy is None:
        raise Problem("This partnership has no strategy yet. Load it first.", "partnership")
    pack = pack_of(strategy)
    defaults = pack.round_defaults
    fund = _fund_of(partnership, pack.fund.name if pack.fund else partnership.funder_name)
    opens_on = today(now) + timedelta(days=28 - today(now).weekday())  # a Monday
    closes_on = opens_on + timedelta(days=60)  # a Friday
    start = add_months(closes_on.replace(day=1), 3)
    round = Round(
        fund_id=fund.id,
        strategy_id=strategy.id,
        title=title or defaults.name,
        summary=fund.purpose,
        prefix=prefix or free_prefix(partnership, start.year),
        opens_at=london_moment(datetime.combine(opens_on, time(9))),
        closes_at=london_moment(datetime.combine(closes_on, time(17))),
        delivery_start_on=start,
        delivery_end_on=add_months(start, defaults.delivery_months) - timedelta(days=1),
        bids_per_organisation=defaults.bids_per_organisation,
        joint_cap_pence=max(cap.joint_most_pence for cap in defaults.caps),
        assessors_per_bid=defaults.panel.assessors_per_bid,
        panel_quorum=defaults.panel.quorum,
        spread_flag=defaults.panel.flag_spread,
        owner_id=by and by.id,
        created_at=now,
    )
    db.session.add(round)
    db.session.flush()
    _add_caps(round, defaults)
    _add_priorities(round)
    db.session.flush()
    audit.record("round.create", round, by=by, now=now, strategy=strategy.id, version=strategy.number)
    ledger.set_pot(round, defaults.pot_pence, by=by, now=now, note="From the strategy's round defaults")
    when_created.ask(round, by=by, now=now)
    return round


def _fund_of(partnership: Partnership, name: str) -> Fund:
    found = db.session.scalar(select(Fund).where(Fund.partnership_id == partnership.id).order_by(Fund.id))
    if found is None:
        purpose = "Small grants for work that keeps people safe from violence."
        found = Fund(partnership_id=partnership.id, name=name, purpose=purpose)
        db.session.add(found)
        db.session.flush()
    return found


def _add_caps(round: Round, defaults: RoundDefaults) -> None:
    for place, cap in enumerate(defaults.caps, 1):
        db.session.add(
            Cap(
                round_id=round.id,
                key=cap.key,
                plural=PLURALS.get(cap.key, cap.label.lower()),
                most_pence=cap.most_pence,
                legal_forms=list(cap.legal_forms),
                needs_register=cap.key != "non_registered",
                position=place,
            )
        )


def _add_priorities(round: Round) -> None:
    wanted = select(Priority).where(Priority.strategy_id == round.strategy_id).order_by(Priority.position)
    for each in db.session.scalars(wanted):
        db.session.add(RoundPriority(round_id=round.id, priority_id=each.id, position=each.position))


def change_round(
    round: Round, *, by: Person | None, now: datetime, seen: int | None = None, reason: str | None = None, **values: Any
) -> dict[str, list[Any]]:
    """Change facts of a round, each only while it may still change; returns {fact: [old, new]} of what did.

    Closing later than published needs a reason. Raises Stale when `seen` is an older version, WrongMoment for a fact
    that stands still by now, Problem for values that do not go together.
    """
    round.check_version(seen)
    changes = {name: [getattr(round, name), value] for name, value in values.items() if getattr(round, name) != value}
    for name in changes:
        check_may_change(round, FROZEN[name], now, name)
    _check_values(round, {**{name: getattr(round, name) for name in FROZEN}, **values}, changes)
    if "closes_at" in changes and round.status == "published":
        _check_closing(round, changes["closes_at"][1], reason)
    if not changes:
        return {}
    for name, (_old, new) in changes.items():
        setattr(round, name, new)
    round.touch()
    audit.record("round.change", round, by=by, now=now, changes=_plain(changes), reason=reason)
    return changes


def check_may_change(round: Round, frozen_from: str, now: datetime, field: str | None = None) -> None:
    """Raises WrongMoment with the sentence that says since when, and why, this stands still."""
    if round.status in ("finished", "cancelled"):
        raise WrongMoment("This round has ended. Nothing in it can be changed.", field)
    if round.status == "draft" or frozen_from == AT_THE_END:
        return
    if frozen_from == AT_PUBLICATION:
        raise WrongMoment("The round is published and people rely on this. It cannot be changed any more.", field)
    if round.is_closed(now):
        raise WrongMoment("The round has closed. What bids are judged by cannot be changed any more.", field)


def _check_values(round: Round, facts: dict[str, Any], changes: dict) -> None:
    if facts["closes_at"] <= facts["opens_at"]:
        raise Problem("The round must close after it opens", "closes_on")
    if facts["delivery_end_on"] <= facts["delivery_start_on"]:
        raise Problem("Delivery must end after it starts", "delivery_end_on")
    if facts["panel_quorum"] > facts["assessors_per_bid"]:
        raise Problem("The quorum cannot be more than the assessors for each bid", "panel_quorum")
    if facts["visibility"] not in SCORE_VISIBILITY:
        raise Problem("Choose when assessors see each other's scores", "visibility")
    if "prefix" in changes:
        check_prefix(facts["prefix"], round)


def _check_closing(round: Round, closes_at: datetime, reason: str | None) -> None:
    if closes_at < round.closes_at:
        raise WrongMoment(
            f"People were told {speak_moment(round.closes_at)}. The round can close later than that, but not earlier.",
            "closes_on",
        )
    if not (reason or "").strip():
        raise Problem("Say why the round closes later", "reason")


def _plain(changes: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """The changes as the audit log keeps them: moments and days as ISO text."""
    return {
        name: [each.isoformat() if isinstance(each, date) else each for each in pair] for name, pair in changes.items()
    }
