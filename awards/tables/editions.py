"""Editions of the public register: what a partnership published on a day, as a file that stays as it was."""

from sqlalchemy import CheckConstraint, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fund.core.database import Key, Model, Moment, Pence, parent
from fund.tables import Partnership, Person


class Edition(Model):
    """One press of the button. `content` is the 360Giving package as JSON, as the schema took it; never edited."""

    __tablename__ = "edition"
    __table_args__ = (UniqueConstraint("partnership_id", "number"), CheckConstraint("grants > 0", name="not_empty"))

    id: Mapped[Key]
    partnership_id: Mapped[int] = parent("partnership.id")
    number: Mapped[int]
    grants: Mapped[int]
    awarded_pence: Mapped[Pence]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    sha256: Mapped[str]
    published_at: Mapped[Moment]
    published_by_id: Mapped[int] = parent("person.id", index=False)

    partnership: Mapped[Partnership] = relationship()
    published_by: Mapped[Person] = relationship()
