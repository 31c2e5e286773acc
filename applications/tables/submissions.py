"""Submissions: what was sent, exactly, with its SHA-256. Never changed; a bid sent again gets the next number."""

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from fund.core.database import Key, Model, Moment, parent
from fund.tables import Person


class Submission(Model):
    """`snapshot` is canonical JSON text of the whole bid; `sha256` is over its UTF-8 bytes."""

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("application_id", "number"),)

    id: Mapped[Key]
    application_id: Mapped[int] = parent("application.id")
    number: Mapped[int]
    snapshot: Mapped[str]
    sha256: Mapped[str]
    declared_name: Mapped[str]
    declared_role: Mapped[str]
    submitted_at: Mapped[Moment]
    submitted_by_id: Mapped[int] = parent("person.id", index=False)
    taken_back_at: Mapped[Moment | None]

    submitted_by: Mapped[Person] = relationship()
