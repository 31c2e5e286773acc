"""Funds and rounds: what a round allows, when it is open, and the rules its panel works by."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fund.core.database import Key, Model, Moment, Pence, Versioned, one_of, parent

from .partnerships import Partnership, Priority, Strategy

ROUND_STATES = ("draft", "published", "finished", "cancelled")
SCORE_VISIBILITY = {
    "never": "Never",
    "after_own": "After their own for that bid",
    "after_all_own": "After all their own",
    "after_panel": "After the panel",
    "always": "Always",
}

PAY_WHEN = {
    "advance": "In advance, one part at the start of each period",
    "arrears": "In arrears, one part after each accepted return",
}


class Fund(Versioned, Model):
    __tablename__ = "fund"

    id: Mapped[Key]
    partnership_id: Mapped[int] = parent("partnership.id")
    name: Mapped[str]
    purpose: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)

    partnership: Mapped[Partnership] = relationship()


class Round(Versioned, Model):
    """One call for bids. Open and closed are derived from the clock, never stored."""

    __tablename__ = "round"
    __table_args__ = (
        one_of("status", "status", ROUND_STATES),
        one_of("pay_when", "pay_when", PAY_WHEN),
        CheckConstraint("retention_percent between 0 and 50", name="retention_at_most_half"),
        CheckConstraint("closes_at > opens_at", name="closes_after_opening"),
        CheckConstraint("delivery_end_on > delivery_start_on", name="delivery_ends_after_start"),
    )

    id: Mapped[Key]
    fund_id: Mapped[int] = parent("fund.id")
    strategy_id: Mapped[int] = parent("strategy.id")
    title: Mapped[str]
    summary: Mapped[str]
    prefix: Mapped[str]
    status: Mapped[str]
    opens_at: Mapped[Moment]
    closes_at: Mapped[Moment]
    decisions_by: Mapped[date | None]
    delivery_start_on: Mapped[date]
    delivery_end_on: Mapped[date]
    bids_per_organisation: Mapped[int] = mapped_column(default=1)
    joint_cap_pence: Mapped[Pence | None]
    owner_id: Mapped[int | None] = parent("person.id")
    cloned_from_id: Mapped[int | None] = parent("round.id", index=False)
    # Panel rules, fixed before scoring
    assessors_per_bid: Mapped[int] = mapped_column(default=3)
    panel_quorum: Mapped[int] = mapped_column(default=3)
    spread_flag: Mapped[int] = mapped_column(default=2)
    visibility: Mapped[str] = mapped_column(default="after_own")
    minimum_total: Mapped[int | None]
    any_zero_stops: Mapped[bool] = mapped_column(default=False)
    hides_names: Mapped[bool] = mapped_column(default=False)
    view_weight: Mapped[
        int | None
    ]  # of 100: what young and lived-experience members' views count; None: they give marks
    # Award rules
    acceptance_days: Mapped[int] = mapped_column(default=28)
    return_every_months: Mapped[int] = mapped_column(default=3)
    underspend_flag_percent: Mapped[int] = mapped_column(default=10)
    pay_when: Mapped[str] = mapped_column(default="advance")
    retention_percent: Mapped[int] = mapped_column(default=0)  # kept back until the last return is accepted
    created_at: Mapped[Moment]
    version: Mapped[int] = mapped_column(default=1)

    fund: Mapped[Fund] = relationship()
    strategy: Mapped[Strategy] = relationship()

    def is_open(self, now: datetime) -> bool:
        """Whether a bid received at this moment is in (design rule 4: the closing moment itself is late)."""
        return self.status == "published" and self.opens_at <= now < self.closes_at

    def is_closed(self, now: datetime) -> bool:
        return self.status != "draft" and now >= self.closes_at

    def is_public(self) -> bool:
        return self.status not in ("draft", "cancelled")


class Cap(Model):
    """The most that some legal forms may ask for. `needs_register`: only with a number that a register confirms."""

    __tablename__ = "cap"
    __table_args__ = (UniqueConstraint("round_id", "key"), CheckConstraint("most_pence > 0", name="positive"))

    id: Mapped[Key]
    round_id: Mapped[int] = parent("round.id")
    key: Mapped[str]
    plural: Mapped[str]
    most_pence: Mapped[Pence]
    legal_forms: Mapped[list[str]]
    needs_register: Mapped[bool]
    position: Mapped[int]


class RoundPriority(Model):
    """A priority that this round funds, with the words that say who it is for."""

    __tablename__ = "round_priority"
    __table_args__ = (UniqueConstraint("round_id", "priority_id"),)

    id: Mapped[Key]
    round_id: Mapped[int] = parent("round.id")
    priority_id: Mapped[int] = parent("priority.id")
    guidance: Mapped[str | None]
    position: Mapped[int]

    priority: Mapped[Priority] = relationship()
