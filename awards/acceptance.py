"""Acceptance: each named signatory signs in their own sign-in, for the very letter they read."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from applications.workflow import APPLICATION
from fund.core import audit
from fund.core.database import db
from fund.core.problems import Forbidden, Problem, WrongMoment
from fund.people import add_person, find_person
from fund.tables import Person

from . import letters
from .parties import lead_of, signatories_of, signatures_needed
from .tables import Acceptance, Award, Signatory


def acceptances_of(award: Award) -> list[Acceptance]:
    """The signatures under the agreement, in the order they came."""
    letter = letters.agreement_letter(award)
    if letter is None:
        return []
    wanted = (Acceptance.award_id == award.id, Acceptance.letter_sha256 == letter.sha256)
    return list(db.session.scalars(select(Acceptance).where(*wanted).order_by(Acceptance.id)))


def missing_signatures(award: Award) -> int:
    """How many people must still sign the present letter."""
    named = {each.person_id for each in signatories_of(award)}
    signed = {each.person_id for each in acceptances_of(award)}
    return still_missing(award, named, signed)


def still_missing(award: Award, named: set[int], signed: set[int]) -> int:
    """The same from the keys of the people who are named to sign and of those who signed."""
    return max(signatures_needed(award.organisation), len(named)) - len(named & signed)


def is_fully_signed(award: Award) -> bool:
    return missing_signatures(award) == 0


def name_signatory(award: Award, position: int, name: str, email: str, *, by: Person, now: datetime) -> Signatory:
    """The lead names who signs in one place. Somebody new to the system is added and can sign in with a code.

    Raises Problem for a second place that is not needed, or the same person twice; WrongMoment once the offer is over or
    that place has signed.
    """
    if award.application.status != "offered":
        raise WrongMoment("The offer is not waiting for signatures.")
    if not 1 <= position <= signatures_needed(award.organisation):
        raise Problem("This award does not need another signature.")
    person = find_person(email) or add_person(email, name, by=by, now=now)
    places = {each.position: each for each in signatories_of(award)}
    if any(each.person_id == person.id and place != position for place, each in places.items()):
        raise Problem("Two different people must sign. Name somebody else.", "email")
    if position in places and any(each.person_id == places[position].person_id for each in acceptances_of(award)):
        raise WrongMoment("That person has signed already.")
    row = places.get(position) or Signatory(award_id=award.id, position=position)
    row.person_id = person.id
    db.session.add(row)
    db.session.flush()
    db.session.expire(row, ["person"])
    audit.record("signatory.name", row, by=by, now=now, award=award.id, position=position, person=person.id)
    return row


def sign_offer(award: Award, *, name: str, role: str, terms_read: bool, by: Person, now: datetime) -> Acceptance:
    """One signature. The last one that is needed accepts the offer, which commits its money.

    Raises Forbidden for a person not named to sign, WrongMoment after the day or twice, Problem for a name that is not
    the signer's, a missing role or terms not read.
    """
    if award.application.status != "offered":
        raise WrongMoment("This offer is not waiting to be accepted.")
    if now >= award.accept_by:
        raise WrongMoment("The day to accept this offer has passed. Write to the fund: it may be able to offer again.")
    if by.id not in {each.person_id for each in signatories_of(award)}:
        raise Forbidden("You are not named to sign this agreement. The lead of the bid can name you.")
    _check_signature(name, role, terms_read, by)
    letter = letters.agreement_letter(award)
    row = Acceptance(
        award_id=award.id, person_id=by.id, name=name.strip(), role=role.strip(), letter_sha256=letter.sha256, signed_at=now
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(row)
            db.session.flush()
    except IntegrityError:
        raise WrongMoment("You have signed already.") from None
    audit.record("award.sign", award, by=by, now=now, letter_sha256=letter.sha256)
    if is_fully_signed(award):
        APPLICATION.move(award.application, "accept", by=by, now=now)
    return row


def _check_signature(name: str, role: str, terms_read: bool, by: Person) -> None:
    if _folded(name) != _folded(by.name):
        raise Problem(f"Type your name as you are signed in: {by.name}", "name")
    if not role.strip():
        raise Problem("Enter your role, for example trustee or chair", "role")
    if not terms_read:
        raise Problem("Confirm that you have read the letter and accept its conditions", "terms_read")


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def may_name(person: Person | None, award: Award) -> bool:
    lead = lead_of(award.application)
    return person is not None and lead is not None and lead.id == person.id
