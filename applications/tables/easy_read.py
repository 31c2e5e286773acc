"""The Easy Read page of a round, where an officer wrote one: short lines, each beside a picture."""

from typing import Any

from sqlalchemy.orm import Mapped, mapped_column, relationship

from fund.core.database import Json, Key, Model, Moment, Versioned, parent
from fund.tables import Person


class EasyRead(Versioned, Model):
    """`lines` is [{"picture": key of applications.easy_read.PICTURES, "words"}]. A round without a row shows the first draft."""

    __tablename__ = "easy_read"

    id: Mapped[Key]
    round_id: Mapped[int] = parent("round.id", unique=True)
    lines: Mapped[list[Any]] = mapped_column(Json)
    saved_at: Mapped[Moment]
    saved_by_id: Mapped[int] = parent("person.id", index=False)
    version: Mapped[int] = mapped_column(default=1)

    saved_by: Mapped[Person] = relationship()
