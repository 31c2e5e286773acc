"""Invitations to a panel: offered by a link, accepted by the person signed in with that address, declined with a reason.

The link answers one invitation until it runs out and does nothing else: it signs nobody in. Whoever accepts signs in by
code first; whoever declines need not.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from fund.core import audit, outbox
from fund.core.clock import speak_day
from fund.core.database import db
from fund.core.problems import Forbidden, Problem, WrongMoment
from fund.people import tidy_email
from fund.tables import Fund, Person, Round

from .panels import appoint, open_panel, seats_of
from .tables import Panel, Seat, SeatInvitation
from .tables.panels import SEAT_KINDS

INVITED_FOR = timedelta(days=14)
DECLINE_REASONS = {
    "conflict": "I have a conflict of interest",
    "field": "It is not my field",
    "many": "I have too much to do",
    "other": "Another reason",
}
TERMS = (
    "Keep what you read and hear to yourself, also afterwards. Say before you open any bid whether you have a conflict of"
    " interest, and say so at once when you find one later. Score alone, from what the bid says, and give a reason for every"
    " mark. Tell the fund officer early when you cannot finish."
)
ANSWERS = {None: "Waiting", "accepted": "Accepted", "declined": "Declined", "withdrawn": "Taken back"}


def terms_of(panel: Panel | None) -> str:
    return (panel and panel.terms) or TERMS


def set_terms(round: Round, terms: str, *, by: Person, now: datetime) -> None:
    """Say what members agree to from now on. Those who accepted agreed to what was there then."""
    panel = open_panel(round, by=by, now=now)
    panel.terms = terms.strip()
    audit.record("panel.terms", panel, by=by, now=now)


def invite(round: Round, email: str, kind: str, label: str, *, by: Person, now: datetime, perspective: str = "") -> SeatInvitation:  # fmt: skip
    """Offer a seat to an address, by mail. Raises Problem when the address or the label is taken or waits already."""
    panel, email = open_panel(round, by=by, now=now), tidy_email(email)
    if kind not in SEAT_KINDS:
        raise Problem("Choose a kind of seat", "kind")
    seats, waiting = seats_of(round), [each for each in invitations_of(round) if is_open(each, now)]
    if any(each.person.email == email for each in seats):
        raise Problem("This person sits on the panel already", "email")
    if any(each.email == email for each in waiting):
        raise Problem("This address has an invitation that waits for an answer", "email")
    if label.casefold() in {each.label.casefold() for each in (*seats, *waiting)}:
        raise Problem("Another member has this name on the panel already", "label")
    if kind == "chair" and any(each.kind == "chair" for each in (*seats, *waiting)):
        raise Problem("This panel has a chair, or has asked one. Take that back first.", "kind")
    token = secrets.token_hex(32)
    row = SeatInvitation(
        panel_id=panel.id, email=email, kind=kind, label=label, perspective=perspective or None, token_hash=_hash(token),
        invited_at=now, invited_by_id=by.id, expires_at=now + INVITED_FOR,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.record("seat.invite", row, by=by, now=now, kind=kind)
    outbox.queue(
        "seat_invitation", email, now=now, once=f"seat-invitation-{row.id}", round=round, seat=SEAT_KINDS[kind], token=token,
        partnership=round.fund.partnership, until=speak_day(row.expires_at, weekday=True), email=email,
    )  # fmt: skip
    return row


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def load_by_token(token: str) -> SeatInvitation | None:
    """The invitation of a link, with its round and partnership; None for a link that was never sent."""
    wanted = select(SeatInvitation).where(SeatInvitation.token_hash == _hash(token))
    return db.session.scalar(wanted.options(joinedload(SeatInvitation.panel)))


def load_invitation(key: int) -> SeatInvitation | None:
    return db.session.get(SeatInvitation, key)


def round_of(invitation: SeatInvitation) -> Round:
    wanted = select(Round).where(Round.id == invitation.panel.round_id)
    return db.session.scalars(wanted.options(joinedload(Round.fund).joinedload(Fund.partnership))).one()


def invitations_of(round: Round) -> list[SeatInvitation]:
    """Every invitation of a round, the latest first."""
    wanted = select(SeatInvitation).join(Panel).where(Panel.round_id == round.id)
    return list(db.session.scalars(wanted.order_by(SeatInvitation.id.desc())))


def is_open(invitation: SeatInvitation, now: datetime) -> bool:
    return invitation.answer is None and invitation.expires_at > now


def check_open(invitation: SeatInvitation, now: datetime) -> None:
    """Raises WrongMoment for an invitation that was answered, taken back, or has run out."""
    if invitation.answer == "withdrawn":
        raise WrongMoment("This invitation was taken back.")
    if invitation.answer is not None:
        raise WrongMoment(f"This invitation was {invitation.answer} already.")
    if invitation.expires_at <= now:
        raise WrongMoment("This invitation has run out. Ask the fund for a new one if you still want the seat.")


def accept(
    invitation: SeatInvitation, *, expertise: str, bids_limit: int | None, terms_read: bool, by: Person, now: datetime
) -> Seat:
    """Take the seat. Raises Forbidden for anybody but the person invited, Problem while the terms are not agreed."""
    check_open(invitation, now)
    if by.email != invitation.email:
        raise Forbidden("This invitation was sent to another address.")
    if not terms_read:
        raise Problem("Read the terms and tick the box to accept", "terms")
    seat = appoint(
        invitation.panel,
        by,
        invitation.kind,
        invitation.label,
        by=by,
        now=now,
        perspective=invitation.perspective or "",
    )
    seat.expertise, seat.bids_limit, seat.terms_agreed_at = expertise.strip() or None, bids_limit, now
    _answer(invitation, "accepted", now, by)
    return seat


def decline(invitation: SeatInvitation, reason: str, words: str, *, by: Person | None, now: datetime) -> None:
    """Say no with a reason. `by` is None for somebody who followed the link and did not sign in."""
    check_open(invitation, now)
    if reason not in DECLINE_REASONS:
        raise Problem("Choose why", "reason")
    if reason == "other" and not words.strip():
        raise Problem("Say in a few words why", "words")
    invitation.reason, invitation.words = reason, words.strip()[:2000] or None
    _answer(invitation, "declined", now, by)


def withdraw(invitation: SeatInvitation, *, by: Person, now: datetime) -> None:
    """Take an invitation back before it is answered: its link stops working."""
    if invitation.answer is not None:
        raise WrongMoment("This invitation was answered already.")
    _answer(invitation, "withdrawn", now, by)


def _answer(invitation: SeatInvitation, answer: str, now: datetime, by: Person | None) -> None:
    invitation.answer, invitation.answered_at = answer, now
    invitation.person_id = by.id if by is not None and answer != "withdrawn" else None
    audit.record(f"seat.invitation_{answer}", invitation, by=by, now=now, reason=invitation.reason)
