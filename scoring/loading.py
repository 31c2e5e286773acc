"""Loaders for addresses: one statement each, with what the page's permission and heading will ask for."""

from functools import cache

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from applications.tables import Application
from fund.core.database import db
from fund.tables import Fund, Round

from .tables import Assignment, Criterion, EvidenceCard, Seat


def load_round(key: int) -> Round | None:
    return db.session.scalar(_round(), {"key": key})


@cache
def _round():
    """Built once, as the others: putting such a statement together takes as long as asking it."""
    partnership = joinedload(Round.fund).joinedload(Fund.partnership)
    return select(Round).where(Round.id == bindparam("key")).options(partnership)


def load_bid(key: int) -> Application | None:
    """A bid with its round, partnership, organisation and priority."""
    return db.session.scalar(_bid(), {"key": key})


@cache
def _bid():
    with_it = (
        joinedload(Application.round).joinedload(Round.fund).joinedload(Fund.partnership),
        joinedload(Application.organisation),
        joinedload(Application.form),
        joinedload(Application.priority),
    )
    return select(Application).where(Application.id == bindparam("key")).options(*with_it)


def load_assignment(key: int, *, held: bool = False) -> Assignment | None:
    """An assignment with its seat and panel, its bid, round, organisation and priority.

    With `held` nobody else loads it so until the transaction ends: two windows that save queue for their turn, and the
    second reads what the first has kept.
    """
    return db.session.scalar(_assignment(held), {"key": key})


@cache
def _assignment(held: bool):
    bid = joinedload(Assignment.application)
    with_it = (
        bid.joinedload(Application.round).joinedload(Round.fund).joinedload(Fund.partnership),
        bid.joinedload(Application.organisation),
        bid.joinedload(Application.form),
        bid.joinedload(Application.priority),
        joinedload(Assignment.seat).joinedload(Seat.panel),
    )
    query = select(Assignment).where(Assignment.id == bindparam("key")).options(*with_it)
    return query.with_for_update(of=Assignment) if held else query


def load_criterion(key: int) -> Criterion | None:
    return db.session.get(Criterion, key)


def load_seat(key: int) -> Seat | None:
    wanted = select(Seat).where(Seat.id == key).options(joinedload(Seat.panel), joinedload(Seat.person))
    return db.session.scalar(wanted)


def load_card(key: int) -> EvidenceCard | None:
    return db.session.get(EvidenceCard, key)
