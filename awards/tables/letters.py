"""Letters: the bytes as they were sent, their fingerprint, and what replaced them."""

from typing import Any

from sqlalchemy import LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from applications.tables import Application
from fund.core.database import Json, Key, Model, Moment, one_of, parent

LETTER_KINDS = {
    "award": "Award letter",
    "unsuccessful": "Decision letter",
    "ineligible": "Eligibility letter",
    "variation": "Variation letter",
}


class Letter(Model):
    """`facts` is everything the letter was drawn from; drawing them again gives the same bytes."""

    __tablename__ = "letter"
    __table_args__ = (one_of("kind", "kind", LETTER_KINDS), UniqueConstraint("application_id", "kind", "number"))

    id: Mapped[Key]
    application_id: Mapped[int] = parent("application.id")
    award_version_id: Mapped[int | None] = parent("award_version.id")
    kind: Mapped[str]
    number: Mapped[int]
    facts: Mapped[dict[str, Any]] = mapped_column(Json)
    pdf: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    sha256: Mapped[str] = mapped_column(index=True)
    made_at: Mapped[Moment]
    sent_at: Mapped[Moment | None]
    replaced_by_id: Mapped[int | None] = parent("letter.id", index=False)

    application: Mapped[Application] = relationship()
