"""Screening: each eligibility check of a bid, with who answered it and why."""

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from fund.core.database import Key, Model, Moment, one_of, parent
from fund.tables import Person

CHECK_ANSWERS = {"pass": "Pass", "fail": "Fail", "refer": "Look closer"}


class EligibilityCheck(Model):
    """One check. `machine` is what the system found by itself (a sentence, or nothing); the officer answers."""

    __tablename__ = "eligibility_check"
    __table_args__ = (UniqueConstraint("application_id", "key"), one_of("answer", "answer", CHECK_ANSWERS))

    id: Mapped[Key]
    application_id: Mapped[int] = parent("application.id")
    key: Mapped[str]
    answer: Mapped[str]
    reason: Mapped[str | None]
    checked_at: Mapped[Moment]
    checked_by_id: Mapped[int] = parent("person.id", index=False)

    checked_by: Mapped[Person] = relationship()
