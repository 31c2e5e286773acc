"""Return periods and the monitoring returns sent for them. A return sent back stays; the next version is a new row."""

from datetime import date

from sqlalchemy import CheckConstraint, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from awards.tables import Award
from fund.core.database import Key, Model, Moment, Pence, Versioned, one_of, parent

from .indicators import Promise

RETURN_STATES = ("draft", "sent", "accepted", "sent_back")


class ReturnPeriod(Model):
    """One period of an award: what should be spent in it (profile) and when its return is due."""

    __tablename__ = "return_period"
    __table_args__ = (UniqueConstraint("award_id", "number"),)

    id: Mapped[Key]
    award_id: Mapped[int] = parent("award.id")
    number: Mapped[int]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    due_on: Mapped[date]
    profile_pence: Mapped[Pence]
    people_expected: Mapped[int | None]

    award: Mapped[Award] = relationship()


class MonitoringReturn(Versioned, Model):
    """One version of what a grantee reported for one period. Counts are people of this period; spend is in pence."""

    __tablename__ = "monitoring_return"
    __table_args__ = (
        UniqueConstraint("period_id", "number"),
        one_of("status", "status", RETURN_STATES),
        CheckConstraint("(status = 'draft') = (sent_at is null)", name="sent_has_moment"),
    )

    id: Mapped[Key]
    period_id: Mapped[int] = parent("return_period.id")
    number: Mapped[int]
    status: Mapped[str]
    people_count: Mapped[int | None]
    sessions_count: Mapped[int | None]
    spent_pence: Mapped[Pence | None]
    variance_why: Mapped[str | None]
    story: Mapped[str | None]
    story_consent: Mapped[bool] = mapped_column(default=False)
    worries: Mapped[str | None]
    changes: Mapped[str | None]
    sent_at: Mapped[Moment | None]
    sent_by_id: Mapped[int | None] = parent("person.id", index=False)
    decided_at: Mapped[Moment | None]
    decided_by_id: Mapped[int | None] = parent("person.id", index=False)
    decided_why: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)

    period: Mapped[ReturnPeriod] = relationship()


class Measurement(Model):
    """One reported value for one promise. `asked_count` and `answered_count` tell how many people it rests on."""

    __tablename__ = "measurement"
    __table_args__ = (UniqueConstraint("return_id", "promise_id"),)

    id: Mapped[Key]
    return_id: Mapped[int] = parent("monitoring_return.id")
    promise_id: Mapped[int] = parent("promise.id")
    value: Mapped[float | None] = mapped_column(Numeric(14, 2, asdecimal=False))
    asked_count: Mapped[int | None]
    answered_count: Mapped[int | None]
    note: Mapped[str | None]

    promise: Mapped[Promise] = relationship()


class BudgetHeading(Model):
    """A heading of the budget that was awarded, against which spend is reported. In pence, over the whole award."""

    __tablename__ = "budget_heading"
    __table_args__ = (UniqueConstraint("award_id", "heading"),)

    id: Mapped[Key]
    award_id: Mapped[int] = parent("award.id")
    heading: Mapped[str]
    amount_pence: Mapped[Pence]
    position: Mapped[int]


class SpendLine(Model):
    """What was spent under one heading in the period of a return, in pence."""

    __tablename__ = "spend_line"
    __table_args__ = (UniqueConstraint("return_id", "heading"),)

    id: Mapped[Key]
    return_id: Mapped[int] = parent("monitoring_return.id")
    heading: Mapped[str]
    amount_pence: Mapped[Pence]


class CaseStudy(Model):
    """A story that may be shown in public: reviewed, with consent, without names."""

    __tablename__ = "case_study"

    id: Mapped[Key]
    return_id: Mapped[int] = parent("monitoring_return.id", unique=True)
    text: Mapped[str]
    published_at: Mapped[Moment | None]
    published_by_id: Mapped[int | None] = parent("person.id", index=False)
