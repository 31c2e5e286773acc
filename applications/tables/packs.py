"""Packs that came back and wait for somebody to look at them, and bids that staff keyed in from paper or a telephone call."""

from typing import Any

from sqlalchemy.orm import Mapped, mapped_column, relationship

from fund.core.database import Json, Key, Model, Moment, one_of, parent
from fund.core.files import StoredFile
from fund.tables import Person

from .applications import Application

CAME_BY = {"paper": "On paper", "telephone": "By telephone", "emailed_pack": "As a pack by email"}


class PackUpload(Model):
    """What was read from one file, kept until somebody has confirmed it: boxes by question key, and every other word.

    `settled` says by question key what was done: "pack" or "keep". When nothing is left to settle, the content goes.
    """

    __tablename__ = "pack_upload"

    id: Mapped[Key]
    application_id: Mapped[int] = parent("application.id")
    name: Mapped[str]
    sha256: Mapped[str]
    content: Mapped[Any] = mapped_column(Json)
    settled: Mapped[dict[str, Any]]
    uploaded_at: Mapped[Moment]
    uploaded_by_id: Mapped[int] = parent("person.id", index=False)
    closed_at: Mapped[Moment | None]

    uploaded_by: Mapped[Person] = relationship()


class KeyedBid(Model):
    """How a bid that was not written online came in: by what way, when it was received, and who of the staff keys it."""

    __tablename__ = "keyed_bid"
    __table_args__ = (one_of("came_by", "came_by", CAME_BY),)

    id: Mapped[Key]
    application_id: Mapped[int] = parent("application.id", unique=True)
    came_by: Mapped[str]
    received_at: Mapped[Moment]
    keyed_at: Mapped[Moment]
    keyed_by_id: Mapped[int] = parent("person.id", index=False)
    late_reason: Mapped[str | None]
    scan_id: Mapped[int | None] = parent("stored_file.id", index=False)

    application: Mapped[Application] = relationship()
    keyed_by: Mapped[Person] = relationship()
    scan: Mapped[StoredFile | None] = relationship()
