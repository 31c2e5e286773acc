"""Delegated limits: the most that a person may decide on for one award, per partnership, as data."""

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fund.core.database import Key, Model, Moment, Pence, parent
from fund.tables import Person

_CURRENT = text("ended_at is null")


class DelegatedLimit(Model):
    """One limit. Without a person it holds for every decision maker of the partnership who has none of their own.

    A change is a new row; the old one ends. Nobody sets their own.
    """

    __tablename__ = "delegated_limit"
    __table_args__ = (
        CheckConstraint("most_pence > 0", name="amount_positive"),
        CheckConstraint("person_id is null or person_id != set_by_id", name="not_ones_own"),
        Index(
            "uq_delegated_limit_current", "partnership_id", "person_id", unique=True, sqlite_where=_CURRENT,
            postgresql_where=_CURRENT,
        ),
    )  # fmt: skip

    id: Mapped[Key]
    partnership_id: Mapped[int] = parent("partnership.id")
    person_id: Mapped[int | None] = parent("person.id", index=False)
    most_pence: Mapped[Pence]
    why: Mapped[str]
    set_at: Mapped[Moment]
    set_by_id: Mapped[int] = parent("person.id", index=False)
    ended_at: Mapped[Moment | None] = mapped_column(default=None)

    person: Mapped[Person | None] = relationship(foreign_keys=person_id)
    set_by: Mapped[Person] = relationship(foreign_keys=set_by_id)
