"""Where the panel put each bid of a round: position and agreed total, for the lists of decisions."""

from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import select

from applications.tables import Application
from fund.core.database import db
from fund.tables import Round
from scoring.tables import AgreedScore, Criterion


def ranks_of(round: Round) -> dict[int, tuple[int, Decimal]]:
    """{application key: (position from 1, agreed total out of 100)} for the bids that the panel moderated."""
    marks = (
        select(AgreedScore.application_id, AgreedScore.mark, AgreedScore.not_applicable, Criterion.weight)
        .join(Criterion, Criterion.id == AgreedScore.criterion_id)
        .join(Application, Application.id == AgreedScore.application_id)
        .where(Application.round_id == round.id)
    )
    sums: dict[int, list[int]] = {}
    for bid, mark, without, weight in db.session.execute(marks):
        got = sums.setdefault(bid, [0, 0])
        if not without:
            got[0] += (mark or 0) * weight
            got[1] += weight
    totals = {bid: Decimal(got * 20) / whole if whole else Decimal(0) for bid, (got, whole) in sums.items()}
    exact = {bid: total.quantize(Decimal("0.1"), ROUND_HALF_UP) for bid, total in totals.items()}
    order = sorted(exact, key=lambda bid: (-exact[bid], bid))
    return {bid: (place, exact[bid]) for place, bid in enumerate(order, start=1)}
