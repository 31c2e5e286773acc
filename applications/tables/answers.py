"""Answers: one row per application and question, each with its own version, so that two people never overwrite each other."""

from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fund.core.database import Json, Key, Model, Moment, parent
from fund.core.files import StoredFile
from fund.tables import Person


class Answer(Model):
    """What stands in the form now. `value` is what the question type keeps: text, a number, or rows of a budget."""

    __tablename__ = "answer"
    __table_args__ = (UniqueConstraint("application_id", "question_id"),)

    id: Mapped[Key]
    application_id: Mapped[int] = parent("application.id")
    question_id: Mapped[int] = parent("question.id")
    value: Mapped[Any] = mapped_column(Json)
    digest: Mapped[str]  # SHA-256 of the value as canonical JSON: saving the same again changes nothing
    version: Mapped[int]
    saved_at: Mapped[Moment]
    saved_by_id: Mapped[int] = parent("person.id", index=False)

    saved_by: Mapped[Person] = relationship()


class AnswerChange(Model):
    """What an answer said at each version: who changed what, when. Nothing typed is ever overwritten for good."""

    __tablename__ = "answer_change"
    __table_args__ = (UniqueConstraint("application_id", "question_id", "version"),)

    id: Mapped[Key]
    application_id: Mapped[int] = parent("application.id")
    question_id: Mapped[int] = parent("question.id")
    version: Mapped[int]
    value: Mapped[Any] = mapped_column(Json)
    saved_at: Mapped[Moment]
    saved_by_id: Mapped[int] = parent("person.id", index=False)
    page: Mapped[
        str | None
    ]  # the open page it was typed into, and how often that page had saved: applications.open_pages
    page_turn: Mapped[int | None]


class Document(Model):
    """A file that belongs to a bid."""

    __tablename__ = "document"

    id: Mapped[Key]
    application_id: Mapped[int] = parent("application.id")
    question_id: Mapped[int | None] = parent("question.id")
    file_id: Mapped[int] = parent("stored_file.id")
    kind: Mapped[str]
    added_at: Mapped[Moment]
    added_by_id: Mapped[int] = parent("person.id", index=False)
    removed_at: Mapped[Moment | None]

    file: Mapped[StoredFile] = relationship()
