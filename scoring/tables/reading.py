"""What an assessor has had before them: the sections of a bid that were opened."""

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from fund.core.database import Key, Model, Moment, parent


class SectionRead(Model):
    """One section of one bid was before its reader. `section` is the key of the form's section."""

    __tablename__ = "section_read"
    __table_args__ = (UniqueConstraint("assignment_id", "section"),)

    id: Mapped[Key]
    assignment_id: Mapped[int] = parent("assignment.id")
    section: Mapped[str]
    read_at: Mapped[Moment]
