"""Sums over a whole round's finished readings, made by the database: what lists of hundreds of bids stand on."""

from collections import defaultdict
from decimal import Decimal

from sqlalchemy import Integer, Select, case, func, select

from fund.core.database import db

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
    for bid, points, weight in db.session.execute(counted(query)):
        totals[bid].append(total_of(points, weight))
    return totals


def seat_totals(round_id: int) -> dict[tuple[int, int], Decimal | None]:
    """{(seat, bid): the total out of 100} of every finished reading of a round. One statement."""
    applies = case((Score.mark.is_not(None), Criterion.weight), else_=0)
    query = (
        select(
            Assignment.seat_id, Assignment.application_id,
            func.sum(func.coalesce(Score.mark, 0) * Criterion.weight, type_=Integer), func.sum(applies, type_=Integer),
        )
        .select_from(Score)
        .join(Assignment, Assignment.id == Score.assignment_id)
        .join(Criterion, Criterion.id == Score.criterion_id)
        .where(Criterion.round_id == round_id)
        .group_by(Assignment.seat_id, Assignment.application_id)
    )  # fmt: skip
    return {(seat, bid): total_of(points, weight) for seat, bid, points, weight in db.session.execute(counted(query))}


def mark_spreads(criteria_ids) -> list[tuple[int, int, int, int, int]]:
    """(bid, criterion, sum of marks, how many, highest minus lowest) over finished readings. One statement."""
    query = (
        select(
            Assignment.application_id, Score.criterion_id,
            func.sum(Score.mark, type_=Integer), func.count(Score.mark), func.max(Score.mark) - func.min(Score.mark),
        )
        .join(Assignment, Assignment.id == Score.assignment_id)
        .where(Score.criterion_id.in_(criteria_ids))
        .group_by(Assignment.application_id, Score.criterion_id)
    )  # fmt: skip
    return [(bid, criterion, points, count, apart) for bid, criterion, points, count, apart in db.session.execute(counted(query)) if count]  # fmt: skip
