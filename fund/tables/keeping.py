"""What is kept about keeping: holds that stop an erasure, and the erasures that were done."""

from typing import Any

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fund.core.database import Json, Key, Model, Moment, one_of, parent

from .people import Person

ERASED_BECAUSE = {"time": "Its time was over", "asked": "The person asked for it"}
_STANDING = text("lifted_at is null")


class LegalHold(Model):
    """One bid or organisation that is not erased, and why: a complaint, an audit, a claim. `about` is "application-12"."""

    names_what_it_is_about = True
    __tablename__ = "legal_hold"
    __table_args__ = (
        CheckConstraint("(lifted_at is null) = (lifted_by_id is null)", name="lifted_by_somebody"),
        Index("uq_legal_hold_standing", "about", unique=True, sqlite_where=_STANDING, postgresql_where=_STANDING),
    )

    id: Mapped[Key]
    about: Mapped[str] = mapped_column(index=True)
    reason: Mapped[str]
    placed_at: Mapped[Moment]
    placed_by_id: Mapped[int] = parent("person.id", index=False)
    lifted_at: Mapped[Moment | None]
    lifted_by_id: Mapped[int | None] = parent("person.id", index=False)
    lifted_because: Mapped[str | None]

    placed_by: Mapped[Person] = relationship(foreign_keys=placed_by_id)


class Erasure(Model):
    """Something was erased: what ("application-12", "person-4"), when, why. `files` are SHA-256 of bytes still to be taken off the disk."""

    names_what_it_is_about = True
    __tablename__ = "erasure"
    __table_args__ = (one_of("because", "because", ERASED_BECAUSE),)

    id: Mapped[Key]
    about: Mapped[str] = mapped_column(unique=True)
    because: Mapped[str]
    erased_at: Mapped[Moment]
    erased_by_id: Mapped[int | None] = parent("person.id", index=False)
    counts: Mapped[dict[str, Any]] = mapped_column(Json)
    files: Mapped[list[str]] = mapped_column(Json)
