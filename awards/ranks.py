"""Where the panel put each bid of a round: position and total, for the lists of decisions."""

from decimal import Decimal

from fund.tables import Round
from scoring.criteria import criteria_of
from scoring.ranking import rank


def ranks_of(round: Round) -> dict[int, tuple[int, Decimal]]:
    """{application key: (position from 1, total out of 100)} for the bids that have a total. Five statements, mostly four."""
    return {
        row.application_id: (row.position, row.total)
        for row in rank(round, criteria_of(round), 0, marks=False)
        if row.total is not None
    }
