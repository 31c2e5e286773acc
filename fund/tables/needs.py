"""Places, and what the needs assessment counted there."""

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fund.core.database import Key, Model, Moment, parent


class Area(Model):
    """A ward, division or other place of a partnership that a bid can name."""

    __tablename__ = "area"
    __table_args__ = (UniqueConstraint("partnership_id", "name"),)

    id: Mapped[Key]
    partnership_id: Mapped[int] = parent("partnership.id")
    name: Mapped[str]
    kind: Mapped[str]
    district: Mapped[str | None]
    code: Mapped[str | None]
    source: Mapped[str]


class NeedsDataset(Model):
    """One table of a needs assessment, with where it came from. `invented` marks figures made up for demonstration."""

    __tablename__ = "needs_dataset"

    id: Mapped[Key]
    partnership_id: Mapped[int] = parent("partnership.id")
    title: Mapped[str]
    measure: Mapped[str]
    scope: Mapped[str | None]
    source: Mapped[str]
    invented: Mapped[bool] = mapped_column(default=False)
    sha256: Mapped[str | None]
    loaded_at: Mapped[Moment]
    superseded_at: Mapped[Moment | None]


class NeedsFigure(Model):
    """One count: area, period ("2022-23"), offences or events."""

    __tablename__ = "needs_figure"
    __table_args__ = (UniqueConstraint("dataset_id", "area_id", "period"),)

    id: Mapped[Key]
    dataset_id: Mapped[int] = parent("needs_dataset.id")
    area_id: Mapped[int] = parent("area.id")
    period: Mapped[str]
    count: Mapped[int]
    note: Mapped[str | None]

    area: Mapped[Area] = relationship()
