"""The audit log: one line for each change, each holding the hash of the line before, so that tampering shows.

Lines are only ever added. The head row remembers how many there are and the last hash, so that cutting lines off the end
shows as well. `verify()` walks the whole chain.
"""

import hashlib
import json
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from .clock import require_utc
from .database import Json, Key, Model, Moment, db

GENESIS = "0" * 64


class AuditEvent(Model):
    __tablename__ = "audit_event"

    id: Mapped[Key]
    number: Mapped[int] = mapped_column(unique=True)
    at: Mapped[Moment]
    actor_id: Mapped[int | None] = mapped_column(index=True)
    actor: Mapped[str]
    action: Mapped[str] = mapped_column(index=True)
    subject_type: Mapped[str]
    subject_id: Mapped[int | None]
    details: Mapped[dict[str, Any]] = mapped_column(Json)
    previous_hash: Mapped[str]
    hash: Mapped[str]


class AuditHead(Model):
    """One row: the number and hash of the last line."""

    __tablename__ = "audit_head"

    id: Mapped[Key]
    number: Mapped[int]
    hash: Mapped[str]


# A mapped class says only that its table is something to select from; these two are written to as well.
LINES = cast(Table, AuditEvent.__table__)
HEADS = cast(Table, AuditHead.__table__)


def record(action: str, subject, *, by, now: datetime, **details) -> None:
    """Add one line. `subject` is the row acted upon, `by` a person or None for the clock; `details` must be JSON.

    Personal data does not belong in the details: name things by key and say which fields changed.
    Plain statements, not objects: a round's demonstration alone writes some thousands of lines.
    """
    db.session.flush()
    number, before = _next_place()
    line = {
        "number": number,
        "at": require_utc(now),
        "actor_id": getattr(by, "id", None),
        "actor": by.reference if by is not None else "clock",
        "action": action,
        "subject_type": subject.__tablename__,
        "subject_id": subject.id,
        "details": json.loads(json.dumps(details, default=str)),
        "previous_hash": before,
    }
    line["hash"] = hash_of(AuditEvent(**line))
    db.session.execute(insert(LINES).values(line))
    db.session.execute(update(HEADS).values(hash=line["hash"]))


def _next_place() -> tuple[int, str]:
    """The next number and the hash before it. Taking the number locks the head row until the commit, so that writers queue."""
    taken = update(HEADS).values(number=HEADS.c.number + 1).returning(HEADS.c.number, HEADS.c.hash)
    place = db.session.execute(taken).first()
    if place is None:
        db.session.execute(insert(HEADS).values(id=1, number=0, hash=GENESIS))
        place = db.session.execute(taken).one()
    return place.number, place.hash


def hash_of(line: AuditEvent) -> str:
    """SHA-256 over the line's own facts and the hash before it, as canonical JSON."""
    facts = [
        line.number,
        require_utc(line.at).isoformat(),
        line.actor_id,
        line.actor,
        line.action,
        line.subject_type,
        line.subject_id,
        line.details,
        line.previous_hash,
    ]
    return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def verify() -> str | None:
    """None when the chain is whole, else a sentence that names the first line that is not."""
    number, before = 0, GENESIS
    in_order = select(AuditEvent).order_by(AuditEvent.number).execution_options(yield_per=500)
    with db.session.scalars(in_order) as lines:  # closed when we stop early: PostgreSQL holds a cursor open behind it
        for line in lines:
            number += 1
            if line.number != number:
                return f"Line {number} of the audit log is missing."
            if line.previous_hash != before or line.hash != hash_of(line):
                return f"Line {number} of the audit log was changed after it was written."
            before = line.hash
    head = db.session.scalars(select(AuditHead)).first()
    if (head.number if head else 0) != number or (head.hash if head else GENESIS) != before:
        return f"The audit log stops at line {number}, but {head.number if head else 0} lines were written."
    return None


def lines_about(subject) -> list[AuditEvent]:
    """The lines about one row, oldest first."""
    wanted = (AuditEvent.subject_type == subject.__tablename__, AuditEvent.subject_id == subject.id)
    return list(db.session.scalars(select(AuditEvent).where(*wanted).order_by(AuditEvent.number)))
