"""Letters: drawn once from kept facts, stored with their SHA-256, drawn again to the same bytes, and verified by anybody."""

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from applications.tables import Application
from fund.core import audit
from fund.core.database import db
from fund.tables import Fund, Round

from . import signing
from .conditions import own_conditions
from .letter_facts import (
    award_facts,
    closure_facts,
    ending_facts,
    ineligible_facts,
    reminder_facts,
    unsuccessful_facts,
    withdrawal_facts,
)
from .letter_templates import template_for
from .letter_words import document_of
from .tables import Award, AwardVersion, Decision, Letter, Recovery

OFFER_KINDS = ("award", "conditional")
AWARD_KINDS = (*OFFER_KINDS, "variation")
CLAIMS = (re.compile(rb'"kind": "([a-z]{3,20})"'), re.compile(rb'"number": ([0-9]{1,4}),'), re.compile(rb'"reference": "([A-Z0-9-]{3,40})"'))  # fmt: skip
NOT_A_FINGERPRINT = re.compile(r"[^0-9a-f]")


def load_letter(key: int) -> Letter | None:
    round = (
        joinedload(Letter.application).joinedload(Application.round).joinedload(Round.fund).joinedload(Fund.partnership)
    )
    return db.session.scalar(select(Letter).where(Letter.id == key).options(round))


def letters_of(application: Application) -> list[Letter]:
    """Every letter about a bid, the latest first."""
    wanted = select(Letter).where(Letter.application_id == application.id).order_by(Letter.id.desc())
    return list(db.session.scalars(wanted))


def current_letter(award: Award) -> Letter | None:
    """The award letter that holds now."""
    wanted = (
        Letter.application_id == award.application_id,
        Letter.kind.in_(AWARD_KINDS),
        Letter.replaced_by_id.is_(None),
    )
    return db.session.scalar(select(Letter).where(*wanted).order_by(Letter.id.desc()).limit(1))


def agreement_letter(award: Award) -> Letter | None:
    """The letter that the signatories sign. A variation changes the terms, not what was signed."""
    wanted = (Letter.application_id == award.application_id, Letter.kind.in_(OFFER_KINDS))
    return db.session.scalar(select(Letter).where(*wanted).order_by(Letter.id.desc()).limit(1))


def issue_award_letter(award: Award, terms: AwardVersion, *, now: datetime) -> Letter:
    """The letter of these terms; an earlier one is marked as replaced."""
    before = current_letter(award)
    kind = "variation" if terms.number > 1 else "conditional" if own_conditions(award) else "award"
    letter = _store(award.application, award_facts(award, terms, kind, terms.number, now), now, terms)
    if before is not None:
        before.replaced_by_id = letter.id
    db.session.flush()
    return letter


def issue_unsuccessful_letter(application: Application, decision: Decision, *, now: datetime) -> Letter:
    return _store(application, unsuccessful_facts(application, decision, _next(application, "unsuccessful"), now), now)


def issue_ineligible_letter(application: Application, reason: str, *, now: datetime) -> Letter:
    """A bid that is turned down again after a complaint gets a new letter, which replaces the one before."""
    before = _last(application, "ineligible")
    letter = _store(application, ineligible_facts(application, reason, _next(application, "ineligible"), now), now)
    if before is not None:
        before.replaced_by_id = letter.id
        db.session.flush()
    return letter


def issue_reminder(award: Award, terms: AwardVersion, days: int, *, now: datetime) -> Letter:
    """The letter that asks for an answer `days` days before the offer ends."""
    number = _next(award.application, "reminder")
    return _store(award.application, reminder_facts(award, terms, number, days, now), now, terms)


def issue_closing_letter(award: Award, terms: AwardVersion, *, now: datetime) -> Letter:
    number = _next(award.application, "closure")
    return _store(award.application, closure_facts(award, terms, number, now), now, terms)


def issue_ending_letter(
    award: Award, terms: AwardVersion, reason: str, recovery: Recovery | None, *, now: datetime
) -> Letter:
    """The letter that ends a grant early; `recovery` is the money that must come back, if any."""
    number = _next(award.application, "ending")
    return _store(award.application, ending_facts(award, terms, number, reason, recovery, now), now, terms)


def issue_withdrawal_letter(
    award: Award, terms: AwardVersion, reason: str, note: str, recovery: Recovery | None, *, now: datetime
) -> Letter:
    """The one letter about a withdrawal after acceptance."""
    return _store(award.application, withdrawal_facts(award, terms, reason, note, recovery, now), now, terms)


def _last(application: Application, kind: str) -> Letter | None:
    wanted = (Letter.application_id == application.id, Letter.kind == kind)
    return db.session.scalar(select(Letter).where(*wanted).order_by(Letter.number.desc()).limit(1))


def _next(application: Application, kind: str) -> int:
    last = _last(application, kind)
    return last.number + 1 if last else 1


def _store(application: Application, facts: dict[str, Any], now: datetime, terms: AwardVersion | None = None) -> Letter:
    """Draw, sign and keep. Raises TemplateProblem when the partnership's words lack a fact, Problem when the certificate
    is over: then nothing is sent."""
    template = template_for(application.round.fund.partnership, facts["kind"], now=now)
    facts = facts | {"template": {"number": template.number, "words": template.words}}
    made = signing.make(document_of(facts), now=now)
    letter = Letter(
        application_id=application.id, award_version_id=terms and terms.id, template_id=template.id, kind=facts["kind"],
        number=facts["number"], facts=facts, pdf=made.pdf, sha256=fingerprint(made.pdf), signature=made.signature,
        signed_with=made.signed_with, made_at=now, sent_at=now,
    )  # fmt: skip
    db.session.add(letter)
    db.session.flush()
    audit.record("letter.issue", letter, by=None, now=now, application=application.id, sha256=letter.sha256)
    return letter


def fingerprint(content: bytes) -> str:
    """SHA-256 as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def draw_again(letter: Letter) -> bytes:
    """The letter drawn afresh from its facts, with its kept signature: the stored bytes again (rule 12)."""
    return signing.make_again(document_of(letter.facts), letter.signature)


@dataclass(frozen=True)
class Verdict:
    """What can be said about a file or fingerprint: "genuine", "replaced", "altered" (it carries the facts of one of our
    letters but is not that file) or "unknown" (not ours, or altered beyond recognition). `signature` is what is said of the
    digital signature in the file."""

    word: str
    sha256: str
    letter: Letter | None = None
    replaced_by: Letter | None = None
    signature: signing.Signature | None = None


def verify_file(content: bytes) -> Verdict:
    verdict = _verify(fingerprint(content))
    if verdict.letter is None and (meant := _letter_meant(content)) is not None:
        verdict = Verdict("altered", verdict.sha256, meant)
    return replace(verdict, signature=signing.signature_in(content))


def _letter_meant(content: bytes) -> Letter | None:
    """The letter that a file says it is. Our letters carry their facts uncompressed: nothing of the file is opened."""
    claims = [claim.search(content) for claim in CLAIMS]
    if not all(claims):
        return None
    kind, number, reference = (claim[1].decode() for claim in claims)
    wanted = (Application.reference == reference, Letter.kind == kind, Letter.number == int(number))
    return db.session.scalar(select(Letter).join(Application, Application.id == Letter.application_id).where(*wanted))


def verify_text(typed: str) -> Verdict:
    """A fingerprint as people type it: with spaces, colons, any case. What is said of the signature is true of our copy."""
    verdict = _verify(NOT_A_FINGERPRINT.sub("", typed.lower()))
    if verdict.letter is None or verdict.letter.signed_with is None:
        return verdict
    return replace(verdict, signature=signing.signature_in(verdict.letter.pdf))


def _verify(sha256: str) -> Verdict:
    letter = db.session.scalar(select(Letter).where(Letter.sha256 == sha256)) if len(sha256) == 64 else None
    if letter is None:
        return Verdict("unknown", sha256)
    if letter.replaced_by_id is not None:
        return Verdict("replaced", sha256, letter, db.session.get_one(Letter, letter.replaced_by_id))
    return Verdict("genuine", sha256, letter)
