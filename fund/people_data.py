"""What is kept about one person: shown to them as a file, and erased when they ask or when its time is over.

Every package answers three questions through `hooks`: what there is, what of it goes and what must stay and why, and takes
somebody out of its own tables. A person becomes "Erased person 12": sums, decisions and audit lines still name who acted.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, or_, select

from fund import sessions
from fund.core import outbox, withholding
from fund.core.database import db
from fund.core.problems import Problem, WrongMoment
from fund.erasing import empty_mail, erase_bid, holds_on, is_erased, note
from fund.hooks import data_about, forgets_person, held_about
from fund.people import running
from fund.tables import (
    ROLES,
    FactorReset,
    Invitation,
    Membership,
    Organisation,
    Person,
    RecoveryCode,
    SecondFactor,
    SignInCode,
    SignInSession,
    SignInTry,
)

LEAST_REASON = 10


@dataclass(frozen=True)
class Held:
    """One thing there is about somebody: in words, whether it goes, and why it stays.

    `bid` goes with them as a whole. What `blocks` has to be settled before the person can be erased.
    """

    words: str
    goes: bool
    why: str = ""
    bid: Any = None
    blocks: bool = False


def all_about(person: Person, *, now: datetime) -> list[Held]:
    """Everything there is about somebody, what stays first."""
    found = [each for answer in held_about.ask(person, now=now) for each in answer]
    return sorted(found, key=lambda each: each.goes)


@held_about
def _account(person: Person, *, now: datetime) -> list[Held]:
    found = [
        Held("Name, email address and telephone number", True),
        Held("Sign-ins, codes and authenticator app", True),
    ]
    if roles := running(person, now):
        named = ", ".join(sorted({ROLES[each.role] for each in roles}))
        found.append(Held(f"Roles: {named}", False, "A role is running. End it first.", blocks=True))
    mail = select(func.count()).select_from(outbox.OutboxMessage).where(outbox.OutboxMessage.recipient == person.email)
    if count := db.session.scalar(mail):
        found.append(Held(f"{count} messages sent to that address", True))
    for organisation in _organisations(person):
        found.append(Held(f"Belonging to {organisation.name}", True))
    found.append(
        Held("Lines of the audit log", False, f"They name {person.reference}, never a name, and hold no words.")
    )
    return found


def _organisations(person: Person) -> list[Organisation]:
    wanted = select(Organisation).join(Membership, Membership.organisation_id == Organisation.id)
    return list(db.session.scalars(wanted.where(Membership.person_id == person.id).order_by(Organisation.id)))


@data_about
def _own_account(person: Person) -> dict[str, Any]:
    invited = select(Invitation.invited_at).where(Invitation.email == person.email).order_by(Invitation.id)
    mail = outbox.OutboxMessage
    sent = select(mail.subject, mail.created_at, mail.body).where(mail.recipient == person.email).order_by(mail.id)
    sent = sent.where(~withholding.named(person, mail.subject, mail.body))
    return {
        "account": {"name": person.name, "email": person.email, "telephone": person.phone, "since": person.created_at},
        "roles": [{"role": ROLES[each.role], "since": each.granted_at, "until": each.until} for each in person.grants],
        "organisations": [
            {"name": each.name, "address": each.address, "town": each.town, "postcode": each.postcode}
            for each in _organisations(person)
        ],
        "invitations to organisations": [{"invited": each} for each in db.session.scalars(invited)],
        "sign-ins": [{"since": each.started_at, "until": each.ends_at} for each in _sign_ins(person)],
        "messages to you": [
            {"subject": each.subject, "written": each.created_at, "text": each.body}
            for each in db.session.execute(sent)
        ],
    }


def _sign_ins(person: Person) -> list[SignInSession]:
    wanted = select(SignInSession).where(SignInSession.person_id == person.id).order_by(SignInSession.id)
    return list(db.session.scalars(wanted))


def data_of(person: Person) -> dict[str, Any]:
    """Everything kept about somebody, by heading, for themselves (UK GDPR, article 15)."""
    found: dict[str, Any] = {}
    for answer in data_about.ask(person):
        found |= answer
    return found


def erase_person(person: Person, reason: str, *, by: Person | None, now: datetime, because: str = "asked") -> None:
    """Take somebody out of the system, as far as nothing must stay. Never oneself, never while a role runs.

    Bids that are theirs alone and never had money go with them. The reason goes into no log: it may name them; the
    administrator keeps the letter that asked. Raises Problem or WrongMoment when it cannot be done.
    """
    if by is not None and by.id == person.id:
        raise Problem("You cannot erase yourself. Ask another administrator.")
    if len(reason.strip()) < LEAST_REASON:
        raise Problem("Say who asked, when, and how you know that it was them", "reason")
    if is_erased(person.reference):
        raise WrongMoment("This person was erased already.")
    about = all_about(person, now=now)
    if blocking := next((each for each in about if each.blocks), None):
        raise WrongMoment(f"{blocking.words}: {blocking.why[:1].lower()}{blocking.why[1:]}")
    for each in about:
        if each.goes and each.bid is not None and not _is_held(each.bid):
            erase_bid(each.bid, because=because, by=by, now=now)
    counts: dict[str, int] = {}
    for answer in forgets_person.ask(person, now=now):
        counts |= answer
    name, email = person.name, person.email
    counts["outbox_message"] = empty_mail(_mail_about(name, email))
    _forget_account(person, now)
    note(person.reference, because, counts, by=by, now=now)


def _is_held(bid) -> bool:
    return bool(holds_on(f"{bid.__tablename__}-{bid.id}", f"organisation-{bid.organisation_id}"))


def _mail_about(name: str, email: str):
    """Messages to this address, and those to others that hold the name or the address."""
    row = outbox.OutboxMessage
    found = [row.recipient == email, row.body.contains(email, autoescape=True)]
    if " " in name:  # a single name, such as "Will", stands in messages that are not about them
        found.append(row.body.contains(name, autoescape=True))
    return or_(*found)


def _forget_account(person: Person, now: datetime) -> None:
    sessions.end_all_of(person, now=now)
    for table in (RecoveryCode, SecondFactor, FactorReset, SignInSession, Membership):
        db.session.execute(delete(table).where(table.person_id == person.id))
    for by_address in (SignInCode, SignInTry, Invitation):
        db.session.execute(delete(by_address).where(by_address.email == person.email))
    person.name, person.email, person.phone = f"Erased person {person.id}", f"erased-{person.id}@invalid", None
    person.disabled_at, person.cast_as = person.disabled_at or now, None
    person.touch()
    db.session.flush()
