"""Counts for the officer: how many bids each member has, and how far each bid's readings are."""

from collections import defaultdict

from sqlalchemy import func, select

from applications.tables import Application
from fund.core.database import db
from fund.tables import Round

from .tables import Assignment


def loads_of(round: Round) -> dict[int, dict[str, int]]:
    """For each seat: how many of its bids are assigned, sealed, recused and excused."""
    query = select(Assignment.seat_id, Assignment.status, func.count()).join(Application)
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for seat, status, count in db.session.execute(
        query.where(Application.round_id == round.id).group_by(Assignment.seat_id, Assignment.status)
    ):
        found[seat][status] = count
    return found


def reading_counts(round: Round) -> dict[int, dict[str, int]]:
    """For each bid: how many of its readings are assigned, sealed, recused and excused."""
    query = select(Assignment.application_id, Assignment.status, func.count()).join(Application)
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for bid, status, count in db.session.execute(
        query.where(Application.round_id == round.id).group_by(Assignment.application_id, Assignment.status)
    ):
        found[bid][status] = count
    return found
