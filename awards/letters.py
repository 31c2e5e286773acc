"""Letters: drawn once from kept facts, stored with their SHA-256, drawn again to the same bytes, and verified by anybody."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from applications.tables import Application
from fund.core import audit
from fund.core.database import db
from fund.core.pdf.document import draw
from fund.tables import Fund, Round

from .letter_facts import award_facts, unsuccessful_facts
from .letter_words import document_of
from .tables import Award, AwardVersion, Decision, Letter

AWARD_KINDS = ("award", "variation")
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
    wanted = (Letter.application_id == award.application_id, Letter.kind == "award")
    return db.session.scalar(select(Letter).where(*wanted).order_by(Letter.id.desc()).limit(1))


def issue_award_letter(award: Award, terms: AwardVersion, *, now: datetime) -> Letter:
    """The letter of these terms; an earlier one is marked as replaced."""
    before = current_letter(award)
    kind = "award" if terms.number == 1 else "variation"
    letter = _store(award.application, award_facts(award, terms, kind, now), now, terms)
    if before is not None:
        before.replaced_by_id = letter.id
    db.session.flush()
    return letter


def issue_unsuccessful_letter(application: Application, decision: Decision, *, now: datetime) -> Letter:
    return _store(application, unsuccessful_facts(application, decision, now), now)


def _store(application: Application, facts: dict[str, Any], now: datetime, terms: AwardVersion | None = None) -> Letter:
    pdf = draw(document_of(facts))
    letter = Letter(
        application_id=application.id, award_version_id=terms and terms.id, kind=facts["kind"], number=facts["number"],
        facts=facts, pdf=pdf, sha256=fingerprint(pdf), made_at=now, sent_at=now,
    )  # fmt: skip
    db.session.add(letter)
    db.session.flush()
    audit.record("letter.issue", letter, by=None, now=now, application=application.id, sha256=letter.sha256)
    return letter


def fingerprint(content: bytes) -> str:
    """SHA-256 as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def draw_again(letter: Letter) -> bytes:
    """The letter drawn afresh from its facts: the stored bytes again (rule 12)."""
    return draw(document_of(letter.facts))


@dataclass(frozen=True)
class Verdict:
    """What can be said about a file or fingerprint: "genuine", "replaced" or "unknown" (altered, or not ours)."""

    word: str
    sha256: str
    letter: Letter | None = None
    replaced_by: Letter | None = None


def verify_file(content: bytes) -> Verdict:
    return _verify(fingerprint(content))


def verify_text(typed: str) -> Verdict:
    """A fingerprint as people type it: with spaces, colons, any case."""
    return _verify(NOT_A_FINGERPRINT.sub("", typed.lower()))


def _verify(sha256: str) -> Verdict:
    letter = db.session.scalar(select(Letter).where(Letter.sha256 == sha256)) if len(sha256) == 64 else None
    if letter is None:
        return Verdict("unknown", sha256)
    if letter.replaced_by_id is not None:
        return Verdict("replaced", sha256, letter, db.session.get_one(Letter, letter.replaced_by_id))
    return Verdict("genuine", sha256, letter)
