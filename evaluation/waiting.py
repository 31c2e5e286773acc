"""What of delivery waits for a grant manager: returns to read, and late ones. Shown on the office's first page."""

from flask import url_for
from sqlalchemy import func, select

from fund.core.clock import today
from fund.core.database import db
from fund.rounds import seen_by
from fund.waiting import Waiting, waits_for_me

from .returns_list import periods_listed


@waits_for_me
def returns_waiting(person, now) -> list[Waiting]:
    """How many returns are to be read and how many are late, in one statement."""
    listed = periods_listed(today(now), seen_by(person, "grant_manager", now=now)).subquery()
    counted = select(listed.c.standing, func.count()).where(listed.c.standing.in_(("sent", "late")))
    counts = dict(db.session.execute(counted.group_by(listed.c.standing)).all())
    found = []
    if many := counts.get("sent"):
        text = f"Read {many} return{'' if many == 1 else 's'}"
        found.append(Waiting(text, url_for("returns_office.index", state="sent"), "A payment may wait for it."))
    if many := counts.get("late"):
        text = f"{many} return{' is' if many == 1 else 's are'} late"
        found.append(Waiting(text, url_for("returns_office.index", state="late"), "The group has been reminded."))
    return found
