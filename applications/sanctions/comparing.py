"""Comparing every bid under way with a list that was just read."""

from datetime import datetime

from sqlalchemy import select

from fund.core import withholding
from fund.core.database import db
from fund.tables import Fund, Partnership, Round

from ..signals.comparing import COMPARED, compare
from ..signals.scope import scope_of
from ..tables import Application
from .matching import listed_names


def compare_with_list(partnership: Partnership, *, now: datetime) -> int:
    """Look for names near the list's in every live bid of a partnership; returns how many are new."""
    wanted = (
        select(Application.id)
        .join(Round, Round.id == Application.round_id)
        .join(Fund, Fund.id == Round.fund_id)
        .where(Fund.partnership_id == partnership.id, Application.status.in_(COMPARED))
    )
    with withholding.whole():
        scope = scope_of(partnership.id, db.session.scalars(wanted), now)
        scope.is_whole = True
        return compare(scope, only={"sanctions": listed_names})
