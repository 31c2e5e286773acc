"""Watching registers while bids and grants run: asking again every week, and telling officers what is new, once."""

from collections import defaultdict
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import contains_eager, joinedload

from fund.core import outbox
from fund.core.database import db
from fund.core.jobs import job
from fund.identifiers import schemes
from fund.registers.known import with_keys
from fund.registers.looking import looks_to_tell, told
from fund.registers.queue import queue_look
from fund.roles import is_fund_officer
from fund.tables import Fund, Identifier, Organisation, Person, RegisterLook, RoleGrant, Round

from .caps import over_by
from .tables import Application
from .workflow import ENDED, OPEN_TO_APPLICANT


def is_running():
    """A condition: the bid was sent and has not ended, or its grant has not."""
    return Application.status.not_in(ENDED | OPEN_TO_APPLICANT)


@job("watch_registers", day_of_week="mon", hour=5)
def watch_registers(now: datetime) -> str | None:
    """Have the registers asked again about everybody with a bid or grant that is running."""
    queued = queue_running(now)
    db.session.commit()
    return f"{queued} to ask about" if queued else None


def queue_running(now: datetime) -> int:
    """Queue the numbers of everybody with a running bid or grant; answers how many."""
    wanted = (
        select(Identifier)
        .where(
            Identifier.scheme.in_(with_keys()),
            Identifier.organisation_id.in_(select(Application.organisation_id).where(is_running())),
        )
        .order_by(Identifier.id)
    )
    numbers = list(db.session.scalars(wanted))
    for number in numbers:
        queue_look(number, "weekly", now=now)
    return len(numbers)


@job("tell_register_news", minute="*/5")
def tell_register_news(now: datetime) -> str | None:
    """Tell fund officers what is new on a register about a bid or grant of theirs."""
    news = looks_to_tell()
    sent = sum(tell(look, now) for look in news)
    if news:
        db.session.commit()
    return f"{sent} told" if sent else None


def tell(look: RegisterLook, now: datetime) -> int:
    """Queue one message to each officer who has a running bid of the organisation; answers how many."""
    organisation = db.session.get_one(Organisation, look.identifier.organisation_id)
    sent = 0
    for officer, bids in _officers_of(_running_bids(organisation), now).items():
        message = outbox.queue(
            "register_news", officer.email, now=now, once=f"register-{look.id}-{officer.id}", look=look,
            organisation=organisation, scheme=schemes()[look.scheme], number=look.identifier.number,
            bids=[(bid.reference, over_by(bid)) for bid in bids],
        )  # fmt: skip
        sent += message is not None
    told(look)
    return sent


def _running_bids(organisation: Organisation) -> list[Application]:
    wanted = (
        select(Application)
        .join(Application.round)
        .where(Application.organisation_id == organisation.id, is_running())
        .options(contains_eager(Application.round).joinedload(Round.fund).joinedload(Fund.partnership))
        .options(joinedload(Application.organisation))
        .order_by(Application.id)
    )
    return list(db.session.scalars(wanted))


def _officers_of(bids: list[Application], now: datetime) -> dict[Person, list[Application]]:
    """The fund officers who may act on each of these bids: nobody hears of a bid that is kept from them (rule 5)."""
    found: dict[Person, list[Application]] = defaultdict(list)
    held = or_(RoleGrant.until.is_(None), RoleGrant.until > now)
    keys = select(RoleGrant.person_id).where(RoleGrant.role == "fund_officer", held)
    wanted = select(Person).where(Person.id.in_(keys), Person.disabled_at.is_(None)).order_by(Person.id)
    officers = list(db.session.scalars(wanted)) if bids else []
    for bid in bids:
        for officer in officers:
            if is_fund_officer(officer, bid):
                found[officer].append(bid)
    return found
