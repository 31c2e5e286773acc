"""Letters: the bytes as they were sent, their fingerprint, what replaced them, and the templates they were made with."""

from typing import Any

from sqlalchemy import LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from applications.tables import Application
from fund.core.database import Json, Key, Model, Moment, one_of, parent
from fund.tables import Partnership, Person

LETTER_KINDS = {
    "award": "Award letter",
    "conditional": "Conditional award letter",
    "unsuccessful": "Decision letter",
    "ineligible": "Eligibility letter",
    "variation": "Variation letter",
    "reminder": "Reminder",
    "closure": "Closing letter",
    "ending": "Letter that ends the grant early",
    "withdrawal": "Letter about a withdrawal",
}


class LetterTemplate(Model):
    """One version of a partnership's words for one kind of letter: Markdown with fields. Never edited: a change is the
    next number. Without `created_by_id` it is a copy of the standard words that ship with the system."""

    __tablename__ = "letter_template"
    __table_args__ = (
        one_of("kind", "kind", LETTER_KINDS),
        UniqueConstraint("partnership_id", "kind", "number"),
    )

    id: Mapped[Key]
    partnership_id: Mapped[int] = parent("partnership.id")
    kind: Mapped[str]
    number: Mapped[int]
    words: Mapped[str]
    why: Mapped[str | None]
    created_at: Mapped[Moment]
    created_by_id: Mapped[int | None] = parent("person.id", index=False)

    partnership: Mapped[Partnership] = relationship()
    created_by: Mapped[Person | None] = relationship()


class Letter(Model):
    """`facts` is everything the letter was drawn from, its template's words included; drawing them again, with `signature`
    where there is one (CMS in DER), gives the same bytes. `signed_with` is the SHA-256 of the certificate."""

    __tablename__ = "letter"
    __table_args__ = (one_of("kind", "kind", LETTER_KINDS), UniqueConstraint("application_id", "kind", "number"))

    id: Mapped[Key]
    application_id: Mapped[int] = parent("application.id")
    award_version_id: Mapped[int | None] = parent("award_version.id")
    template_id: Mapped[int | None] = parent("letter_template.id")
    kind: Mapped[str]
    number: Mapped[int]
    facts: Mapped[dict[str, Any]] = mapped_column(Json)
    pdf: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    sha256: Mapped[str] = mapped_column(index=True)
    signature: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    signed_with: Mapped[str | None] = mapped_column(index=True)
    made_at: Mapped[Moment]
    sent_at: Mapped[Moment | None]
    replaced_by_id: Mapped[int | None] = parent("letter.id", index=False)

    application: Mapped[Application] = relationship()
