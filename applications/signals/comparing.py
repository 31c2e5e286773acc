"""Comparing: what is found becomes rows, what is not found any more is marked gone. Done when a bid is sent, and by a job."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.dialects import postgresql, sqlite

from fund.core import withholding
from fund.core.database import db
from fund.core.jobs import job
from fund.tables import Fund, Round

from ..tables import Application, Signal
from . import copied, finders  # noqa: F401  (finders registers its own)
from .found import Found
from .hooks import finders as every_finder
from .scope import Scope, scope_of

COMPARED = ("submitted", "eligible", "in_scoring", "moderated", "reserved", "offered", "accepted", "in_delivery")
Finder = Callable[[Scope], Iterable[Found]]


def compare_bid(application: Application, *, now: datetime) -> int:
    """Compare one bid that was just sent with all others of its partnership; returns how many signals are new."""
    with withholding.whole():
        db.session.flush()
        copied.keep_prints([application.id], now)
        return compare(scope_of(application.round.fund.partnership_id, [application.id], now))


def compare_round(round: Round, *, now: datetime) -> int:
    """Compare every live bid of a round; returns how many signals are new."""
    wanted = (Application.round_id == round.id, Application.status.in_(COMPARED))
    focus = list(db.session.scalars(select(Application.id).where(*wanted)))
    return compare_bids(round.fund.partnership_id, focus, now=now)


def compare_bids(partnership_id: int, focus: Iterable[int], *, now: datetime, is_whole: bool = False) -> int:
    """Compare these bids with every bid of their partnership, with fingerprints made anew where answers have changed.

    `is_whole` when they are every live bid of the partnership.
    """
    with withholding.whole():
        scope = scope_of(partnership_id, focus, now)
        scope.is_whole = is_whole
        copied.keep_prints(copied.stale_prints(scope.bids), now)
        return compare(scope)


def compare(scope: Scope, only: dict[str, Finder] | None = None) -> int:
    """Look, and write down what changed; `only` some kinds, by the function that finds them. Returns how many rows are new."""
    found = {each["mark"]: each for each in (item.row() for item in _findings(scope, only))}
    known = {row.mark: row for row in _known(scope, only)}
    for mark, row in known.items():
        if mark in found:
            row.gone_at = None
        elif row.gone_at is None and scope.can_tell(row.application_id) and scope.can_tell(row.other_id):
            row.gone_at = scope.now
    rows = [row | {"found_at": scope.now} for mark, row in sorted(found.items()) if mark not in known]
    if rows:
        db.session.execute(_insert(Signal.__table__).on_conflict_do_nothing(index_elements=["mark"]), rows)
    db.session.flush()
    return len(rows)


def _findings(scope: Scope, only: dict[str, Finder] | None) -> Iterator[Found]:
    for function in only.values() if only else every_finder.functions:
        yield from function(scope)


def _known(scope: Scope, only: dict[str, Finder] | None) -> Iterable[Signal]:
    focus = list(scope.focus)
    wanted = select(Signal).where(or_(Signal.application_id.in_(focus), Signal.other_id.in_(focus)))
    return db.session.scalars(wanted.where(Signal.kind.in_(list(only))) if only else wanted)


def _insert(table: Any):
    """An insert that knows "on conflict do nothing": two processes may find the same at the same moment."""
    return {"sqlite": sqlite, "postgresql": postgresql}[db.session.get_bind().dialect.name].insert(table)


@job("compare_bids", minute=25, hour="0,2-23")
def compare_all(now: datetime) -> str | None:
    """Compare the bids of every round that has bids under way: numbers, names and accounts change after a bid was sent."""
    wanted = (
        select(Fund.partnership_id, Application.id)
        .join(Round, Round.fund_id == Fund.id)
        .join(Application, Application.round_id == Round.id)
        .where(Application.status.in_(COMPARED))
        .order_by(Fund.partnership_id)
    )
    focus: dict[int, list[int]] = {}
    for partnership_id, key in db.session.execute(wanted):
        focus.setdefault(partnership_id, []).append(key)
    new = 0
    for partnership_id, keys in focus.items():
        new += compare_bids(partnership_id, keys, now=now, is_whole=True)
        db.session.commit()
    return f"{new} new" if new else None
