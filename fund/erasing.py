"""Erasing a bid: each package says of its own tables what goes with a bid and what stays, and this carries it out.

Every column of text, JSON or bytes in a table that hangs on a bid is named once, by `with_bid`; a test of the house finds
those that nobody named. Money, marks, counts and the public register stay. Nothing here asks whether it is time:
`retention` does.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from fund.core import audit, files, outbox
from fund.core.database import db
from fund.core.problems import WrongMoment
from fund.core.withholding import hanging_on
from fund.hooks import Hook
from fund.tables import Erasure, LegalHold, Person

ERASED = "Erased"
PLAINLY = {"synchronize_session": False}  # objects in hand are read afresh afterwards
before_a_bid_goes = Hook()  # function(key of the bid, now): what cannot be said in a table, done first


@dataclass(frozen=True)
class Way:
    """What happens to the rows of one table. A value of `goes` that can be called makes the new value from the old."""

    model: Any
    goes: dict[str, Any] = field(default_factory=dict)
    rows: bool = False
    file: str | None = None
    stays: tuple[str, ...] = ()
    stays_for: str = ""


WITH_BID: dict[Any, Way] = {}


def with_bid(model, *, rows: bool = False, file: str | None = None, stays: tuple[str, ...] = (), stays_for: str = "", **goes: Any) -> None:  # fmt: skip
    """Say what of this table goes with its bid: whole `rows`, or columns with what stands there afterwards.

    `file` is the column that leads to a stored file, whose bytes go. `stays` are columns that are kept, and `stays_for` says why.
    """
    if stays and not stays_for:
        raise ValueError(f"{model.__name__}: say why {', '.join(stays)} stays")
    WITH_BID[model] = Way(model, goes, rows, file, stays, stays_for)


def is_erased(about: str) -> bool:
    return db.session.scalar(select(Erasure.id).where(Erasure.about == about)) is not None


def erase_bid(bid, *, because: str, by: Person | None, now: datetime) -> Erasure:
    """Take the words, papers and people out of one bid. `bid` is its row, whose reference and sums stay.

    The bytes of its papers are taken off the disk by `remove_files`, after the commit.
    Raises WrongMoment when it is erased already or held.
    """
    about = f"{bid.__tablename__}-{bid.id}"
    _refuse_twice(about)
    if holds_on(about, f"organisation-{bid.organisation_id}"):
        raise WrongMoment("A hold stands on this bid, so it is not erased.")
    db.session.flush()
    before_a_bid_goes.ask(bid.id, now=now)
    counts: dict[str, int] = {}
    ranked = {table: place for place, table in enumerate(db.metadata.sorted_tables)}
    for way in sorted(WITH_BID.values(), key=lambda way: -ranked[way.model.__table__]):
        counts[way.model.__tablename__] = _carry_out(way, hanging_on(way.model, frozenset({bid.id})))
    counts["outbox_message"] = empty_mail(outbox.OutboxMessage.subject.contains(bid.reference, autoescape=True) | outbox.OutboxMessage.body.contains(bid.reference, autoescape=True))  # fmt: skip
    db.session.expire_all()
    return note(about, because, counts, by=by, now=now)


def _carry_out(way: Way, keys) -> int:
    mine = way.model.id.in_(keys)
    if way.file:
        wanted = (
            select(files.StoredFile).join(way.model, getattr(way.model, way.file) == files.StoredFile.id).where(mine)
        )
        for stored in db.session.scalars(wanted).unique().all():
            if not _is_used_elsewhere(stored, way.model, mine):
                files.forget(stored)
        db.session.flush()
    if way.rows:
        return db.session.execute(delete(way.model).where(mine), execution_options=PLAINLY).rowcount
    fixed = {name: value for name, value in way.goes.items() if not callable(value)}
    changed = (
        db.session.execute(update(way.model).where(mine).values(fixed), execution_options=PLAINLY).rowcount
        if fixed
        else 0
    )
    made = {name: value for name, value in way.goes.items() if callable(value)}
    for row in db.session.scalars(select(way.model).where(mine)).all() if made else ():
        for name, make in made.items():
            setattr(row, name, make(getattr(row, name)))
        changed += not fixed
    db.session.flush()
    return changed


def _is_used_elsewhere(stored: files.StoredFile, model, mine) -> bool:
    """Whether another row leads to the same file, as bids do to an organisation's policies."""
    for table in db.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table is not files.StoredFile.__table__:
                continue
            others = key.parent == stored.id
            if table is model.__table__:
                others = others & ~mine
            if db.session.execute(select(key.parent).where(others).limit(1)).first():
                return True
    return False


def empty_mail(which) -> int:
    """Take words and recipient out of the messages found by a condition; unsent ones are not sent any more."""
    row = outbox.OutboxMessage
    emptied = {"body": "", "subject": ERASED, "recipient": "erased@invalid", "try_at": None}
    return db.session.execute(update(row).where(which).values(emptied), execution_options=PLAINLY).rowcount


def note(about: str, because: str, counts: dict[str, int], *, by: Person | None, now: datetime) -> Erasure:
    """Keep that something was erased, whose bytes are to go, and the audit line that says so by key."""
    kept = {name: count for name, count in sorted(counts.items()) if count}
    row = Erasure(
        about=about,
        because=because,
        erased_at=now,
        erased_by_id=by and by.id,
        counts=kept,
        files=sorted(set(files.forgotten())),
    )
    db.session.add(row)
    db.session.execute(update(LegalHold).where(LegalHold.about == about).values(reason=ERASED, lifted_because=ERASED), execution_options=PLAINLY)  # fmt: skip
    db.session.flush()
    audit.record("keeping.erase", row, by=by, now=now, about=about, because=because, counts=kept)
    return row


def remove_files() -> int:
    """Take the bytes of erased papers off the disk, unless another row still has the same; commits. Answers how many went.

    Bytes go after the commit that erased their rows, so that nothing is lost that was not erased; what a crash left is
    found here the next time.
    """
    gone = 0
    for row in db.session.scalars(select(Erasure)).all():
        if row.files:
            gone += sum(files.remove_unused(digest) for digest in row.files)
            row.files = []
    db.session.commit()
    return gone


def holds_on(*abouts: str) -> list[LegalHold]:
    """The holds that stand on any of these."""
    wanted = select(LegalHold).where(LegalHold.about.in_(abouts), LegalHold.lifted_at.is_(None))
    return list(db.session.scalars(wanted.order_by(LegalHold.id)))


def _refuse_twice(about: str) -> None:
    if is_erased(about):
        raise WrongMoment("This was erased already.")
