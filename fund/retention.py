"""How long things are kept: what is due to be erased, and what a hold stops. `erasing_night` does the work.

Two periods, both settings: bids without an award are kept some years after their round has ended, bids with one some years
after the award has ended. An organisation goes with its last bid, a person when nothing of theirs is left; both only when
nobody has signed in for as long as an unsuccessful bid is kept. Audit lines hold no personal data and stay.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from fund.core import audit
from fund.core.clock import today
from fund.core.database import db
from fund.core.guards import once_only
from fund.core.problems import Problem, WrongMoment
from fund.hooks import bids_by_key, bids_due, kept_longer
from fund.tables import Erasure, LegalHold, Organisation, Person

AHEAD = timedelta(days=60)
LEAST_REASON = 10


@dataclass(frozen=True)
class Due:
    """A bid whose time is over at `at`. `why` names the rule; `held` are the holds that keep it."""

    bid: Any
    at: datetime
    why: str
    held: tuple[LegalHold, ...] = ()

    @property
    def about(self) -> str:
        return f"{self.bid.__tablename__}-{self.bid.id}"

    @property
    def words(self) -> str:
        return self.bid.reference


def years_after(moment: datetime, years: int) -> datetime:
    """The same day so many years later; 29 February becomes 1 March."""
    try:
        return moment.replace(year=moment.year + years)
    except ValueError:
        return moment.replace(year=moment.year + years, month=3, day=1)


def unsuccessful_until(ended: datetime) -> datetime:
    return years_after(ended, current_app.config["SETTINGS"].keep_unsuccessful_years)


def awarded_until(ended: datetime) -> datetime:
    return years_after(ended, current_app.config["SETTINGS"].keep_awarded_years)


def due_by(until: datetime) -> list[Due]:
    """The bids that are due by this moment, the longest due first, each with the holds that keep it."""
    found = [each for answer in bids_due.ask(until) for each in answer]
    longer: dict[int, datetime | None] = {}
    for answer in kept_longer.ask([each.bid.id for each in found]):
        longer |= answer
    due = [_later(each, longer) for each in found]
    held = _holds_by_about()
    wanted = [each for each in due if each is not None and each.at <= until]
    return sorted((_with_holds(each, held) for each in wanted), key=lambda each: (each.at, each.bid.id))


def _with_holds(due: Due, held: dict[str, list[LegalHold]]) -> Due:
    return replace(due, held=(*held.get(due.about, ()), *held.get(f"organisation-{due.bid.organisation_id}", ())))


def _later(due: Due, longer: dict[int, datetime | None]) -> Due | None:
    if due.bid.id not in longer:
        return due
    kept = longer[due.bid.id]
    return None if kept is None else replace(due, at=kept, why="years after the award ended")


def _holds_by_about() -> dict[str, list[LegalHold]]:
    found: dict[str, list[LegalHold]] = {}
    for each in db.session.scalars(select(LegalHold).where(LegalHold.lifted_at.is_(None)).order_by(LegalHold.id)):
        found.setdefault(each.about, []).append(each)
    return found


def load_held(about: str):
    """The bid or organisation that "application-12" or "organisation-3" names, or None."""
    noun, _, key = about.partition("-")
    if not (key.isascii() and key.isdecimal() and len(key) < 10):
        return None
    if noun == "organisation":
        return db.session.get(Organisation, int(key))
    if noun == "application":
        return _bids([int(key)]).get(int(key))
    return None


def _bids(keys: list[int]) -> dict[int, Any]:
    found: dict[int, Any] = {}
    for answer in bids_by_key.ask(keys):
        found |= answer
    return found


def load_all_held(abouts: Iterable[str]) -> dict[str, Any]:
    """What these name, in two statements whatever there is; what is no bid and no organisation is left out."""
    by_noun: dict[str, list[int]] = {}
    for about in abouts:
        noun, _, key = about.partition("-")
        by_noun.setdefault(noun, []).append(int(key))
    groups = db.session.scalars(select(Organisation).where(Organisation.id.in_(by_noun.get("organisation", []))))
    found = {f"organisation-{each.id}": each for each in groups}
    return found | {f"application-{key}": bid for key, bid in _bids(by_noun.get("application", [])).items()}


def load_hold(key: int) -> LegalHold | None:
    return db.session.get(LegalHold, key)


def standing_holds() -> list[LegalHold]:
    wanted = select(LegalHold).where(LegalHold.lifted_at.is_(None)).options(joinedload(LegalHold.placed_by))
    return list(db.session.scalars(wanted.order_by(LegalHold.id)))


def place_hold(thing, reason: str, *, by: Person, now: datetime) -> LegalHold:
    """Keep one bid, or all of an organisation, until the hold is lifted. Raises Problem without a reason."""
    about = f"{thing.__tablename__}-{thing.id}"
    if len(reason.strip()) < LEAST_REASON:
        raise Problem("Say what it has to be kept for, such as a complaint or an audit", "reason")
    if db.session.scalar(select(Erasure.id).where(Erasure.about == about)) is not None:
        raise WrongMoment("This was erased already.")
    row = LegalHold(about=about, reason=reason.strip(), placed_at=now, placed_by_id=by.id)
    with once_only("A hold stands on this already."):
        db.session.add(row)
    audit.record("keeping.hold", row, by=by, now=now, about=about)
    return row


def lift_hold(hold: LegalHold, because: str, *, by: Person, now: datetime) -> None:
    """Let the period run again: what is due goes in the next night. Raises Problem without a reason."""
    if hold.lifted_at is not None:
        raise WrongMoment("This hold was lifted already.")
    if len(because.strip()) < LEAST_REASON:
        raise Problem("Say why it need not be kept any longer", "reason")
    hold.lifted_at, hold.lifted_by_id, hold.lifted_because = now, by.id, because.strip()
    db.session.flush()
    audit.record("keeping.lift", hold, by=by, now=now, about=hold.about)


def last_erasures(most: int = 50) -> list[Erasure]:
    return list(db.session.scalars(select(Erasure).order_by(Erasure.id.desc()).limit(most)))


def days_left(due: Due, now: datetime) -> int:
    """Whole days in London until it goes; 0 for tonight."""
    return max(0, (_day(due.at) - _day(now)).days)


def _day(moment: datetime) -> date:
    return today(moment)
