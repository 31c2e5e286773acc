"""Numbers that wait to be asked about: a new one at once, one without an answer again later, with growing patience.

A number is queued whether or not a key is set, so that setting one later works through all that wait.
"""

from datetime import datetime, timedelta

from sqlalchemy import select

from fund.core.database import db
from fund.tables import Identifier, QueuedLook

from .known import REGISTERS

WAITS = (5, 15, 60, 360, 720)  # minutes after a look without an answer; then twice a day until MOST_TRIES
MOST_TRIES = 20


def queue_look(identifier: Identifier, why: str, *, now: datetime) -> None:
    """Have a number asked about soon, if any register we know can be asked; once, however often it is wanted."""
    if identifier.scheme not in REGISTERS:
        return
    if db.session.scalar(select(QueuedLook.id).filter_by(identifier_id=identifier.id)) is None:
        db.session.add(QueuedLook(identifier_id=identifier.id, why=why, due_at=now))
        db.session.flush()


def settle_queue(identifier_id: int, wait: int | None, answered: bool, *, now: datetime) -> None:
    """Take a number out of the queue when its register answered; else it waits, at least as long as the register asked."""
    waiting = db.session.scalar(select(QueuedLook).filter_by(identifier_id=identifier_id))
    if waiting is None:
        return
    waiting.tries_count += 1
    if answered or waiting.tries_count >= MOST_TRIES:
        db.session.delete(waiting)
        return
    minutes = WAITS[min(waiting.tries_count, len(WAITS)) - 1]
    waiting.due_at = now + max(timedelta(minutes=minutes), timedelta(seconds=wait or 0))
