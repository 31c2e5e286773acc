"""The people of an organisation: one lead, colleagues, and invitations to addresses that have not signed in yet."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from fund import people
from fund.core import audit, clock, outbox
from fund.core.database import db
from fund.core.problems import Problem, WrongMoment
from fund.tables import Invitation, Membership, Organisation, Person

INVITED_FOR = timedelta(days=14)


def members_of(organisation: Organisation) -> list[Membership]:
    """Who belongs to it now, the lead first."""
    wanted = (
        select(Membership)
        .where(Membership.organisation_id == organisation.id, Membership.left_at.is_(None))
        .order_by(Membership.role, Membership.id)
        .options(joinedload(Membership.person))
    )
    return list(db.session.scalars(wanted))


def organisations_of(person: Person) -> list[Organisation]:
    """The organisations somebody belongs to now, by name."""
    wanted = (
        select(Organisation)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.person_id == person.id, Membership.left_at.is_(None))
        .order_by(Organisation.name, Organisation.id)
    )
    return list(db.session.scalars(wanted))


def membership_of(person: Person | None, organisation: Organisation) -> Membership | None:
    """The membership that holds now, or None."""
    if person is None:
        return None
    wanted = (Membership.person_id == person.id, Membership.organisation_id == organisation.id)
    return db.session.scalar(select(Membership).where(*wanted, Membership.left_at.is_(None)))


def is_member_of(person: Person | None, organisation: Organisation) -> bool:
    return membership_of(person, organisation) is not None


def is_lead_of_organisation(person: Person | None, organisation: Organisation) -> bool:
    held = membership_of(person, organisation)
    return held is not None and held.role == "lead"


def add_member(
    organisation: Organisation, person: Person, role: str = "member", *, by: Person, now: datetime
) -> Membership:
    """Let somebody work on its bids. Raises Problem when they belong to it already."""
    wanted = (Membership.person_id == person.id, Membership.organisation_id == organisation.id)
    held = db.session.scalar(select(Membership).where(*wanted))
    if held is not None and held.left_at is None:
        raise Problem("This person already belongs to your organisation", "email")
    if held is None:
        held = Membership(organisation_id=organisation.id, person_id=person.id, since=now)
        db.session.add(held)
    held.role, held.since, held.left_at = role, now, None
    db.session.flush()
    audit.record("member.add", organisation, by=by, now=now, person=person.id, role=role)
    return held


def invite_member(organisation: Organisation, email: str, *, by: Person, now: datetime) -> Invitation:
    """Ask an address to join, by mail. A person we know joins at once; anybody else at their first sign-in."""
    email = people.tidy_email(email)
    if any(waiting.email == email for waiting in invitations_of(organisation, now=now)):
        raise Problem("This address has been invited already", "email")
    known = people.find_person(email)
    if known is not None:
        add_member(organisation, known, by=by, now=now)
    invitation = Invitation(
        organisation_id=organisation.id,
        email=email,
        invited_at=now,
        invited_by_id=by.id,
        expires_at=now + INVITED_FOR,
        accepted_at=now if known else None,
    )
    db.session.add(invitation)
    db.session.flush()
    audit.record("member.invite", organisation, by=by, now=now, invitation=invitation.id)
    outbox.queue(
        "invitation",
        email,
        now=now,
        once=f"invitation-{invitation.id}",
        inviter=by.name,
        organisation=organisation.name,
        email=email,
        known=known is not None,
        until=clock.speak_day(invitation.expires_at, weekday=True),
    )
    return invitation


def _waiting(now: datetime) -> tuple:
    return (Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None), Invitation.expires_at > now)


def invitations_of(organisation: Organisation, *, now: datetime) -> list[Invitation]:
    """The invitations that still wait for somebody, oldest first."""
    wanted = select(Invitation).where(Invitation.organisation_id == organisation.id, *_waiting(now))
    return list(db.session.scalars(wanted.order_by(Invitation.id)))


def accept_invitations(person: Person, *, now: datetime) -> int:
    """Make members of what waits for this address; called when somebody proved at sign-in that they read its mail."""
    waiting = list(db.session.scalars(select(Invitation).where(Invitation.email == person.email, *_waiting(now))))
    for invitation in waiting:
        invitation.accepted_at = now
        if not is_member_of(person, invitation.organisation):
            add_member(invitation.organisation, person, by=person, now=now)
    return len(waiting)


def withdraw_invitation(invitation: Invitation, *, by: Person, now: datetime) -> None:
    """Take an invitation back before it is taken up."""
    if invitation.accepted_at is not None or invitation.withdrawn_at is not None:
        raise WrongMoment("This invitation is no longer waiting.")
    invitation.withdrawn_at = now
    audit.record("member.uninvite", invitation.organisation, by=by, now=now, invitation=invitation.id)


def hand_over(organisation: Organisation, to: Person, *, by: Person, now: datetime) -> None:
    """Make somebody else of the organisation its lead; the lead until now stays as a member."""
    heir, lead = membership_of(to, organisation), membership_of(by, organisation)
    if lead is None or lead.role != "lead":
        raise WrongMoment("Only the lead can hand over.")
    if heir is None or heir is lead:
        raise Problem("Choose somebody else of your organisation")
    lead.role, heir.role = "member", "lead"
    db.session.flush()
    audit.record("member.hand_over", organisation, by=by, now=now, person=to.id)


def end_membership(organisation: Organisation, person: Person, *, by: Person, now: datetime) -> None:
    """Somebody leaves, or the lead takes them off. A lead hands over first, so that no organisation is without one."""
    held = membership_of(person, organisation)
    if held is None:
        raise WrongMoment("This person does not belong to the organisation.")
    if held.role == "lead":
        raise Problem("You are the lead. Make somebody else the lead before you leave.")
    held.left_at = now
    db.session.flush()
    audit.record("member.leave", organisation, by=by, now=now, person=person.id)
