"""The next round made from an old one: everything but its bids and its money, with dates moved by whole years."""

from datetime import datetime, timedelta

from sqlalchemy import select

from fund.core import audit
from fund.core.clock import add_months, in_london, london_moment
from fund.core.database import db
from fund.core.problems import Problem
from fund.hooks import when_cloned
from fund.round_prefix import free_prefix
from fund.strategy_loading import current_strategy
from fund.tables import Cap, Person, Priority, Round, RoundPriority

COPIED = (
    "fund_id", "summary", "bids_per_organisation", "joint_cap_pence", "assessors_per_bid", "panel_quorum", "spread_flag",
    "visibility", "minimum_total", "any_zero_stops", "hides_names", "view_weight", "acceptance_days", "return_every_months", "underspend_flag_percent",
    "pay_when", "retention_percent",
)  # fmt: skip


def clone_round(old: Round, *, by: Person | None, now: datetime, title: str | None = None) -> Round:
    """A round in preparation like this one, a year later, or as many years as bring its opening into the future.

    It starts from the strategy that holds now: priorities are found again by their codes, and one that the strategy no
    longer has is left out. Other packages copy their parts through `when_cloned`.
    """
    months = 12
    while moved(old.opens_at, months) <= now:
        months += 12
    strategy = current_strategy(old.fund.partnership) or old.strategy
    start = add_months(old.delivery_start_on, months)
    new = Round(
        **{name: getattr(old, name) for name in COPIED},
        strategy_id=strategy.id,
        title=title or f"{old.title} (copy)",
        prefix=free_prefix(old.fund.partnership, start.year),
        opens_at=moved(old.opens_at, months),
        closes_at=moved(old.closes_at, months),
        decisions_by=old.decisions_by and add_months(old.decisions_by, months),
        delivery_start_on=start,
        delivery_end_on=add_months(old.delivery_end_on, months),
        owner_id=by and by.id,
        cloned_from_id=old.id,
        created_at=now,
    )
    db.session.add(new)
    db.session.flush()
    _copy_caps(old, new)
    _copy_priorities(old, new)
    db.session.flush()
    audit.record("round.clone", new, by=by, now=now, of=old.id, months=months)
    when_cloned.ask(old, new, by=by, now=now)
    return new


def moved(moment: datetime, months: int) -> datetime:
    """The same time of day in London some months later; an hour later still where that day has no such time."""
    local = in_london(moment).replace(tzinfo=None)
    later = datetime.combine(add_months(local.date(), months), local.time())
    try:
        return london_moment(later, earlier=True)
    except Problem:
        return london_moment(later + timedelta(hours=1), earlier=True)


def _copy_caps(old: Round, new: Round) -> None:
    for cap in db.session.scalars(select(Cap).where(Cap.round_id == old.id).order_by(Cap.position)):
        names = ("key", "plural", "most_pence", "needs_register", "position")
        facts = {name: getattr(cap, name) for name in names}
        db.session.add(Cap(round_id=new.id, legal_forms=list(cap.legal_forms), **facts))


def _copy_priorities(old: Round, new: Round) -> None:
    chosen = select(Priority.code, RoundPriority.guidance, RoundPriority.position).join(RoundPriority.priority)
    wanted = select(Priority.code, Priority.id).where(Priority.strategy_id == new.strategy_id)
    keys = dict(db.session.execute(wanted).all())
    for code, guidance, position in db.session.execute(chosen.where(RoundPriority.round_id == old.id)):
        if code in keys:
            db.session.add(RoundPriority(round_id=new.id, priority_id=keys[code], guidance=guidance, position=position))
