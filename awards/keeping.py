"""How long awards are kept, and what of an award goes with its bid; money, decisions and the register's words stay."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, or_, select, update

from applications.applications import role_of
from fund.core.database import db
from fund.erasing import ERASED, before_a_bid_goes, is_erased, with_bid
from fund.hooks import data_about, forgets_person, held_about, kept_longer, uses_of_organisation
from fund.people_data import Held
from fund.retention import awarded_until
from fund.tables import Person

from .tables import (
    Acceptance,
    Award,
    AwardVersion,
    BankDetail,
    Condition,
    Decision,
    Letter,
    LetterBatchItem,
    Payment,
    Recovery,
    Signatory,
    SignedCopy,
    Tranche,
    Variation,
    WithdrawalLetter,
)

KEY = "a word of our own, not of anybody's"
PUBLIC = "it is written to be published and stands in the public register"

with_bid(
    Decision, superseded_why=None, stays=("kind", "reasons", "conditions", "direct_reason"),
    stays_for="a decision is never edited; its words are written to be published",
)  # fmt: skip
with_bid(Award, stays=("reference",), stays_for=PUBLIC)
with_bid(AwardVersion, why=None, stays=("purpose", "schedule"), stays_for=PUBLIC)
with_bid(Condition, evidence=None, stays=("title", "text"), stays_for=PUBLIC)
with_bid(Acceptance, name=ERASED, role="", stays=("letter_sha256",), stays_for="it says nothing without the letter")
with_bid(Variation, changes=[], why=ERASED, stays_for=KEY, stays=("purpose", "outcome"))
with_bid(Letter, rows=True)
with_bid(LetterBatchItem, rows=True)
with_bid(WithdrawalLetter, rows=True)
with_bid(SignedCopy, file="file_id", signers=[], why=None, stays=("letter_sha256", "outcome"), stays_for=KEY)
with_bid(BankDetail, secret=b"", ends_with="", fingerprint="", check_note=None)
with_bid(Payment, stays=("reference",), stays_for="it is ours, and stands on the bank's statement")
with_bid(Tranche, stays=("waits_for", "status"), stays_for=KEY)
with_bid(Recovery, why=ERASED)


@before_a_bid_goes
def what_guards_keep(key: int, *, now: datetime) -> None:
    """Details that were checked may only be emptied once they are replaced; letters let go of each other."""
    awards = select(Award.id).where(Award.application_id == key)
    standing = update(BankDetail).where(BankDetail.award_id.in_(awards), BankDetail.replaced_at.is_(None))
    db.session.execute(standing.values(replaced_at=now))
    never = awards.where(Award.accepted_at.is_(None))  # what nobody accepted stands in no register
    db.session.execute(update(AwardVersion).where(AwardVersion.award_id.in_(never)).values(purpose=ERASED))
    letters = select(Letter.id).where(Letter.application_id == key)
    db.session.execute(update(Letter).where(Letter.id.in_(letters)).values(replaced_by_id=None))


@kept_longer
def while_money_is_accounted_for(keys: list[int]) -> dict[int, datetime | None]:
    """Bids whose award was accepted: until its time is over; with no end in sight while it runs or money is to come back.

    An offer that was declined or lapsed is kept as an unsuccessful bid is.
    """
    owed = exists().where(Recovery.award_id == Award.id, Recovery.received_at.is_(None))
    wanted = select(Award.application_id, Award.ended_at, owed).where(Award.application_id.in_(keys))
    wanted = wanted.where(or_(Award.accepted_at.is_not(None), Award.ended_at.is_(None)))
    return {
        key: None if ended is None or waits else awarded_until(ended)
        for key, ended, waits in db.session.execute(wanted)
    }


@uses_of_organisation
def in_the_register(organisation_id: int) -> list[str]:
    wanted = select(Award.id).where(Award.organisation_id == organisation_id, Award.accepted_at.is_not(None)).limit(1)
    return ["register"] if db.session.scalar(wanted) else []


def _signed_by(person: Person) -> list[Award]:
    """Awards of which this person signed, is to sign, or entered the account, and that are not erased."""
    signed = select(Acceptance.award_id).where(Acceptance.person_id == person.id)
    named = select(Signatory.award_id).where(Signatory.person_id == person.id)
    entered = select(BankDetail.award_id).where(BankDetail.entered_by_id == person.id)
    wanted = select(Award).where(Award.id.in_(signed.union(named, entered))).order_by(Award.id)
    return [award for award in db.session.scalars(wanted) if not is_erased(f"application-{award.application_id}")]


@held_about
def money_about(person: Person, *, now: datetime) -> list[Held]:
    found = []
    for award in _signed_by(person):
        until = awarded_until(award.ended_at) if award.ended_at else None
        when = f"until {until:%-d %B %Y}" if until else "until some years after it has ended"
        why = f"They signed for public money or gave the account. Records of money are kept {when}."
        found.append(Held(f"Signature and account of award {award.reference}", False, why))
        if award.ended_at is None and role_of(person, award.application) == "lead":
            handing = "The award runs and they lead it. Give it another lead first."
            found.append(Held(f"Leading award {award.reference}", False, handing, blocks=True))
    return found


@data_about
def own_signatures(person: Person) -> dict[str, Any]:
    wanted = select(Acceptance, Award.reference).join(Award, Award.id == Acceptance.award_id)
    wanted = wanted.where(Acceptance.person_id == person.id).order_by(Acceptance.id)
    signatures = [
        {"award": reference, "name": each.name, "as": each.role, "signed": each.signed_at, "letter": each.letter_sha256}
        for each, reference in db.session.execute(wanted)
    ]
    entered = select(BankDetail.ends_with, BankDetail.entered_at, Award.reference)
    entered = entered.join(Award, Award.id == BankDetail.award_id).where(BankDetail.entered_by_id == person.id)
    accounts = [
        {"award": each.reference, "account ending": each.ends_with, "entered": each.entered_at}
        for each in db.session.execute(entered.order_by(BankDetail.id))
    ]
    return {"signatures": signatures, "bank details you entered": accounts}


@forgets_person
def signatures_of_erased(person: Person, *, now: datetime) -> dict[str, int]:
    """Places to sign that were never used; what was signed goes with its award."""
    signed = select(Acceptance.award_id).where(Acceptance.person_id == person.id)
    unused = delete(Signatory).where(Signatory.person_id == person.id, Signatory.award_id.not_in(signed))
    return {"signatory": db.session.execute(unused).rowcount}
