"""The conditions of an award: the standard ones that ship as data, and the decision's own; who cleared which, on what evidence."""

import functools
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import yaml
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from applications.workflow import ENDED
from fund.core import audit
from fund.core.database import db
from fund.core.problems import Problem, WrongMoment
from fund.tables import Person

from .tables import Award, Condition

OWN_TITLE = "For this award"
FILE = Path(__file__).parent / "data" / "standard_conditions.yaml"


@dataclass(frozen=True)
class Standard:
    """One standard condition. `gate` holds payments back until somebody cleared it with evidence."""

    key: str
    title: str
    text: str
    source: str
    gate: bool = False


@functools.cache
def standard_conditions() -> tuple[Standard, ...]:
    return tuple(Standard(**row) for row in yaml.safe_load(FILE.read_text(encoding="utf-8"))["conditions"])


def load_condition(key: int) -> Condition | None:
    return db.session.get(Condition, key)


def conditions_of(award: Award) -> list[Condition]:
    wanted = (
        select(Condition)
        .where(Condition.award_id == award.id)
        .options(joinedload(Condition.cleared_by))
        .order_by(Condition.number)
    )
    return list(db.session.scalars(wanted))


def own_conditions(award: Award) -> list[Condition]:
    """Those that were set for this award alone."""
    return [each for each in conditions_of(award) if each.title == OWN_TITLE]


def set_conditions(award: Award, own: list[str]) -> list[Condition]:
    """Number the standard conditions and after them the decision's own."""
    rows = planned_conditions(award.id, own)
    db.session.add_all(rows)
    db.session.flush()
    return rows


def planned_conditions(award_id: int | None, own: list[str]) -> list[Condition]:
    """The conditions that an award would have; nothing is kept."""
    texts = [(each.title, each.text.strip(), each.gate) for each in standard_conditions()]
    texts += [(OWN_TITLE, text.strip(), False) for text in own if text.strip()]
    return [
        Condition(award_id=award_id, number=number, title=title, text=text, gate=gate)
        for number, (title, text, gate) in enumerate(texts, start=1)
    ]


def clear_condition(condition: Condition, evidence: str, *, by: Person, now: datetime) -> None:
    """Record that a condition is met, with the evidence that was seen. Raises Problem without evidence, WrongMoment after the end."""
    _still_running(condition.award)
    if condition.cleared_at is not None:
        raise WrongMoment("This condition was cleared already.")
    if not evidence.strip():
        raise Problem("Say what you saw, for example the policy number and its end date", "evidence")
    condition.evidence, condition.cleared_at, condition.cleared_by_id = evidence.strip(), now, by.id
    audit.record("condition.clear", condition, by=by, now=now, award=condition.award_id, number=condition.number)


def _still_running(award: Award) -> None:
    if award.application.status in ENDED:
        raise WrongMoment("This award has ended. No payment waits for its conditions.")
