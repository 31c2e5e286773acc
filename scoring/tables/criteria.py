"""Criteria and evidence cards: what a bid is judged by, as data."""

from datetime import date

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fund.core.database import Key, Model, Moment, parent


class Criterion(Model):
    """One criterion of a round. `descriptors` has one sentence for each mark from 0 to 5; `reads` are question keys."""

    __tablename__ = "criterion"
    __table_args__ = (UniqueConstraint("round_id", "code"), CheckConstraint("weight > 0", name="weight_positive"))

    id: Mapped[Key]
    round_id: Mapped[int] = parent("round.id")
    code: Mapped[str]
    title: Mapped[str]
    guidance: Mapped[str]
    weight: Mapped[int]
    minimum_mark: Mapped[int | None]
    descriptors: Mapped[list[str]]
    reads: Mapped[list[str]]
    shows: Mapped[list[str]]  # "evidence", "needs": what stands beside the answers
    optional_for: Mapped[list[str]]  # priority codes for which an explained "not applicable" is allowed
    origin: Mapped[str | None]
    position: Mapped[int]


class EvidenceCard(Model):
    """One strand of a toolkit as it stood when the copy was read. A new reading is a new version; bids keep theirs."""

    __tablename__ = "evidence_card"
    __table_args__ = (UniqueConstraint("toolkit", "strand_id", "number"),)

    id: Mapped[Key]
    toolkit: Mapped[str]
    strand_id: Mapped[str] = mapped_column(index=True)
    number: Mapped[int]
    name: Mapped[str]
    what_it_is: Mapped[str | None]
    impact: Mapped[str | None]
    percent_less_violence: Mapped[int | None]
    other_effects: Mapped[str | None]
    evidence_quality: Mapped[int | None]
    evidence_words: Mapped[str | None]
    cost: Mapped[int | None]
    status: Mapped[str]
    flag: Mapped[str | None]
    source_url: Mapped[str | None]
    source_date: Mapped[str | None]
    note: Mapped[str | None]
    where_it_works: Mapped[str | None]
    how_to_do_it: Mapped[str | None]
    snapshot_on: Mapped[date]
    superseded_at: Mapped[Moment | None]
    edited_at: Mapped[Moment | None]  # an officer wrote this version; the shipped copies do not replace it unless newer


class JudgedCard(Model):
    """The version of the card that a bid was judged with, kept when a newer version comes after scoring began."""

    __tablename__ = "judged_card"

    id: Mapped[Key]
    application_id: Mapped[int] = parent("application.id", unique=True)
    evidence_card_id: Mapped[int] = parent("evidence_card.id")
