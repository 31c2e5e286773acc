"""A change of one answer that the fund asks for while it checks a bid: both texts stay."""

from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fund.core.database import Json, Key, Model, Moment, parent
from fund.tables import Person

from .forms import Question


class ChangeRequest(Model):
    """`before` is what was sent, `after` what the applicant answered; a request that was taken back has neither `after`."""

    __tablename__ = "change_request"
    __table_args__ = (CheckConstraint("answered_at is null or cancelled_at is null", name="answered_or_cancelled"),)

    id: Mapped[Key]
    application_id: Mapped[int] = parent("application.id")
    question_id: Mapped[int] = parent("question.id")
    sentence: Mapped[str]  # what the applicant is asked to do
    due_at: Mapped[Moment]
    asked_at: Mapped[Moment]
    asked_by_id: Mapped[int] = parent("person.id", index=False)
    before: Mapped[Any] = mapped_column(Json, nullable=True)
    after: Mapped[Any] = mapped_column(Json, nullable=True)
    answered_at: Mapped[Moment | None]
    answered_by_id: Mapped[int | None] = parent("person.id", index=False)
    cancelled_at: Mapped[Moment | None]

    question: Mapped[Question] = relationship()
    asked_by: Mapped[Person] = relationship(foreign_keys=asked_by_id)
    answered_by: Mapped[Person | None] = relationship(foreign_keys=answered_by_id)


class ChangeDraft(Model):
    """What was written for a request and is not sent yet, one row per save: the newest stands, none is overwritten."""

    __tablename__ = "change_draft"
    __table_args__ = (UniqueConstraint("request_id", "version"),)

    id: Mapped[Key]
    request_id: Mapped[int] = parent("change_request.id")
    version: Mapped[int]
    value: Mapped[Any] = mapped_column(Json, nullable=True)
    saved_at: Mapped[Moment]
    saved_by_id: Mapped[int] = parent("person.id", index=False)
    page: Mapped[str | None]
    page_turn: Mapped[int | None]

    saved_by: Mapped[Person] = relationship()
