"""The library of indicators in the database, and what kind of figure each unit makes."""

from datetime import datetime

from sqlalchemy import select

from fund.core.database import db
from fund.core.reference import reference

from .library import reader
from .tables import Indicator

RATE_WORDS = ("score", "scale", "mean", "per ", "raw total", "days")
_KEPT = ("title", "domain", "linked_to", "unit", "direction", "level", "frequency", "collection", "source", "licence_caveat", "note")  # fmt: skip


@reference(30)
def load_indicators(now: datetime) -> str:
    """Bring the table up to the library that ships. Loading again changes nothing; indicators are never taken away."""
    known = {row.code: row for row in db.session.scalars(select(Indicator))}
    added = changed = 0
    for position, entry in enumerate(reader.indicators(), 1):
        facts = _facts(entry) | {"position": position}
        row = known.get(entry.indicator_id)
        if row is None:
            db.session.add(Indicator(code=entry.indicator_id, **facts))
            added += 1
        elif any(getattr(row, name) != value for name, value in facts.items()):
            for name, value in facts.items():
                setattr(row, name, value)
            changed += 1
    db.session.flush()
    return f"Indicators: {added} added, {changed} changed, {len(known) + added} in all."


def _facts(entry: reader.Indicator) -> dict:
    linked = ", ".join(entry.linked_to)
    return {name: getattr(entry, name, None) or None for name in _KEPT} | {
        "title": entry.indicator,
        "linked_to": linked,
    }


def is_percentage(unit: str) -> bool:
    return unit.strip().startswith("%")


def is_rate(unit: str) -> bool:
    """Whether figures in this unit are averaged over those who answered. Others are counted and added up."""
    return is_percentage(unit) or any(word in unit for word in RATE_WORDS)


def counts_people(unit: str) -> bool:
    return unit.split(";")[0].strip().rstrip("s") in ("people", "young people", "person", "referral")


def indicators_by_code(codes) -> dict[str, Indicator]:
    """The indicators with these codes, by code."""
    wanted = [code for code in codes if code]
    return {row.code: row for row in db.session.scalars(select(Indicator).where(Indicator.code.in_(wanted)))}
