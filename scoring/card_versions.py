"""New versions of evidence cards: written by an officer, or read from a newer copy. Bids keep the version they are judged with."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from applications.tables import Application
from applications.workflow import DECIDED, WITH_THE_PANEL
from fund.core import audit
from fund.core.database import db
from fund.core.problems import Problem, WrongMoment
from fund.tables import Person

from .tables import EvidenceCard, JudgedCard

BEING_JUDGED = WITH_THE_PANEL | DECIDED
EDITABLE = (
    "name", "what_it_is", "impact", "percent_less_violence", "other_effects", "evidence_quality", "evidence_words", "cost",
    "flag", "source_url", "source_date", "note", "where_it_works", "how_to_do_it", "snapshot_on",
)  # fmt: skip


def replace_card(old: EvidenceCard, facts: dict[str, Any], *, edited: bool, now: datetime) -> EvidenceCard:
    """Put a new version in an old one's place. Bids whose scoring has begun keep the old one as theirs."""
    if old.toolkit == "yef":
        _keep_for_bids(old)
    old.superseded_at = now
    kept = {name: getattr(old, name) for name in (*EDITABLE, "status")}
    row = EvidenceCard(
        toolkit=old.toolkit, strand_id=old.strand_id, number=old.number + 1, edited_at=now if edited else None,
        **(kept | facts),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def _keep_for_bids(old: EvidenceCard) -> None:
    pinned = select(JudgedCard.application_id)
    wanted = (
        Application.strand_id == old.strand_id,
        Application.status.in_(BEING_JUDGED),
        Application.id.not_in(pinned),
    )
    query = select(Application.id).where(*wanted).order_by(Application.id)
    for key in db.session.scalars(query, execution_options={"whole": True}).all():
        db.session.add(JudgedCard(application_id=key, evidence_card_id=old.id))
    db.session.flush()


def revise_card(card: EvidenceCard, facts: dict[str, Any], *, by: Person, now: datetime) -> EvidenceCard:
    """Write a new version. Raises Problem without a source, its date or the day it was read, WrongMoment for an old version."""
    if card.superseded_at is not None:
        raise WrongMoment("This is an older version. Change the newest one.")
    facts = {name: facts[name] or None for name in EDITABLE if name in facts}
    whole = {name: getattr(card, name) for name in EDITABLE} | facts
    if not whole["name"]:
        raise Problem("Give the kind of work a name", "name")
    addresses = (whole["source_url"] or "").split()
    if not addresses or not all(each.startswith("https://") for each in addresses):
        raise Problem("Enter the address of the source, beginning with https://", "source_url")
    if not whole["source_date"]:
        raise Problem("Say how old the source is, for example September 2025", "source_date")
    read: date | None = whole["snapshot_on"]
    if read is None or read > now.date():
        raise Problem("Enter the day on which you read the source", "snapshot_on")
    if all(getattr(card, name) == value for name, value in whole.items()):
        raise Problem("Nothing has changed", "name")
    facts["source_url"] = " ".join(addresses)
    row = replace_card(card, facts, edited=True, now=now)
    audit.record("card.revise", row, by=by, now=now, strand=row.strand_id, number=row.number)
    return row


def versions_of(card: EvidenceCard) -> list[EvidenceCard]:
    """Every version of this card, the newest first."""
    same = (EvidenceCard.toolkit == card.toolkit, EvidenceCard.strand_id == card.strand_id)
    return list(db.session.scalars(select(EvidenceCard).where(*same).order_by(EvidenceCard.number.desc())))
