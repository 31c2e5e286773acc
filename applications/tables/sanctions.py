"""The sanctions list of a partnership: which versions were read, and the names of the one that counts."""

from datetime import date

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, relationship

from fund.core.database import Key, Model, Moment, one_of, parent
from fund.tables import Person

LIST_SOURCES = {
    "uk": "UK Sanctions List (Foreign, Commonwealth and Development Office)",
    "ofsi": "OFSI consolidated list of financial sanctions targets (closed on 28 January 2026)",
}
LISTED_KINDS = {"person": "Person", "organisation": "Organisation", "ship": "Ship"}


class SanctionsList(Model):
    """One file that was read. `dated_on` is the day the file says of itself. Only the latest keeps its names."""

    __tablename__ = "sanctions_list"
    __table_args__ = (one_of("source", "source", LIST_SOURCES),)

    id: Mapped[Key]
    partnership_id: Mapped[int] = parent("partnership.id")
    source: Mapped[str]
    dated_on: Mapped[date]
    sha256: Mapped[str]
    names_count: Mapped[int]
    targets_count: Mapped[int]
    read_at: Mapped[Moment]
    read_by_id: Mapped[int] = parent("person.id", index=False)
    replaced_at: Mapped[Moment | None]

    read_by: Mapped[Person] = relationship()


class SanctionsName(Model):
    """One name of a target, primary or other; `target` is the list's own number of it."""

    __tablename__ = "sanctions_name"
    __table_args__ = (one_of("kind", "kind", LISTED_KINDS), Index("ix_sanctions_name_list", "list_id"))

    id: Mapped[Key]
    list_id: Mapped[int] = parent("sanctions_list.id", index=False)
    target: Mapped[str]
    kind: Mapped[str]
    name: Mapped[str]
    name_type: Mapped[str]
    regime: Mapped[str]
