"""Signed copies: a scan of the letter with ink on it, sent in place of signing online, and who of the fund looked at it."""

from typing import Any

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fund.core.database import Json, Key, Model, Moment, one_of, parent
from fund.core.files import StoredFile
from fund.tables import Person

from .awards import Award


class SignedCopy(Model):
    """`signers` is [{"person": key, "name", "role"}] as the sender stated them; `letter_sha256` is the letter that was open
    for signing when it was sent. A later copy replaces one that still waits."""

    __tablename__ = "signed_copy"
    __table_args__ = (
        one_of("outcome", "outcome", ("accepted", "refused", "replaced")),
        CheckConstraint("checked_by_id is null or checked_by_id != sent_by_id", name="checker_did_not_send"),
        CheckConstraint("outcome is null or outcome = 'replaced' or checked_by_id is not null", name="checked_by_somebody"),
    )  # fmt: skip

    id: Mapped[Key]
    award_id: Mapped[int] = parent("award.id")
    file_id: Mapped[int] = parent("stored_file.id", index=False)
    letter_sha256: Mapped[str]
    signers: Mapped[list[Any]] = mapped_column(Json)
    sent_at: Mapped[Moment]
    sent_by_id: Mapped[int] = parent("person.id", index=False)
    outcome: Mapped[str | None]
    why: Mapped[str | None]
    checked_at: Mapped[Moment | None]
    checked_by_id: Mapped[int | None] = parent("person.id", index=False)

    award: Mapped[Award] = relationship()
    file: Mapped[StoredFile] = relationship()
    sent_by: Mapped[Person] = relationship(foreign_keys=sent_by_id)
    checked_by: Mapped[Person | None] = relationship(foreign_keys=checked_by_id)
