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

# Whose session ends when it is idle. A package adds its own people (assessors); asked only once the limit has passed.
IDLE_LIMITED: list[Callable[[Person], bool]] = [lambda person: bool(person.grants)]


def begin(person: Person, *, now: datetime) -> str:
    """A new session row; returns the token for the cookie."""
    settings = current_app.config["SETTINGS"]
    token = secrets.token_urlsafe(32)
    row = SignInSession(
        token_hash=_hash(token),
        person_id=person.id,
        started_at=now,
        ends_at=now + timedelta(hours=settings.session_hours),
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


def end_all_of(person: Person, *, now: datetime) -> int:
    """End every session of a person, as when a role changes or the account is closed. Returns how many were running."""
    ended = update(SignInSession).where(*_running(person, now)).values(ended_at=now)
    return db.session.execute(ended).rowcount


def running_of(person: Person, *, now: datetime) -> list[SignInSession]:
    """The sessions that are good now, newest first."""
    wanted = select(SignInSession).where(*_running(person, now)).order_by(SignInSession.id.desc())
    return list(db.session.scalars(wanted))


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
    if row is None or row.person.disabled_at is not None or _idle_too_long(row.person, moment):
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
