"""Due diligence on a bid: what officers said of each check, and the packs that were kept as PDF."""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, relationship

from fund.core.database import Key, Model, Moment, one_of, parent
from fund.core.files import StoredFile
from fund.tables import Person

LOOKS = {"fine": "Looked at: fine", "not_fine": "Looked at: not fine"}


class DiligenceLook(Model):
    """An officer looked at one check. `digest` stands for what the system knew then. The latest look of a check counts."""

    __tablename__ = "diligence_look"
    __table_args__ = (one_of("answer", "answer", LOOKS),)

    id: Mapped[Key]
    application_id: Mapped[int] = parent("application.id")
    key: Mapped[str]
    answer: Mapped[str]
    reason: Mapped[str]
    digest: Mapped[str]
    looked_at: Mapped[Moment]
    looked_by_id: Mapped[int] = parent("person.id", index=False)

    looked_by: Mapped[Person] = relationship()


class DiligencePack(Model):
    """A pack as it was on one day, kept as a file. `open_count` is how many checks were still open; `tells_of` are the keys
    of the other bids that it names, so that nobody reads it who is recused from one."""

    __tablename__ = "diligence_pack"
    __table_args__ = (CheckConstraint("open_count >= 0", name="open_not_negative"),)

    id: Mapped[Key]
    application_id: Mapped[int] = parent("application.id")
    file_id: Mapped[int] = parent("stored_file.id", index=False)
    open_count: Mapped[int]
    tells_of: Mapped[list[int]]
    made_at: Mapped[Moment]
    made_by_id: Mapped[int] = parent("person.id", index=False)

    file: Mapped[StoredFile] = relationship()
    made_by: Mapped[Person] = relationship()
