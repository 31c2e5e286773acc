"""Grants of other funders, from their published 360Giving files: to see double funding before a decision."""

from datetime import date

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fund.core.database import Key, Model, Moment, Pence, parent


class OtherGrant(Model):
    """One line of another funder's file. It is found by `recipient_key` (GB-CHC-…) or `name_key`."""

    __tablename__ = "other_grant"
    __table_args__ = (UniqueConstraint("partnership_id", "identifier"), Index("ix_other_grant_name", "name_key"))

    id: Mapped[Key]
    partnership_id: Mapped[int] = parent("partnership.id")
    identifier: Mapped[str]
    funder: Mapped[str]
    recipient: Mapped[str]
    recipient_key: Mapped[str] = mapped_column(index=True)
    name_key: Mapped[str]
    title: Mapped[str]
    pence: Mapped[Pence]
    awarded_on: Mapped[date]
    imported_at: Mapped[Moment]
    imported_by_id: Mapped[int] = parent("person.id", index=False)
