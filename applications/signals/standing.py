"""The signals that stand now, each with what was said last of the same facts: one query for a bid, a round and its export."""

from functools import cache
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from fund.tables import Organisation

from ..tables import Application, Signal, SignalAnswer
from .kinds import KINDS

HOLDING = tuple(kind.key for kind in KINDS.values() if kind.holds)
OTHER = aliased(Application)  # the earlier bid; none where the other side is a name of a list
OTHERS = aliased(Organisation)  # its organisation

IS_HOLDING = or_(and_(SignalAnswer.id.is_(None), Signal.kind.in_(HOLDING)), SignalAnswer.answer == "held")
IS_OPEN = or_(SignalAnswer.id.is_(None), SignalAnswer.answer == "held")


def last_answer() -> Any:
    """The key of the latest answer about a signal's facts, wherever it was given: for the join to `SignalAnswer`."""
    same = aliased(Signal)
    wanted = select(func.max(SignalAnswer.id)).join(same, same.id == SignalAnswer.signal_id)
    return wanted.where(same.digest == Signal.digest).correlate(Signal).scalar_subquery()


def standing(*wanted: Any) -> Select:
    """(signal, latest answer or None) of what is found now between bids that stand as sent, under these conditions; unsorted."""
    return _standing().where(*wanted)


@cache
def _standing() -> Select:
    """Built once: every page of a bid asks it."""
    return (
        select(Signal, SignalAnswer)
        .join(Signal.application)
        .join(Application.organisation)
        .outerjoin(Signal.other.of_type(OTHER))
        .outerjoin(OTHER.organisation.of_type(OTHERS))
        .outerjoin(SignalAnswer, SignalAnswer.id == last_answer())
        .where(Signal.gone_at.is_(None), Application.submitted_at.is_not(None))
        .where(or_(Signal.other_id.is_(None), OTHER.submitted_at.is_not(None)))
        .options(
            contains_eager(Signal.application).contains_eager(Application.organisation),
            contains_eager(Signal.other.of_type(OTHER)).contains_eager(OTHER.organisation.of_type(OTHERS)),
            joinedload(SignalAnswer.answered_by),
        )
    )
