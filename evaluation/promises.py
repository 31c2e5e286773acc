"""Promises: what a bid said it would do, made into targets, periods and a spend profile when its offer is accepted."""

import re
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from applications.answers import values_of
from applications.tables import Application
from applications.workflow import APPLICATION
from awards.schedule import return_periods
from awards.tables import Award
from fund.core import audit
from fund.core.database import db
from fund.core.problems import Problem, WrongMoment
from fund.tables import Person

from .indicators import indicators_by_code, is_rate
from .periods import ROUND_OF_AWARD, people_shared, periods_of, spend_profile, terms_of
from .tables import BudgetHeading, Promise, ReturnPeriod

BEFORE_DELIVERY = frozenset({"accepted"})
_NUMBER = re.compile(r"-?\d{1,9}(?:\.\d{1,2})?")


@APPLICATION.check("tells", "delivery_prepared")
def _prepare(application: Application, *, by, now: datetime, reason=None, **facts) -> None:
    award = db.session.scalars(select(Award).where(Award.application_id == application.id)).one()
    prepare_delivery(award, by=by, now=now)


def prepare_delivery(award: Award, *, by: Person | None, now: datetime) -> None:
    """Make the promises, budget headings and return periods of an award. Doing it twice changes nothing."""
    if periods_of(award):
        return
    answers = values_of(award.application)
    _add_promises(award, answers.get("outcomes") or _people_alone(answers.get("beneficiaries") or {}))
    _add_headings(award, answers.get("budget") or [])
    _add_periods(award, (answers.get("beneficiaries") or {}).get("total"))
    db.session.flush()
    audit.record("award.prepare_delivery", award, by=by, now=now)


def _people_alone(beneficiaries: dict) -> list[dict]:
    """The short form asks for no list of outcomes: what is promised is how many people take part."""
    total = beneficiaries.get("total")
    return [{"indicator": "OUT-UNI", "measure": "People who take part", "baseline": "0", "target": total, "unit": "people"}] if total else []  # fmt: skip


def _add_promises(award: Award, outcomes: list[dict]) -> None:
    library = indicators_by_code([row.get("indicator") for row in outcomes])
    for position, row in enumerate(outcomes, 1):
        indicator = library.get(row.get("indicator"))
        unit = row.get("unit") or (indicator.unit if indicator else "people")
        baseline, note = read_baseline(row.get("baseline"), unit)
        db.session.add(Promise(
            award_id=award.id, indicator_id=indicator and indicator.id, position=position, unit=unit,
            measure=row.get("measure") or (indicator.title if indicator else ""), baseline=baseline, baseline_note=note,
            target=float(row.get("target") or 0),
        ))  # fmt: skip


def read_baseline(text: str | None, unit: str) -> tuple[float | None, str | None]:
    """A bid's baseline: the number it begins with, and its words. What is counted from the start begins at nought."""
    words = (text or "").strip()
    found = _NUMBER.match(words)
    if found and not is_rate(unit):
        return float(found[0]), words
    if found and words.rstrip(" %").removesuffix("per cent").strip() == found[0]:
        return float(found[0]), words
    return (None, words or None) if is_rate(unit) else (0.0, "Counted from the first day of the award")


def _add_headings(award: Award, lines: list[dict]) -> None:
    sums: dict[str, int] = {}
    for line in lines:
        heading = (line.get("heading") or "Other").strip()
        sums[heading] = sums.get(heading, 0) + int(line.get("amount_pence") or 0)
    for position, (heading, pence) in enumerate(sums.items(), 1):
        db.session.add(BudgetHeading(award_id=award.id, heading=heading, amount_pence=pence, position=position))


def _add_periods(award: Award, people: int | None) -> None:
    terms = terms_of(award)
    periods = return_periods(terms.starts_on, terms.ends_on, award.round.return_every_months)
    profile = spend_profile(terms.amount_pence, [(first, last) for _, first, last, _ in periods])
    shares = people_shared(people or award.application.beneficiaries_count, len(periods))
    for (number, first, last, due), pence, expected in zip(periods, profile, shares, strict=True):
        db.session.add(ReturnPeriod(
            award_id=award.id, number=number, starts_on=first, ends_on=last, due_on=due, profile_pence=pence,
            people_expected=expected,
        ))  # fmt: skip


def promises_of(award: Award) -> list[Promise]:
    """The award's promises with their indicators, in the bid's order, in one statement."""
    wanted = select(Promise).where(Promise.award_id == award.id).order_by(Promise.position)
    return list(db.session.scalars(wanted.options(joinedload(Promise.indicator))))


def load_promise(key: int) -> Promise | None:
    return db.session.scalar(
        select(Promise).where(Promise.id == key).options(joinedload(Promise.award).options(*ROUND_OF_AWARD))
    )


def set_baseline(
    promise: Promise, value: float | None, note: str | None, *, by: Person, now: datetime
) -> None:  # fmt: skip
    """Record where a measure starts from, or in words when it will be known.

    Once a number stands and delivery has begun it stays: results are read against it. Raises WrongMoment, Problem.
    """
    if promise.baseline is not None and promise.award.application.status not in BEFORE_DELIVERY:
        raise WrongMoment("Delivery has started, so this baseline can no longer be changed.", "baseline")
    if value is None and not (note or "").strip():
        raise Problem("Enter the baseline, or say when it will be known", "baseline")
    old = promise.baseline
    promise.baseline, promise.baseline_note = value, note or promise.baseline_note
    audit.record("promise.set_baseline", promise, by=by, now=now, old=old, new=value)


def correct_target(promise: Promise, target: float, *, by: Person, now: datetime) -> None:
    """Correct a target before delivery starts. Afterwards it is a change of the award. Raises WrongMoment, Problem."""
    if target == promise.target:
        return
    if promise.award.application.status not in BEFORE_DELIVERY:
        raise WrongMoment("Delivery has started. A target now changes only by changing the award.", "target")
    if not target:
        raise Problem("Enter a target other than 0", "target")
    old, promise.target = promise.target, target
    audit.record("promise.correct_target", promise, by=by, now=now, old=old, new=target)


@APPLICATION.check("needs", "baselines_set")
def _baselines_set(application: Application, *, by, now: datetime, **facts) -> None:
    """Each promise has a baseline, or words that say when there will be one (a questionnaire is first asked at the start)."""
    unset = (Promise.baseline.is_(None), func.coalesce(Promise.baseline_note, "") == "")
    wanted = select(Promise.measure).join(Award).where(Award.application_id == application.id, *unset)
    missing = list(db.session.scalars(wanted.order_by(Promise.position)))
    if missing:
        raise Problem(f"Set the baseline first for: {'; '.join(missing)}.")
