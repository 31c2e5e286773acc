"""Decisions: proposed by one person, approved by another, neither of whom assessed the bid."""

from typing import Any

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from applications.tables import Application
from fund.core.database import Json, Key, Model, Moment, Pence, one_of, parent
from fund.tables import Person

DECISION_KINDS = {"offer": "Offer", "reserve": "Reserve list", "reject": "Unsuccessful"}


_CURRENT = text("superseded_at is null")


class Decision(Model):
    """One decision about one bid. A changed mind is a new row; the old one is superseded, never edited.

    `cap_pence` is the most that could be offered when it was proposed: the cap, or what was asked when that is less.
    `reasons` are written to be published. `direct_reason` says why an award was made without competition; others have none.
    """

    __tablename__ = "decision"
    __table_args__ = (
        one_of("kind", "kind", DECISION_KINDS),
        CheckConstraint("approved_by_id is null or approved_by_id != proposed_by_id", name="four_eyes"),
        CheckConstraint("(kind = 'offer') = (amount_pence is not null)", name="offer_has_amount"),
        CheckConstraint("(approved_by_id is null) = (approved_at is null)", name="approved_has_moment"),
        CheckConstraint("amount_pence is null or amount_pence between 1 and cap_pence", name="within_cap"),
        CheckConstraint(
            "direct_reason is null or (kind = 'offer' and length(direct_reason) >= 20)", name="direct_has_reason"
        ),
        Index("uq_decision_current", "application_id", unique=True, sqlite_where=_CURRENT, postgresql_where=_CURRENT),
    )

    id: Mapped[Key]
    application_id: Mapped[int] = parent("application.id")
    kind: Mapped[str]
    amount_pence: Mapped[Pence | None]
    cap_pence: Mapped[Pence | None]
    reasons: Mapped[str]
    conditions: Mapped[list[Any]] = mapped_column(Json)
    direct_reason: Mapped[str | None]
    proposed_at: Mapped[Moment]
    proposed_by_id: Mapped[int] = parent("person.id", index=False)
    approved_at: Mapped[Moment | None]
    approved_by_id: Mapped[int | None] = parent("person.id", index=False)
    superseded_at: Mapped[Moment | None]
    superseded_why: Mapped[str | None]

    application: Mapped[Application] = relationship()
    proposed_by: Mapped[Person] = relationship(foreign_keys=proposed_by_id)
    approved_by: Mapped[Person | None] = relationship(foreign_keys=approved_by_id)

    @property
    def is_waiting(self) -> bool:
        """Whether it still waits for its second person."""
        return self.approved_at is None and self.superseded_at is None
