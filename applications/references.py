"""References: the round's prefix and a number, like VPF-2026-0043; no two are the same however many people start at once."""

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from fund.core.database import db

from .tables import ReferenceCounter


def next_reference(prefix: str) -> str:
    """The next reference. The counter's row is locked until the end of the transaction, so numbers are given one by one."""
    number = _count_up(prefix)
    if number is None:
        number = _first(prefix) or _count_up(prefix)
    return f"{prefix}-{number:04d}"


def _count_up(prefix: str) -> int | None:
    return db.session.execute(
        update(ReferenceCounter)
        .where(ReferenceCounter.prefix == prefix)
        .values(last=ReferenceCounter.last + 1)
        .returning(ReferenceCounter.last)
        .execution_options(synchronize_session=False)
    ).scalar()


def _first(prefix: str) -> int | None:
    """1 when this made the counter; None when somebody else made it between our look and our step."""
    try:
        with db.session.begin_nested():
            db.session.add(ReferenceCounter(prefix=prefix, last=1))
            db.session.flush()
    except IntegrityError:
        return None
    return 1
