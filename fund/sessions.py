"""Signed-in browsers: a random token in the cookie, its hash in a row. Ending the row ends the session at once."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache

from flask import current_app, session
from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import joinedload

from fund.core import audit, clock
from fund.core.database import db
from fund.core.web import login
from fund.tables import Person, SignInSession

SEEN_EVERY = 60  # seconds between two notes of "last seen" in the cookie
WAITS_AT_MOST = timedelta(minutes=15)  # how long a session may wait for its second step
FRESH = timedelta(minutes=15)  # how long after a code somebody may change what matters most without giving another

# Whose session ends when it is idle. A package adds its own people (assessors); asked only once the limit has passed.
IDLE_LIMITED: list[Callable[[Person], bool]] = [lambda person: bool(person.grants)]


def begin(person: Person, *, now: datetime, waits: bool = False) -> str:
    """A new session row; returns the token for the cookie. One that `waits` opens nothing before its second step."""
    settings = current_app.config["SETTINGS"]
    token = secrets.token_urlsafe(32)
    row = SignInSession(
        token_hash=_hash(token),
        person_id=person.id,
        started_at=now,
        ends_at=now + timedelta(hours=settings.session_hours),
        waits=waits,
        fresh_at=now,
    )
    db.session.add(row)
    db.session.flush()
    audit.record("session.begin", person, by=person, now=now)
    return token


def remember(token: str, *, now: datetime) -> None:
    """Put the token into a fresh cookie: nothing of the browser's earlier session is carried over but where to go next."""
    where = session.get("next")
    session.clear()
    session.update(token=token, seen=int(now.timestamp()))
    if where:
        session["next"] = where


def end(token: str, *, by: Person, now: datetime) -> None:
    db.session.execute(update(SignInSession).where(SignInSession.token_hash == _hash(token)).values(ended_at=now))
    audit.record("session.end", by, by=by, now=now)


def end_all_of(person: Person, *, now: datetime, but: str | None = None) -> int:
    """End every session of a person, as when a role changes or the account is closed; `but` is the token of one that stays.

    Returns how many were running.
    """
    others = () if but is None else (SignInSession.token_hash != _hash(but),)
    ended = update(SignInSession).where(*_running(person, now), *others).values(ended_at=now)
    return db.session.execute(ended).rowcount


def running_of(person: Person, *, now: datetime) -> list[SignInSession]:
    """The sessions that are good now, newest first."""
    wanted = select(SignInSession).where(*_running(person, now), SignInSession.waits.is_(False))
    return list(db.session.scalars(wanted.order_by(SignInSession.id.desc())))


def waiting(*, now: datetime) -> Person | None:
    """Who has given their e-mailed code in this browser and still owes the second step."""
    token = session.get("token")
    row = _row(token, now) if token else None
    waits = row is not None and row.waits and row.person.disabled_at is None and now < row.started_at + WAITS_AT_MOST
    return row.person if waits else None


def complete(token: str) -> None:
    """The second step was given: the session opens."""
    db.session.execute(update(SignInSession).where(SignInSession.token_hash == _hash(token)).values(waits=False))


def is_fresh(token: str, *, now: datetime, within: timedelta = FRESH) -> bool:
    """Whether who sits here has shown with a code that it is them, within this time."""
    row = _row(token, now)
    return row is not None and now <= (row.fresh_at or row.started_at) + within


def refresh(token: str, *, by: Person, now: datetime) -> None:
    """Note that the person gave a code again in this browser."""
    db.session.execute(update(SignInSession).where(SignInSession.token_hash == _hash(token)).values(fresh_at=now))
    audit.record("session.confirm", by, by=by, now=now)


def _row(token: str, now: datetime) -> SignInSession | None:
    good = (SignInSession.token_hash == _hash(token), SignInSession.ended_at.is_(None), SignInSession.ends_at > now)
    return db.session.scalar(select(SignInSession).where(*good))


def _running(person: Person, now: datetime) -> tuple:
    return (SignInSession.person_id == person.id, SignInSession.ended_at.is_(None), SignInSession.ends_at > now)


@login.request_loader
def load_person(_request) -> Person | None:
    """The person of this request, in one statement: the session with its person and the roles."""
    token = session.get("token")
    if not token:
        return None
    moment = clock.now()
    asked = {"token": _hash(token), "moment": moment}
    row = db.session.scalars(_signed_in(), asked).unique().one_or_none()
    if row is None or row.waits or row.person.disabled_at is not None or _idle_too_long(row.person, moment):
        return None
    if moment.timestamp() - session.get("seen", 0) > SEEN_EVERY:
        session["seen"] = int(moment.timestamp())
    return row.person


@cache
def _signed_in():
    """Built once: every page of somebody signed in asks it, and putting it together takes as long as asking."""
    running = (SignInSession.ended_at.is_(None), SignInSession.ends_at > bindparam("moment"))
    wanted = select(SignInSession).where(SignInSession.token_hash == bindparam("token"), *running)
    return wanted.options(joinedload(SignInSession.person).joinedload(Person.grants))


def _idle_too_long(person: Person, moment: datetime) -> bool:
    """Whether the idle limit has passed for somebody it holds for. Applicants write long answers and are not cut off."""
    allowed = current_app.config["SETTINGS"].idle_minutes * 60
    if moment.timestamp() - session.get("seen", 0) <= allowed:
        return False
    return any(holds(person) for holds in IDLE_LIMITED)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
