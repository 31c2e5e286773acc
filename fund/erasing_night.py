"""The night's erasing: bids whose time is over, then organisations and people of whom nothing is left."""

from datetime import datetime

from flask import current_app
from sqlalchemy import cast as as_type
from sqlalchemy import delete, func, literal, not_, select
from sqlalchemy.types import Text

from fund.core import audit, files
from fund.core.database import db
from fund.core.jobs import job
from fund.erasing import erase_bid, holds_on, note, remove_files
from fund.hooks import forgets_organisation, uses_of_organisation
from fund.people_data import all_about, erase_person
from fund.retention import due_by, years_after
from fund.tables import (
    Erasure,
    Identifier,
    IdentifierCheck,
    Invitation,
    Membership,
    Organisation,
    Person,
    PolicyDocument,
    QueuedLook,
    RegisterAnswer,
    RegisterLook,
)

MOST_IN_A_NIGHT = 300
AUDIT_LINES = "Lines of the audit log"


@job("erase_what_is_due", hour=3, minute=40)
def erase_what_is_due(now: datetime) -> str | None:
    """Erase the bids, organisations and people whose time is over and whom no hold keeps."""
    due = [each for each in due_by(now) if not each.held][:MOST_IN_A_NIGHT]
    for each in due:
        erase_bid(each.bid, because="time", by=None, now=now)
        db.session.commit()
    groups, people = erase_idle_organisations(now), erase_idle_people(now)
    gone = remove_files()
    if not (due or groups or people or gone):
        return None
    return f"{len(due)} bids, {groups} organisations, {people} people and {gone} files erased"


def _idle_before(now: datetime) -> datetime:
    return years_after(now, -current_app.config["SETTINGS"].keep_unsuccessful_years)


def _last_seen(person_id):
    """SQL: when somebody last signed in. The log keeps that when the sessions are gone."""
    line = audit.AuditEvent
    return select(func.max(line.at)).where(line.actor_id == person_id, line.action == "session.begin").scalar_subquery()


def _not_erased(noun: str, key):
    return not_(select(Erasure.id).where(Erasure.about == literal(f"{noun}-") + as_type(key, Text)).exists())


def erase_idle_people(now: datetime) -> int:
    """Erase those of whom nothing is left and who have not signed in for as long as an unsuccessful bid is kept; commits."""
    before, gone = _idle_before(now), 0
    idle = select(Person).where(Person.created_at < before, _not_erased("person", Person.id))
    idle = idle.where(func.coalesce(_last_seen(Person.id), Person.created_at) < before).order_by(Person.id)
    for person in db.session.scalars(idle.limit(MOST_IN_A_NIGHT)).all():
        about = all_about(person, now=now)
        if any(each.bid is not None or not (each.goes or each.words == AUDIT_LINES) for each in about):
            continue
        erase_person(person, "Nobody has signed in for years", by=None, now=now, because="time")
        db.session.commit()
        gone += 1
    return gone


def erase_idle_organisations(now: datetime) -> int:
    """Erase those without a bid that is kept and whose people have not signed in for as long; commits."""
    before, gone = _idle_before(now), 0
    seen = select(Membership.id).where(Membership.organisation_id == Organisation.id)
    seen = seen.where(_last_seen(Membership.person_id) >= before)
    idle = select(Organisation).where(Organisation.created_at < before, _not_erased("organisation", Organisation.id))
    for organisation in db.session.scalars(
        idle.where(~seen.exists()).order_by(Organisation.id).limit(MOST_IN_A_NIGHT)
    ).all():
        uses = {use for answer in uses_of_organisation.ask(organisation.id) for use in answer}
        if "bids" in uses or holds_on(f"organisation-{organisation.id}"):
            continue
        erase_organisation(organisation, keeps_name="register" in uses, now=now)
        db.session.commit()
        gone += 1
    return gone


def erase_organisation(organisation: Organisation, *, keeps_name: bool, now: datetime) -> None:
    """Take the people, papers and addresses out of an organisation; its name and numbers stay while the register names it."""
    papers = select(PolicyDocument).where(PolicyDocument.organisation_id == organisation.id)
    for each in db.session.scalars(papers).all():
        files.forget(each.file)
        db.session.delete(each)
    for table in (Membership, Invitation):
        db.session.execute(delete(table).where(table.organisation_id == organisation.id))
    numbers = select(Identifier.id).where(Identifier.organisation_id == organisation.id)
    forget_what_registers_said(organisation)
    for about_numbers in (IdentifierCheck, RegisterLook, QueuedLook):
        db.session.execute(delete(about_numbers).where(about_numbers.identifier_id.in_(numbers)))
    for name in ("address", "email", "phone", "website", "annual_income_pence"):
        setattr(organisation, name, None)
    if not keeps_name:
        db.session.execute(delete(Identifier).where(Identifier.organisation_id == organisation.id))
        organisation.name, organisation.town, organisation.postcode = (
            f"Erased organisation {organisation.id}",
            None,
            None,
        )
    else:
        for identifier in db.session.scalars(select(Identifier).where(Identifier.id.in_(numbers))).all():
            identifier.check_evidence = None
    organisation.touch()
    forgets_organisation.ask(organisation, keeps_name)
    note(f"organisation-{organisation.id}", "time", {}, by=None, now=now)


def forget_what_registers_said(organisation: Organisation) -> None:
    """Take out the registers' answers about its numbers, trustees' names in them, unless another organisation gives the same."""
    others = select(Identifier.id).where(Identifier.organisation_id != organisation.id)
    for number in db.session.scalars(select(Identifier).where(Identifier.organisation_id == organisation.id)).all():
        same = (RegisterAnswer.scheme == number.scheme, RegisterAnswer.number == number.number)
        if db.session.scalar(others.where(Identifier.scheme == number.scheme, Identifier.number == number.number)):
            continue
        answers = select(RegisterAnswer.id).where(*same)
        db.session.execute(delete(RegisterLook).where(RegisterLook.answer_id.in_(answers)))
        db.session.execute(delete(RegisterAnswer).where(*same))
