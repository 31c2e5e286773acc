"""Signed-in browsers: a random token in the cookie, its hash in a row. Ending the row ends the session at once."""

import hashlib
import secrets
from datetime import datetime, timedelta

from flask import current_app, session
from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from fund.core import audit, clock
from fund.core.database import db
from fund.core.web import login
from fund.tables import Person, SignInSession

SEEN_EVERY = 60  # seconds between two notes of "last seen" in the cookie


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


def end_all_of(person: Person, *, now: datetime) -> None:
    """End every session of a person, as when a role is taken away or the account is closed."""
    running = (SignInSession.person_id == person.id, SignInSession.ended_at.is_(None))
    db.session.execute(update(SignInSession).where(*running).values(ended_at=now))


@login.request_loader
def load_person(_request) -> Person | None:
    """The person of this request, in two statements: the session with its person, and the roles."""
    token = session.get("token")
    if not token:
        return None
    moment = clock.now()
    wanted = (
        select(SignInSession)
        .where(
            SignInSession.token_hash == _hash(token), SignInSession.ended_at.is_(None), SignInSession.ends_at > moment
        )
        .options(joinedload(SignInSession.person).selectinload(Person.grants))
    )
    row = db.session.scalar(wanted)
    if row is None or row.person.disabled_at is not None or _idle_too_long(moment):
        return None
    if moment.timestamp() - session.get("seen", 0) > SEEN_EVERY:
        session["seen"] = int(moment.timestamp())
    return row.person


def _idle_too_long(moment: datetime) -> bool:
    allowed = current_app.config["SETTINGS"].idle_minutes * 60
    return moment.timestamp() - session.get("seen", 0) > allowed


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
