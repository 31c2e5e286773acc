"""Sums over a whole round's finished readings, made by the database: what lists of hundreds of bids stand on."""

from collections import defaultdict
from decimal import Decimal

from sqlalchemy import Integer, Select, String, case, func, select, type_coerce

from fund.core.database import db

from .criteria import MARKS
from .tables import Assignment, Criterion, Score
from .totals import total_of


def counted(query: Select) -> Select:
    """The same query over scores of finished readings only, never over voided ones."""
    return query.where(Assignment.status == "sealed", Score.voided_at.is_(None))


def member_totals(round_id: int) -> dict[int, list[Decimal | None]]:
    """For each bid the total out of 100 of every member who has finished it. One statement."""
    applies = case((Score.mark.is_not(None), Criterion.weight), else_=0)
    query = (
        select(
            Assignment.application_id,
            func.sum(func.coalesce(Score.mark, 0) * Criterion.weight, type_=Integer),
            func.sum(applies, type_=Integer),
        )
        .select_from(Score)
        .join(Assignment, Assignment.id == Score.assignment_id)
        .join(Criterion, Criterion.id == Score.criterion_id)
        .where(Criterion.round_id == round_id)
        .group_by(Assignment.application_id, Assignment.id)
    )
    totals: dict[int, list[Decimal | None]] = defaultdict(list)
    for bid, points, weight in db.session.execute(counted(query)).all():
        totals[bid].append(total_of(points, weight))
    return totals


def mark_spreads(criteria_ids, mean_at_most: int | None = None) -> list[tuple[int, int, int, int, int]]:
    """(bid, criterion, sum of marks, how many, highest minus lowest) over finished readings; with `mean_at_most` only where
    the mean mark is no higher. One statement."""
    query = (
        select(
            Assignment.application_id, Score.criterion_id,
            func.sum(Score.mark, type_=Integer), func.count(Score.mark), func.max(Score.mark) - func.min(Score.mark),
        )
        .join(Assignment, Assignment.id == Score.assignment_id)
        .where(Score.criterion_id.in_(criteria_ids))
        .group_by(Assignment.application_id, Score.criterion_id)
    )  # fmt: skip
    if mean_at_most is not None:
        query = query.having(func.sum(Score.mark) <= mean_at_most * func.count(Score.mark))
    return [(bid, criterion, points, count, apart) for bid, criterion, points, count, apart in db.session.execute(counted(query)).all() if count]  # fmt: skip


def totals_by_seat(round_id: int, *wanted) -> list[tuple[int, int, Decimal | None]]:
    """(bid, seat, that member's total out of 100) of every finished reading. One statement."""
    rows = db.session.execute(_by_seat(round_id).where(*wanted)).all()
    return [(bid, seat, total_of(points, weight)) for bid, seat, points, weight in rows]


def totals_with_versions(round_id: int) -> list[tuple[int, int, Decimal | None, tuple[int, int, str]]]:
    """The same, each with what changes whenever one of its marks does: how many there are, the sum of their versions, and
    when the last was saved. One statement."""
    saved = type_coerce(func.max(Score.saved_at), String)  # as the database writes it: to be compared, not read
    versions = (func.count(), func.sum(Score.version, type_=Integer), saved)
    rows = db.session.execute(_by_seat(round_id).add_columns(*versions)).all()
    return [
        (bid, seat, total_of(points, weight), (count, version, str(last)))
        for bid, seat, points, weight, count, version, last in rows
    ]


def _by_seat(round_id: int) -> Select:
    applies = case((Score.mark.is_not(None), Criterion.weight), else_=0)
    query = (
        select(
            Assignment.application_id, Assignment.seat_id,
            func.sum(func.coalesce(Score.mark, 0) * Criterion.weight, type_=Integer), func.sum(applies, type_=Integer),
        )
        .select_from(Score)
        .join(Assignment, Assignment.id == Score.assignment_id)
        .join(Criterion, Criterion.id == Score.criterion_id)
        .where(Criterion.round_id == round_id)
        .group_by(Assignment.application_id, Assignment.seat_id)
        .order_by(Assignment.application_id, Assignment.seat_id)
    )  # fmt: skip
    return counted(query)


def marks_alike(round_id: int, *wanted) -> dict[tuple[float, ...], int]:
    """{the marks that a criterion of a bid got, lowest first: how often just these were given}, over finished readings.

    One statement, which counts twice: how often each mark was given to each criterion of each bid, and how often such a row
    of counts comes. There are few of those, however many bids.
    """
    times = [func.sum(case((Score.mark == mark, 1), else_=0), type_=Integer).label(f"m{mark}") for mark in MARKS]
    each = (
        select(Assignment.application_id, Score.criterion_id, *times)
        .select_from(Score)
        .join(Assignment, Assignment.id == Score.assignment_id)
        .join(Criterion, Criterion.id == Score.criterion_id)
        .where(Criterion.round_id == round_id, *wanted)
        .group_by(Assignment.application_id, Score.criterion_id)
    )
    inner = counted(each).subquery()
    columns = [inner.c[f"m{mark}"] for mark in MARKS]
    rows = db.session.execute(select(func.count(), *columns).group_by(*columns).order_by(*columns)).all()
    return {
        tuple(mark for mark, often in zip(MARKS, counts, strict=True) for _ in range(often)): units
        for units, *counts in rows
    }
