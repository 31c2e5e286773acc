"""Answers that were spoken: the recording of each, and its words as somebody of the fund typed them down."""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fund.core.database import Key, Model, Moment, parent
from fund.core.files import StoredFile
from fund.tables import Person


class VoiceNote(Model):
    """A recording under one question of a bid. One that was replaced or taken out has `removed_at` and stays on record."""

    __tablename__ = "voice_note"
    __table_args__ = (
        CheckConstraint("(transcript is null) = (transcript_by_id is null)", name="typed_down_by_somebody"),
        CheckConstraint("(transcript is null) = (transcript_at is null)", name="typed_down_at_some_time"),
    )

    id: Mapped[Key]
    application_id: Mapped[int] = parent("application.id")
    question_id: Mapped[int] = parent("question.id")
    file_id: Mapped[int] = parent("stored_file.id")
    seconds: Mapped[int | None]  # how long it takes; empty where the file does not say
    added_at: Mapped[Moment]
    added_by_id: Mapped[int] = parent("person.id", index=False)
    removed_at: Mapped[Moment | None]
    transcript: Mapped[str | None]
    transcript_at: Mapped[Moment | None]
    transcript_by_id: Mapped[int | None] = parent("person.id", index=False)
    version: Mapped[int] = mapped_column(default=1)

    file: Mapped[StoredFile] = relationship()
    transcript_by: Mapped[Person | None] = relationship(foreign_keys=transcript_by_id)
