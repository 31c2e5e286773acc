"""Counts for the officer: how many bids each member has, and how far each bid's readings are."""

from collections import defaultdict

from sqlalchemy import case, func, select

from applications.tables import Application
from fund.core.database import db
from fund.tables import Round

from .tables import Assignment, BidView


def loads_of(round: Round) -> dict[int, dict[str, int]]:
    """For each seat: how many of its bids are assigned, sealed, recused and excused, views in pictures among them."""
    query = select(Assignment.seat_id, Assignment.status, func.count()).join(Application)
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for seat, status, count in db.session.execute(
        query.where(Application.round_id == round.id).group_by(Assignment.seat_id, Assignment.status)
    ):
        found[seat][status] = count
    for seat, status, count in db.session.execute(_views(round)):
        found[seat][status] = found[seat].get(status, 0) + count
    return found


def _views(round: Round):
    """The same of bids that young and lived-experience members give a view on."""
    finished = case((BidView.finished_at.is_not(None), "sealed"), else_="assigned")
    status = case((BidView.voided_at.is_not(None), "recused"), else_=finished)
    query = select(BidView.seat_id, status, func.count()).join(Application)
    return query.where(Application.round_id == round.id).group_by(BidView.seat_id, status)


def reading_counts(round: Round) -> dict[int, dict[str, int]]:
    """For each bid: how many of its readings are assigned, sealed, recused and excused."""
    query = select(Assignment.application_id, Assignment.status, func.count()).join(Application)
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for bid, status, count in db.session.execute(
        query.where(Application.round_id == round.id).group_by(Assignment.application_id, Assignment.status)
    ):
        found[bid][status] = count
    return found
