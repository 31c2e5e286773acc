"""What a round asks. A form is data that officers write; it is frozen when the round opens."""

from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fund.core.database import Key, Model, Moment, Pence, Versioned, one_of, parent

TRACKS = {"both": "In both forms", "full": "Only in the full form", "short": "Only in the short form"}


class Form(Versioned, Model):
    """One version of a round's form. A correction is the next version: drafts move to it, sent bids keep theirs."""

    __tablename__ = "form"
    __table_args__ = (UniqueConstraint("round_id", "number"),)

    id: Mapped[Key]
    round_id: Mapped[int] = parent("round.id")
    number: Mapped[int] = mapped_column(default=1)
    frozen_at: Mapped[Moment | None]
    content_sha256: Mapped[
        str | None
    ]  # over everything asked, set when frozen: the name of the copy kept in the process
    short_up_to_pence: Mapped[Pence | None]  # asks of up to this much use the short form; None: one form for all
    note: Mapped[str | None]  # what a correction is about, in the words that applicants read
    elsewhere: Mapped[list[Any]]  # other places to ask: [{"name", "what", "where"}]
    created_at: Mapped[Moment]
    version: Mapped[int] = mapped_column(default=1)


class Section(Model):
    __tablename__ = "section"
    __table_args__ = (UniqueConstraint("form_id", "key"),)

    id: Mapped[Key]
    form_id: Mapped[int] = parent("form.id")
    key: Mapped[str]
    title: Mapped[str]
    position: Mapped[int]


class Question(Model):
    """One question. `kind` names a question type; `settings` are that type's own; `show_when` is as `conditions` says.

    `short` are the words of the short form where they differ: {"text", "why", "help", "example", "word_limit"}.
    """

    __tablename__ = "question"
    __table_args__ = (UniqueConstraint("form_id", "key"), one_of("track", "track", TRACKS))

    id: Mapped[Key]
    form_id: Mapped[int] = parent("form.id")
    section_id: Mapped[int] = parent("section.id")
    key: Mapped[str]
    kind: Mapped[str]
    text: Mapped[str]
    why: Mapped[str | None]
    help: Mapped[str | None]
    example: Mapped[str | None]
    word_limit: Mapped[int | None]
    required: Mapped[bool] = mapped_column(default=True)
    settings: Mapped[dict[str, Any]]
    show_when: Mapped[dict[str, Any] | None]
    track: Mapped[str] = mapped_column(default="both")
    short: Mapped[dict[str, Any] | None]
    position: Mapped[int]


class EligibilityQuestion(Model):
    """A yes/no question asked before any sign-in. The other answer than `good` ends with `otherwise`."""

    __tablename__ = "eligibility_question"

    id: Mapped[Key]
    form_id: Mapped[int] = parent("form.id")
    key: Mapped[str]
    text: Mapped[str]
    help: Mapped[str | None]
    good: Mapped[bool]
    ends: Mapped[str]  # "no": you cannot apply; "talk": talk to us
    otherwise: Mapped[str]
    position: Mapped[int]
