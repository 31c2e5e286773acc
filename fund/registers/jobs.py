"""The job that asks registers about the numbers that wait, one after the other, holding nothing while they think."""

from datetime import datetime, timedelta

from sqlalchemy import select

from fund.core import clock
from fund.core.database import db
from fund.core.jobs import job
from fund.core.problems import TooMany
from fund.tables import Identifier, QueuedLook, RegisterLook

from .known import with_keys
from .looking import FRESH, JOB_SECONDS, hear, is_resting, prepare, record_look
from .queue import settle_queue

AT_ONCE = 20  # looks at one register in one run
# The weekly look asks the register itself: last week's answer is a little younger than seven days.
OLD_ENOUGH = {"weekly": timedelta(days=6)}


@job("ask_registers", second="*/15")
def ask_registers(moment: datetime) -> str | None:
    """Ask the registers about the numbers that wait."""
    asked = failed = 0
    for scheme in with_keys():
        for _ in range(AT_ONCE):
            look = _ask_next(scheme, clock.now())
            if look is None:
                break
            asked, failed = asked + 1, failed + (look.outcome == "no_answer")
    db.session.rollback()
    return f"{asked} asked, {failed} without an answer" if asked else None


def _ask_next(scheme: str, moment: datetime) -> RegisterLook | None:
    """Ask about the number that has waited longest; None when none is due or the register is left alone for now."""
    wanted = (
        select(QueuedLook)
        .join(Identifier, Identifier.id == QueuedLook.identifier_id)
        .where(Identifier.scheme == scheme, QueuedLook.due_at <= moment)
        .order_by(QueuedLook.due_at, QueuedLook.id)
        .limit(1)
    )
    waiting = db.session.scalar(wanted)
    if waiting is None or is_resting(scheme, moment):
        return None
    identifier, why = db.session.get_one(Identifier, waiting.identifier_id), waiting.why
    try:
        enquiry = prepare(identifier, now=moment, at_most_old=OLD_ENOUGH.get(why, FRESH))
    except TooMany:
        return None
    db.session.rollback()  # nothing is held while the register thinks
    heard = hear(enquiry, JOB_SECONDS)
    look = record_look(enquiry, heard, why, by=None, now=moment)
    settle_queue(
        enquiry.identifier_id, heard.failure.wait if heard.failure else None, heard.failure is None, now=moment
    )
    db.session.commit()
    return look
