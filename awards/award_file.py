"""An award's file as the office reads it: everything that hangs on one award, in five statements instead of thirty."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import NamedTuple

from sqlalchemy import BigInteger, Text, bindparam, cast, func, literal_column, null, select, union_all
from sqlalchemy.orm import joinedload

from applications.workflow import APPLICATION
from fund.core.database import UtcMoment, db
from fund.core.workflow import StatusChange
from fund.tables import Person

from .acceptance import still_missing
from .conditions import conditions_of
from .letters import OFFER_KINDS, letters_of
from .payments import Papers, held_by
from .shared_accounts import Shared, shared_account
from .tables import (
    Acceptance,
    Award,
    AwardVersion,
    BankDetail,
    Condition,
    Letter,
    Recovery,
    Signatory,
    SignedCopy,
    Subsidy,
    Tranche,
    Variation,
)
from .tranches import tranches_of


class Change(NamedTuple):
    """A variation; money in pence."""

    id: int
    old_pence: int
    new_pence: int
    outcome: str | None
    decided_at: datetime | None


class Signature(NamedTuple):
    person_id: int
    name: str
    role: str
    letter_sha256: str
    signed_at: datetime
    copy_id: int | None


class Named(NamedTuple):
    """Somebody named to sign."""

    person_id: int
    name: str


class Copy(NamedTuple):
    id: int
    sent_at: datetime
    outcome: str | None


class ToComeBack(NamedTuple):
    id: int
    amount_pence: int
    why: str
    asked_at: datetime
    received_at: datetime | None


class Moved(NamedTuple):
    """One line of the history."""

    at: datetime
    state: str
    reason: str | None


@dataclass
class AwardFile:
    """`missing` is how many people must still sign; `holds` are {planned tranche: what keeps it from being paid}."""

    terms: AwardVersion
    detail: BankDetail | None
    subsidy: Subsidy | None
    letters: list[Letter]
    conditions: list[Condition]
    tranches: list[Tranche]
    variations: list[Change] = field(default_factory=list)
    signatures: list[Signature] = field(default_factory=list)
    signatories: list[Named] = field(default_factory=list)
    copies: list[Copy] = field(default_factory=list)
    recoveries: list[ToComeBack] = field(default_factory=list)
    history: list[Moved] = field(default_factory=list)
    missing: int = 0
    holds: dict[int, list[str]] = field(default_factory=dict)
    shared: Shared | None = None


def file_of(award: Award, now: datetime) -> AwardFile:
    """Everything of this award. Six statements, two more where an account stands under two names."""
    found = AwardFile(*_single(award), letters_of(award.application), conditions_of(award), tranches_of(award))
    _add_lines(found, award)
    signed_letter = next((each.sha256 for each in found.letters if each.kind in OFFER_KINDS), None)
    found.signatures = [each for each in found.signatures if each.letter_sha256 == signed_letter]
    named, signed = ({each.person_id for each in rows} for rows in (found.signatories, found.signatures))
    found.missing = still_missing(award, named, signed)
    found.shared = shared_account(award) if found.detail else None
    papers = Papers(found.detail, found.subsidy, found.conditions, found.tranches, found.shared)
    found.holds = {row.id: held_by(row, award, papers, now) for row in found.tranches if row.status == "planned"}
    return found


def _single(award: Award) -> tuple[AwardVersion, BankDetail | None, Subsidy | None]:
    """What there is one of: the terms that hold now, the account that holds now with who entered it, the subsidy notice."""
    newest = select(func.max(AwardVersion.number)).where(AwardVersion.award_id == award.id)
    account = select(func.max(BankDetail.id)).where(BankDetail.award_id == award.id, BankDetail.replaced_at.is_(None))
    query = (
        select(AwardVersion, BankDetail, Subsidy)
        .select_from(AwardVersion)
        .outerjoin(BankDetail, BankDetail.id == account.correlate(None).scalar_subquery())
        .outerjoin(Subsidy, Subsidy.award_id == AwardVersion.award_id)
        .where(AwardVersion.award_id == award.id, AwardVersion.number == newest.correlate(None).scalar_subquery())
        .options(joinedload(BankDetail.entered_by))
    )
    terms, detail, subsidy = db.session.execute(query).one()
    return terms, detail, subsidy


def _add_lines(found: AwardFile, award: Award) -> None:
    """The short lists, each row of which is a line of the page. One statement."""
    asked = {"award": award.id, "application": award.application_id, "workflow": APPLICATION.name}
    for kind, key, first, second, name, words, more, at, until in db.session.execute(_lines(), asked):
        if kind == "variation":
            found.variations.insert(0, Change(key, first, second, name, until))
        elif kind == "acceptance":
            found.signatures.append(Signature(first, name, words, more, at, second))
        elif kind == "signatory":
            found.signatories.append(Named(first, name))
        elif kind == "copy":
            found.copies.insert(0, Copy(key, at, name))
        elif kind == "recovery":
            found.recoveries.append(ToComeBack(key, first, words, at, until))
        else:
            found.history.append(Moved(at, name, words))


NUMBER, WORDS, MOMENT = cast(null(), BigInteger), cast(null(), Text), cast(null(), UtcMoment)


def _line(kind: str, key, order, *, first=NUMBER, second=NUMBER, name=WORDS, words=WORDS, more=WORDS, at=MOMENT, until=MOMENT):  # fmt: skip
    return select(
        literal_column(f"'{kind}'", Text).label("kind"), key.label("id"), first.label("first"), second.label("second"),
        name.label("name"), words.label("words"), more.label("more"), at.label("at"), until.label("until"), order.label("place"),
    )  # fmt: skip


@cache
def _lines():
    """Built once: putting such a statement together takes as long as asking it."""
    of_award = bindparam("award")
    parts = union_all(
        _line("variation", Variation.id, Variation.id, first=Variation.old_pence, second=Variation.new_pence, name=Variation.outcome, until=Variation.decided_at).where(Variation.award_id == of_award),
        _line("acceptance", Acceptance.id, Acceptance.id, first=Acceptance.person_id, second=Acceptance.copy_id, name=Acceptance.name, words=Acceptance.role, more=Acceptance.letter_sha256, at=Acceptance.signed_at).where(Acceptance.award_id == of_award),
        _line("signatory", Signatory.id, Signatory.position, first=Signatory.person_id, name=Person.name).join(Person, Person.id == Signatory.person_id).where(Signatory.award_id == of_award),
        _line("copy", SignedCopy.id, SignedCopy.id, name=SignedCopy.outcome, at=SignedCopy.sent_at).where(SignedCopy.award_id == of_award),
        _line("recovery", Recovery.id, Recovery.id, first=Recovery.amount_pence, words=Recovery.why, at=Recovery.asked_at, until=Recovery.received_at).where(Recovery.award_id == of_award),
        _line("history", StatusChange.id, StatusChange.id, name=StatusChange.new, words=StatusChange.reason, at=StatusChange.at).where(StatusChange.workflow == bindparam("workflow"), StatusChange.subject_id == bindparam("application")),
    ).subquery()  # fmt: skip
    columns = [parts.c[name] for name in ("kind", "id", "first", "second", "name", "words", "more", "at", "until")]
    return select(*columns).order_by(parts.c.kind, parts.c.place)
