"""When a bid has to be in (rule 4), and more time for one applicant."""

from datetime import datetime

from sqlalchemy import select

from fund.core import audit, outbox
from fund.core.clock import speak_moment
from fund.core.database import db
from fund.core.problems import Problem, WrongMoment
from fund.tables import Person

from .applications import leads_of
from .tables import Application, Extension
from .workflow import OPEN_TO_APPLICANT


def closing_for(application: Application) -> datetime:
    """The moment from which this bid is late: the round's, or later when this applicant was given more time."""
    closes = application.round.closes_at
    return max(closes, application.late_until) if application.late_until else closes


def check_in_time(application: Application, now: datetime) -> None:
    """Raises WrongMoment outside the round's window. The closing moment itself is late (rule 4); the draft is kept."""
    round = application.round
    if round.status != "published":
        raise WrongMoment("This round is not taking bids.")
    if now < round.opens_at:
        raise WrongMoment(f"This round opens on {speak_moment(round.opens_at)}.")
    if now >= closing_for(application):
        raise WrongMoment(late_sentence(application))


def late_sentence(application: Application) -> str:
    partnership = application.round.fund.partnership
    return (
        f"This round closed on {speak_moment(closing_for(application))}. We have kept your draft. "
        f"If something stopped you from sending it in time, ask for more time: call {partnership.phone} or write to {partnership.email}."
    )


def grant_extension(application: Application, until: datetime, reason: str, *, by: Person, now: datetime) -> Extension:
    """Give one applicant until another moment, with the reason on record; the applicant is told."""
    row = record_extension(application, until, reason, by=by, now=now)
    for person in leads_of(application):
        outbox.queue("more_time", person.email, now=now, application=application, until=until)
    return row


def record_extension(application: Application, until: datetime, reason: str, *, by: Person, now: datetime) -> Extension:
    """More time for one bid, with the reason on record. `until` is a moment in UTC after the one that holds now."""
    if application.status not in OPEN_TO_APPLICANT:
        raise WrongMoment("Only a bid that is not sent yet can be given more time.")
    if not reason.strip():
        raise Problem("Give a reason", "reason")
    if until <= max(now, closing_for(application)):
        raise Problem("Enter a moment after the one that holds now", "until")
    row = Extension(
        application_id=application.id, until=until, reason=reason.strip(), granted_at=now, granted_by_id=by.id
    )
    db.session.add(row)
    application.late_until = until
    db.session.flush()
    audit.record("application.extend", application, by=by, now=now, until=until.isoformat(), extension=row.id)
    return row


def extensions_of(application: Application) -> list[Extension]:
    return list(
        db.session.scalars(select(Extension).where(Extension.application_id == application.id).order_by(Extension.id))
    )
