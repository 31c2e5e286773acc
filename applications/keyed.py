"""Bids that staff key in: on paper, by telephone, or a pack by email. The mark of where they came from stays with them.

The round's own rules hold: it has to be published and open, or the bid gets the extension for one applicant with its reason.
"""

from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from fund.core import audit, files, outbox, uploads
from fund.core.clock import require_utc, speak_moment
from fund.core.database import db
from fund.core.files import StoredFile
from fund.core.forms import LONGEST_LINE
from fund.core.problems import Forbidden, Problem, WrongMoment
from fund.core.quarantine import when_infected
from fund.core.stores import StoreAway
from fund.members import is_member_of
from fund.people import add_person, find_person
from fund.policies import tell_of_virus
from fund.tables import Organisation, Person, Round

from .applications import new_draft
from .deadlines import record_extension
from .tables import Application, KeyedBid
from .tables.packs import CAME_BY

TIME_TO_KEY = timedelta(days=3)  # how long a bid that came in is kept open for keying after its round closed


def keyed_bid_of(application: Application) -> KeyedBid | None:
    """How this bid came in, with who keyed it; None for one that was written online, without asking the database."""
    if application.source not in CAME_BY:
        return None
    wanted = select(KeyedBid).where(KeyedBid.application_id == application.id)
    return db.session.scalar(wanted.options(joinedload(KeyedBid.keyed_by), joinedload(KeyedBid.scan)))


def came_in(keyed: KeyedBid) -> dict[str, Any]:
    """What a sent bid keeps of it."""
    return {
        "came_by": keyed.came_by,
        "received_at": require_utc(keyed.received_at).isoformat(),
        "keyed_by": keyed.keyed_by.name,
    }


def contact_of(email: str, name: str, *, by: Person, now: datetime) -> Person:
    """The contact of a new organisation: known by the address, or new. Raises Problem without an address or a name.

    For an organisation that is here already one of its own people is chosen: a letter must not open its papers to somebody.
    """
    if not email.strip():
        raise Problem("Enter an email address of the contact, or of somebody they trust", "email")
    if known := find_person(email):
        return known
    if not name.strip():
        raise Problem("Enter the name of the contact", "contact")
    return add_person(email, name.strip(), by=by, now=now)


def start_keyed_bid(
    round: Round, organisation: Organisation, contact: Person, came_by: str, received_at: datetime, *, by: Person, now: datetime,
    late_reason: str = "", scan: tuple[bytes, str] | None = None, once: str | None = None,
) -> Application:  # fmt: skip
    """A draft on behalf of an organisation, led by its contact. `received_at` in UTC; `scan` is (bytes, file name).

    Raises Problem beside its field; WrongMoment when the round takes no bids; Forbidden for an officer who belongs to the
    organisation; TooManyBids at the round's limit. After the closing a reason is needed and becomes the bid's extension.
    """
    if once and (known := db.session.scalar(select(Application).where(Application.once == once))):
        return known
    if is_member_of(by, organisation):
        raise Forbidden("You belong to this organisation, so a colleague has to key in its bid.")
    late_reason = late_reason.strip()
    _check_way_and_moment(round, came_by, received_at, now)
    is_late = now >= round.closes_at
    if is_late and not late_reason:
        raise Problem(_why(round, received_at), "late_reason")
    if not is_member_of(contact, organisation):
        raise Problem("Choose somebody who belongs to the organisation", "contact")
    application = new_draft(round, organisation, contact, by=by, now=now, once=once, source=came_by)
    keyed = KeyedBid(
        application_id=application.id, came_by=came_by, received_at=received_at, keyed_at=now, keyed_by_id=by.id,
        late_reason=late_reason[:LONGEST_LINE] if is_late else None, scan_id=_kept(scan, by, now),
    )  # fmt: skip
    db.session.add(keyed)
    db.session.flush()
    audit.record("application.key_in", application, by=by, now=now, came_by=came_by, received_at=received_at.isoformat(), late=is_late)  # fmt: skip
    if is_late:
        record_extension(application, now + TIME_TO_KEY, late_reason, by=by, now=now)
    outbox.queue("keyed_in", contact.email, now=now, once=f"keyed-in-{application.id}", application=application, person=contact, keyed=keyed, ways=CAME_BY)  # fmt: skip
    return application


def _check_way_and_moment(round: Round, came_by: str, received_at: datetime, now: datetime) -> None:
    if came_by not in CAME_BY:
        raise Problem("Choose how it came in", "came_by")
    if round.status != "published":
        raise WrongMoment("This round is not taking bids.")
    if received_at > now:
        raise Problem("Enter a moment that is not in the future", "hour")
    if received_at < round.opens_at:
        raise Problem(f"This round opens on {speak_moment(round.opens_at)}. Enter a moment after that.", "hour")


def _why(round: Round, received_at: datetime) -> str:
    closed = speak_moment(round.closes_at)
    if received_at >= round.closes_at:
        return f"It came in late: the round closed on {closed}. Give the reason for more time, or do not key it in."
    return f"It came in time, but the round closed on {closed}. Say why it is keyed in only now."


@when_infected
def tell_who_keyed(file: StoredFile, *, now: datetime) -> None:
    """The officer who put in a scan that held a virus is told."""
    for keyed in db.session.scalars(select(KeyedBid).where(KeyedBid.scan_id == file.id)):
        tell_of_virus(keyed.keyed_by, file, f"/office/applications/{keyed.application_id}", now=now)


def _kept(scan: tuple[bytes, str] | None, by: Person, now: datetime) -> int | None:
    if scan is None:
        return None
    try:
        upload = uploads.checked(*scan, most_megabytes=current_app.config["SETTINGS"].upload_megabytes)
        return files.store(upload.content, upload.name, upload.media_type, by=by, now=now).id
    except StoreAway:
        raise
    except Problem as problem:
        raise Problem(problem.sentence, "scan") from None
