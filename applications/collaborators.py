"""Working together on a bid: a lead, editors who write, colleagues who write the money part only, viewers who read."""

from datetime import datetime

from sqlalchemy import Select, select

from fund.core import audit, outbox
from fund.core.database import db
from fund.core.problems import Forbidden, Problem
from fund.people import add_person, find_person
from fund.tables import Membership, Person

from .applications import hold, role_of
from .tables import AnswerChange, Application, Collaborator, Question
from .tables.applications import COLLABORATOR_ROLES

MONEY_KINDS = frozenset({"money", "budget", "match", "amount"})


def check_may_answer(person: Person, application: Application, kind: str) -> None:
    """Raises Forbidden when this colleague was asked to write the money part only and the question is another."""
    if kind not in MONEY_KINDS and role_of(person, application) == "budget":
        raise Forbidden(
            "You can change the questions about money. The lead and the editors of this bid can change this one."
        )


def collaborators_of(application: Application) -> list[tuple[Collaborator, Person]]:
    """Who works on the bid now, leads first."""
    wanted = (
        select(Collaborator, Person)
        .join(Person, Person.id == Collaborator.person_id)
        .where(Collaborator.application_id == application.id, Collaborator.removed_at.is_(None))
        .order_by(Collaborator.role != "lead", Collaborator.id)
    )
    return [(row, person) for row, person in db.session.execute(wanted)]


def colleagues_not_on(application: Application) -> list[Person]:
    """Members of the organisation who do not work on this bid."""
    on_it = select(Collaborator.person_id).where(
        Collaborator.application_id == application.id, Collaborator.removed_at.is_(None)
    )
    wanted = (
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.organisation_id == application.organisation_id,
            Membership.left_at.is_(None),
            Person.id.not_in(on_it),
        )
        .order_by(Person.name)
    )
    return list(db.session.scalars(wanted))


def add_collaborator(application: Application, person: Person, role: str, *, by: Person, now: datetime) -> Collaborator:
    """Let somebody work on the bid, or change what they may do. Raises Problem when it would leave no lead.

    Asked again for what holds already (a button pressed twice), it changes nothing and tells nobody.
    """
    if role not in COLLABORATOR_ROLES:
        raise Problem("Choose what this person may do", "role")
    hold(application)
    row = _row(application, person)
    if row is not None and row.removed_at is None and row.role == role:
        return row
    if row is None:
        row = Collaborator(
            application_id=application.id, person_id=person.id, role=role, added_at=now, added_by_id=by.id
        )
        db.session.add(row)
    elif row.removed_at is None and row.role == "lead" and role != "lead":
        _keep_a_lead(application, row)
    row.role, row.removed_at = role, None
    db.session.flush()
    db.session.expire(application, ["collaborators"])
    audit.record("collaborator.add", application, by=by, now=now, person=person.id, role=role)
    outbox.queue(
        "invited", person.email, now=now, application=application, role=COLLABORATOR_ROLES[role].lower(), inviter=by
    )
    return row


def invite(application: Application, email: str, name: str, role: str, *, by: Person, now: datetime) -> Collaborator:
    """Invite by e-mail: who is not here yet is added, and signs in with a code sent to that address."""
    hold(application)
    person = find_person(email)
    if person is None:
        if not name.strip():
            raise Problem("Enter their name", "name")
        person = add_person(email, name.strip(), by=by, now=now)
    return add_collaborator(application, person, role, by=by, now=now)


def hand_over(application: Application, person: Person, role_after: str | None, *, by: Person, now: datetime) -> None:
    """Make this colleague the lead instead of everybody who leads it now; they stay as `role_after`, or leave (None).

    For a lead who goes, and for an officer when the lead has gone already. Raises Problem for somebody who is not on the bid.
    """
    if role_after not in (None, "editor", "viewer"):
        raise Problem("Choose whether you stay", "stay")
    hold(application)
    row = _row(application, person)
    if row is None or row.removed_at is not None:
        raise Problem("Choose somebody who works on this bid", "person")
    if row.role == "lead":
        raise Problem(f"{person.name} leads this bid already", "person")
    row.role = "lead"
    leaders = [each for each, _who in collaborators_of(application) if each.role == "lead" and each.id != row.id]
    for each in leaders:
        each.role, each.removed_at = role_after or each.role, None if role_after else now
    db.session.flush()
    db.session.expire(application, ["collaborators"])
    audit.record(
        "collaborator.hand_over", application, by=by, now=now, to=person.id, before=[each.person_id for each in leaders]
    )
    for key in {person.id, *(each.person_id for each in leaders)} - {by.id}:
        told = db.session.get_one(Person, key)
        outbox.queue("handed_over", told.email, now=now, application=application, person=told, lead=person, giver=by)


def changes_by_whom(application: Application) -> Select:
    """Who changed which answer when, newest first, as a query for a list: no answer is loaded with it."""
    return (
        select(AnswerChange.saved_at, AnswerChange.version, Question.text, Question.key, Person.name)
        .join(Question, Question.id == AnswerChange.question_id)
        .join(Person, Person.id == AnswerChange.saved_by_id)
        .where(AnswerChange.application_id == application.id)
    )


def remove_collaborator(application: Application, row: Collaborator, *, by: Person, now: datetime) -> None:
    """Somebody stops working on the bid. Raises Problem for the last lead: hand it over first."""
    if row.role == "lead":
        _keep_a_lead(application, row)
    row.removed_at = now
    db.session.flush()
    db.session.expire(application, ["collaborators"])
    audit.record("collaborator.remove", application, by=by, now=now, person=row.person_id)


def _row(application: Application, person: Person) -> Collaborator | None:
    return db.session.scalar(
        select(Collaborator)
        .where(Collaborator.application_id == application.id, Collaborator.person_id == person.id)
        .execution_options(populate_existing=True)
    )


def _keep_a_lead(application: Application, leaving: Collaborator) -> None:
    wanted = select(Collaborator.id).where(
        Collaborator.application_id == application.id,
        Collaborator.role == "lead",
        Collaborator.removed_at.is_(None),
        Collaborator.id != leaving.id,
    )
    if db.session.scalar(wanted) is None:
        raise Problem("A bid needs a lead. Make somebody else the lead first.")
