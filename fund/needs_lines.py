"""The figures of a place over the years as a line as small as a word. It stands beside the figures themselves, never alone."""

from collections.abc import Iterable
from functools import lru_cache

from markupsafe import Markup

from .core.charts import sparkline
from .needs import AreaNeeds, Shown


def sparks(places: Iterable[AreaNeeds]) -> dict[str, Markup]:
    """A small line for each place, by its name; a hidden year is a gap in it."""
    return {each.area: _spark(each.area, tuple(each.trend)) for each in places}


@lru_cache(maxsize=512)
def _spark(area: str, trend: tuple[tuple[str, Shown], ...]) -> Markup:
    """Kept in the process: the same figures give the same line, and a strategy shows dozens that change once a year."""
    said = ", ".join(f"{period}: {count}" for period, count in trend)
    return sparkline(f"{area}, {trend[0][0]} to {trend[-1][0]}", said, trend)
