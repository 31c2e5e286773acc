"""What a panel has said of a whole round beside its members' marks: what it agreed, and the views given in pictures."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select, union_all

from fund.core.database import db
from fund.tables import Round

from .opinions import BY_ANSWER, view_answers
from .tables import AgreedScore, Criterion


@dataclass(frozen=True, slots=True)
class Said:
    """What the panel agreed, {bid: {criterion key: mark or None}}, and the marks that members' pictures stand for, {bid: [...]}."""

    agreed: dict[int, dict[int, int | None]]
    views: dict[int, list[int]]


def said_in(round: Round, criteria: Iterable[Criterion]) -> Said:
    """What was agreed and what views were given in a whole round. One statement."""
    query = select(AgreedScore.application_id, AgreedScore.criterion_id, AgreedScore.mark)
    query = query.where(AgreedScore.criterion_id.in_([each.id for each in criteria]))
    both = query if round.view_weight is None else union_all(query, view_answers(round))
    agreed: dict[int, dict[int, int | None]] = defaultdict(dict)
    views: dict[int, list[int]] = defaultdict(list)
    for bid, criterion, mark in db.session.execute(both).all():
        if criterion is None:
            views[bid].append(BY_ANSWER[mark].mark)
        else:
            agreed[bid][criterion] = mark
    return Said(agreed, views)
