"""The least a bid still works with: the chair records it in moderation, and part-awards go down to it and no further."""

from datetime import datetime

from sqlalchemy import select

from applications.tables import Application
from fund.core import audit
from fund.core.database import db
from fund.core.money import parse_pounds, pounds
from fund.core.problems import Problem
from fund.tables import Person, Round

from .moderation import check_on_the_table
from .tables import ViableAt

MOST_LETTERS = 1000


def viable_of(application: Application) -> ViableAt | None:
    return db.session.scalar(select(ViableAt).where(ViableAt.application_id == application.id))


def viable_in(round: Round) -> dict[int, int]:
    """{bid: pence} of what was recorded in a round. One statement."""
    query = select(ViableAt.application_id, ViableAt.pence).join(Application)
    return dict(db.session.execute(query.where(Application.round_id == round.id)).all())


def record_viable(
    application: Application, amount: str, reason: str, *, by: Person, now: datetime, seen_version: int | None = None
) -> ViableAt | None:  # fmt: skip
    """Keep the least amount as it was typed; an empty one takes the record away.

    Raises Problem for what is no money, nothing or more than was asked, or has no reason; Stale when it was changed elsewhere.
    """
    check_on_the_table(application)
    row, who = viable_of(application), by.id
    if not amount.strip():
        if row is not None and seen_version:
            row.check_version(seen_version)
            audit.record("viable.remove", row, by=by, now=now, application=application.reference)
            db.session.delete(row)
            db.session.flush()
        return None
    pence, asked = parse_pounds(amount, "viable"), application.requested_pence or 0
    if not 0 < pence <= asked:
        raise Problem(f"Enter an amount above nothing, up to the {pounds(asked)} that the bid asks", "viable")
    if not reason.strip() or len(reason) > MOST_LETTERS:
        raise Problem(f"Say in at most {MOST_LETTERS:,} characters why the bid still works with that", "viable-reason")
    if row is not None and (row.pence, row.reason) == (pence, reason.strip()):
        return row
    if row is None:
        row = ViableAt(application_id=application.id, version=0)
        db.session.add(row)
    else:
        row.check_version(seen_version)
    row.pence, row.reason, row.recorded_at, row.recorded_by_id = pence, reason.strip(), now, who
    row.touch()
    db.session.flush()
    audit.record("viable.record", row, by=by, now=now, application=application.reference, pence=pence)
    return row
