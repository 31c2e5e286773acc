"""Organisations: what they are and the numbers registers know them by. Their people are in fund.members."""

from datetime import datetime

from sqlalchemy import select

from fund import members
from fund.core import audit
from fund.core.database import db
from fund.core.problems import Forbidden, Problem, WrongMoment
from fund.identifiers import IdentifierProblem, check_identifier, schemes
from fund.members import (
    accept_invitations,
    add_member,
    invite_member,
    is_lead_of_organisation,
    is_member_of,
    members_of,
    organisations_of,
)
from fund.postcodes import PostcodeProblem, check_postcode
from fund.registers.queue import queue_look
from fund.strategies.legal_form import LegalForm, legal_form, legal_form_keys, legal_forms
from fund.tables import CHECK_RESULTS, Identifier, IdentifierCheck, Organisation, Person

FACTS = (
    "name", "legal_form", "address", "town", "postcode", "email", "phone", "website", "annual_income_pence", "home_based",
)  # fmt: skip


def load_organisation(key: int) -> Organisation | None:
    return db.session.get(Organisation, key)


def load_identifier(key: int) -> Identifier | None:
    return db.session.get(Identifier, key)


def add_organisation(
    name: str, legal_form: str, *, by: Person, now: datetime, lead: Person | None = None, **facts
) -> Organisation:
    """A new organisation led by `lead`, or by whoever adds it. `facts` are columns of FACTS; the income is in pence.

    Raises Problem beside its field: no name, an unknown legal form, a postcode of no such shape.
    Whether a round funds the legal form is for its caps to say.
    """
    organisation = Organisation(created_at=now, created_by_id=by.id)
    _set(organisation, {"name": name, "legal_form": legal_form} | facts)
    db.session.add(organisation)
    db.session.flush()
    audit.record("organisation.add", organisation, by=by, now=now, legal_form=legal_form)
    members.add_member(organisation, lead or by, "lead", by=by, now=now)
    return organisation


def change_organisation(
    organisation: Organisation, *, by: Person, now: datetime, seen: int | None = None, **facts
) -> Organisation:
    """Change what is known of it. Raises Stale when somebody changed it since version `seen`, Problem as adding does."""
    organisation.check_version(seen)
    before = {name: getattr(organisation, name) for name in facts}
    _set(organisation, facts)
    changed = sorted(name for name, value in before.items() if getattr(organisation, name) != value)
    if changed:
        organisation.touch()
        db.session.flush()
        if "name" in changed:
            _compare_again(organisation, now)
        audit.record("organisation.change", organisation, by=by, now=now, changed=changed)
    return organisation


def _compare_again(organisation: Organisation, now: datetime) -> None:
    """Another name means another comparison with the register's, for the better or the worse."""
    for identifier in organisation.identifiers:
        queue_look(identifier, "entered", now=now)


def _set(organisation: Organisation, facts: dict) -> None:
    if unknown := set(facts) - set(FACTS):
        raise TypeError(f"organisations have no {', '.join(sorted(unknown))}")
    if "name" in facts and not (facts["name"] or "").strip():
        raise Problem("Enter the name of your organisation", "name")
    if "legal_form" in facts:
        _check_legal_form(facts["legal_form"])
    if facts.get("postcode"):
        try:
            facts = facts | {"postcode": check_postcode(facts["postcode"])}
        except PostcodeProblem as problem:
            raise Problem(str(problem), "postcode") from None
    for name, value in facts.items():
        setattr(organisation, name, value if value != "" else None)


def _check_legal_form(key: str) -> None:
    if key not in legal_form_keys():
        raise Problem("Choose what kind of organisation you are", "legal_form")


def forms_that_may_apply() -> list[LegalForm]:
    """The legal forms to choose from, in the file's order."""
    return [form for form in legal_forms() if form.can_apply != "no"]


def registers_for(organisation: Organisation) -> tuple[str, ...]:
    """The schemes whose register can confirm this legal form; empty when no register holds it."""
    return legal_form(organisation.legal_form).registers


def add_identifier(
    organisation: Organisation, scheme: str, number: str, *, by: Person | None, now: datetime
) -> Identifier:
    """Add a number of a register. It is plausible now, real when its register or somebody has checked it.

    Raises Problem beside `number` or `scheme` when it cannot be of that register or is there already.
    """
    if scheme not in schemes():
        raise Problem("Choose a register", "scheme")
    try:
        tidy = check_identifier(scheme, number)
    except IdentifierProblem as problem:
        raise Problem(str(problem).rstrip("."), "number") from None
    wanted = select(Identifier.id).filter_by(organisation_id=organisation.id, scheme=scheme, number=tidy)
    if db.session.scalar(wanted):
        raise Problem("This number is on the list already", "number")
    identifier = Identifier(organisation_id=organisation.id, scheme=scheme, number=tidy, added_at=now)
    db.session.add(identifier)
    db.session.flush()
    db.session.expire(organisation, ["identifiers"])
    queue_look(identifier, "entered", now=now)
    audit.record("identifier.add", organisation, by=by, now=now, scheme=scheme)
    return identifier


def remove_identifier(organisation: Organisation, identifier: Identifier, *, by: Person, now: datetime) -> None:
    """Take away a number that was typed wrong. One that was checked stays, whatever the register said."""
    if identifier.check_result is not None:
        raise WrongMoment("This number has been checked, so it stays. Add another number if you have a new one.")
    db.session.delete(identifier)
    db.session.flush()
    db.session.expire(organisation, ["identifiers"])
    audit.record("identifier.remove", organisation, by=by, now=now, scheme=identifier.scheme)


def record_check(
    identifier: Identifier, result: str, evidence: str, *, by: Person | None, now: datetime
) -> IdentifierCheck:
    """Record what a register says of a number: confirmed, not_found or removed, and how we know (design rule 2).

    `by` is None when the register's service answered. Raises Problem without a result or evidence, Forbidden when the
    checker belongs to the organisation. An earlier check stays beside this one.
    """
    if result not in CHECK_RESULTS:
        raise Problem("Choose what the register says", "result")
    if not evidence.strip():
        raise Problem("Say how you know, such as the page you looked at and its date", "evidence")
    organisation = db.session.get_one(Organisation, identifier.organisation_id)
    if by is not None and is_member_of(by, organisation):
        raise Forbidden("You belong to this organisation, so somebody else has to check its numbers.")
    checker_id = None if by is None else by.id
    check = IdentifierCheck(
        identifier_id=identifier.id,
        result=result,
        evidence=evidence.strip(),
        checked_at=now,
        checked_by_id=checker_id,
    )
    db.session.add(check)
    identifier.check_result, identifier.check_evidence = result, check.evidence
    identifier.checked_at, identifier.checked_by_id = now, checker_id
    db.session.flush()
    db.session.expire(identifier, ["checked_by"])
    audit.record(
        "identifier.check", organisation, by=by, now=now, scheme=identifier.scheme, result=result, check=check.id
    )
    return check


def checks_of(identifier: Identifier) -> list[IdentifierCheck]:
    """Every check of a number, newest first."""
    wanted = select(IdentifierCheck).where(IdentifierCheck.identifier_id == identifier.id)
    return list(db.session.scalars(wanted.order_by(IdentifierCheck.id.desc())))


def others_with(identifiers: list[Identifier]) -> dict[int, list[Organisation]]:
    """Other organisations that gave the same numbers, by the key of ours: for staff only, neither is told of the other."""
    if not identifiers:
        return {}
    wanted = (
        select(Identifier.scheme, Identifier.number, Organisation)
        .join(Organisation, Identifier.organisation_id == Organisation.id)
        .where(
            Identifier.number.in_([each.number for each in identifiers]),
            Organisation.id != identifiers[0].organisation_id,
        )
        .order_by(Organisation.id)
    )
    return sharing(identifiers, [(scheme, number, other) for scheme, number, other in db.session.execute(wanted)])


def sharing(identifiers: list[Identifier], given: list[tuple[str, str, Organisation]]) -> dict[int, list[Organisation]]:
    """The same from (register, number, other organisation) of a caller who has read them."""
    shared: dict[int, list[Organisation]] = {each.id: [] for each in identifiers}
    by_number = {(each.scheme, each.number): each for each in identifiers}
    for scheme, number, other in given:
        if (scheme, number) in by_number:
            shared[by_number[scheme, number].id].append(other)
    return shared


__all__ = [
    "accept_invitations",
    "add_identifier",
    "add_member",
    "add_organisation",
    "change_organisation",
    "checks_of",
    "forms_that_may_apply",
    "invite_member",
    "is_lead_of_organisation",
    "is_member_of",
    "load_identifier",
    "load_organisation",
    "members_of",
    "organisations_of",
    "others_with",
    "record_check",
    "registers_for",
    "remove_identifier",
    "sharing",
]  # fmt: skip
