"""What the needs assessment counted in a place, as panels and the public may see it.

Counts from 1 up to the setting `small_number` are shown as "<5", and nothing from which one could be worked out is shown beside
them: no total and no change of a place with a hidden year (design rule 15).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import current_app
from sqlalchemy import Integer, bindparam, func, select

from fund.core.database import db
from fund.tables import Area, NeedsDataset, NeedsFigure, Partnership

Shown = int | str


@dataclass(frozen=True)
class AreaNeeds:
    """One place. `latest` and the figures of `trend` are numbers, or "<5" for what is too small to show.

    `rank` 1 is the highest count over all years together; equal counts share a rank. `total` is None when a year is hidden.
    """

    area: str
    district: str | None
    latest: Shown
    period: str
    rank: int
    rank_of: int
    trend: list[tuple[str, Shown]]
    total: int | None
    measure: str
    scope: str | None
    source: str
    invented: bool
    note: str | None = None

    @property
    def has_hidden(self) -> bool:
        return any(isinstance(count, str) for _, count in self.trend)


def shown_count(count: int, small: int) -> Shown:
    """The count, or "<5" when it is small; nothing at all (0) tells of nobody and is shown."""
    return f"<{small}" if 0 < count < small else count


def small_number() -> int:
    """Counts below this are not shown: a setting of the installation."""
    return current_app.config["SETTINGS"].small_number


def needs_for(partnership: Partnership | int, areas: Iterable[str] | None = None) -> list[AreaNeeds]:
    """The needs of these places (of all when none are named), highest first, in one statement.

    Places that no figure speaks of are left out; ranks are among all places of the dataset.
    """
    key = partnership if isinstance(partnership, int) else partnership.id
    asked: dict[str, Any] = {"partnership": key}
    if areas is not None:
        asked["names"] = list(areas)
    by_area: dict[str, list] = {}
    for row in db.session.execute(_figures(areas is not None), asked):
        by_area.setdefault(row[0], []).append(row)
    small = small_number()
    found = [_area_needs(rows, small) for rows in by_area.values()]
    return sorted(found, key=lambda each: (each.rank, each.area))


@cache
def _figures(by_name: bool):
    """Every figure of the newest dataset, or of places by name only, with the total and rank of its place among all.

    The database ranks, so that two places of a bid do not cost reading the figures of fifty.
    """
    newest = (
        select(func.max(NeedsDataset.id))
        .where(NeedsDataset.partnership_id == bindparam("partnership"), NeedsDataset.superseded_at.is_(None))
        .scalar_subquery()
    )
    whole = func.sum(NeedsFigure.count, type_=Integer)
    ranked = (
        select(
            NeedsFigure.area_id.label("area_id"), whole.label("total"),
            func.rank().over(order_by=whole.desc()).label("rank"), func.count().over().label("rank_of"),
        )
        .where(NeedsFigure.dataset_id == newest)
        .group_by(NeedsFigure.area_id)
        .subquery()
    )  # fmt: skip
    wanted = (
        select(
            Area.name, Area.district, NeedsFigure.period, NeedsFigure.count, NeedsFigure.note, ranked.c.total,
            ranked.c.rank, ranked.c.rank_of, NeedsDataset.measure, NeedsDataset.scope, NeedsDataset.source, NeedsDataset.invented,
        )
        .select_from(NeedsFigure)
        .join(Area, Area.id == NeedsFigure.area_id)
        .join(ranked, ranked.c.area_id == NeedsFigure.area_id)
        .join(NeedsDataset, NeedsDataset.id == NeedsFigure.dataset_id)
        .where(NeedsFigure.dataset_id == newest)
        .order_by(Area.name, NeedsFigure.period)
    )  # fmt: skip
    return wanted.where(Area.name.in_(bindparam("names", expanding=True))) if by_name else wanted


def _area_needs(rows: Sequence, small: int) -> AreaNeeds:
    name, district, period, _count, _note, total, rank, rank_of, measure, scope, source, invented = rows[-1]
    trend = [(row[2], shown_count(row[3], small)) for row in rows]
    hidden = any(isinstance(count, str) for _, count in trend)
    note = next((row[4] for row in rows if row[4]), None)
    return AreaNeeds(
        name, district, trend[-1][1], period, rank, rank_of, trend, None if hidden else total,
        measure, scope, source, invented, note,
    )  # fmt: skip
