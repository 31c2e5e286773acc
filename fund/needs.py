"""What the needs assessment counted in a place, as panels and the public may see it.

Counts from 1 up to the setting `small_number` are shown as "<5", and nothing from which one could be worked out is shown beside
them: no total and no change of a place with a hidden year (design rule 15).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import func, select

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
    newest = (
        select(func.max(NeedsDataset.id))
        .where(NeedsDataset.partnership_id == key, NeedsDataset.superseded_at.is_(None))
        .scalar_subquery()
    )
    wanted = (
        select(
            Area.name, Area.district, NeedsFigure.period, NeedsFigure.count, NeedsFigure.note,
            NeedsDataset.measure, NeedsDataset.scope, NeedsDataset.source, NeedsDataset.invented,
        )
        .join(NeedsFigure.area)
        .join(NeedsDataset, NeedsDataset.id == NeedsFigure.dataset_id)
        .where(NeedsDataset.id == newest)
        .order_by(Area.name, NeedsFigure.period)
    )  # fmt: skip
    by_area: dict[str, list] = {}
    for row in db.session.execute(wanted):
        by_area.setdefault(row.name, []).append(row)
    totals = {name: sum(row.count for row in rows) for name, rows in by_area.items()}
    names = by_area if areas is None else set(areas) & set(by_area)
    small = small_number()
    ordered = sorted(names, key=lambda name: (-totals[name], name))
    return [_area_needs(by_area[name], totals, small) for name in ordered]


def _area_needs(rows: Sequence, totals: dict[str, int], small: int) -> AreaNeeds:
    last, total = rows[-1], totals[rows[-1].name]
    trend = [(row.period, shown_count(row.count, small)) for row in rows]
    hidden = any(isinstance(count, str) for _, count in trend)
    return AreaNeeds(
        area=last.name,
        district=last.district,
        latest=trend[-1][1],
        period=last.period,
        rank=1 + sum(other > total for other in totals.values()),
        rank_of=len(totals),
        trend=trend,
        total=None if hidden else total,
        measure=last.measure,
        scope=last.scope,
        source=last.source,
        invented=last.invented,
        note=next((row.note for row in rows if row.note), None),
    )
