"""The panel's list: every bid with the panel, the most disagreed about first, as rows instead of objects."""

from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import Integer, case, func, select

from applications.tables import Application
from applications.workflow import WITH_THE_PANEL
from fund.core.database import db
from fund.tables import Organisation, Person, Round

from .opinions import view_marks_in
from .sums import mark_spreads, member_totals
from .tables import Assignment, Criterion
from .totals import mean_total, with_views
from .visibility import hidden_keys


@dataclass(slots=True)
class BidRow:
    """One bid with the panel. Money in pence; `mean` and `apart` are out of 100, `widest` and `talk_about` about marks.

    `expected` counts the readings that are waited for or finished; a bid is ready when all of them are finished and they
    are enough, and the panel has yet to agree.
    """

    application_id: int
    reference: str
    title: str
    organisation: str
    requested_pence: int
    status: str
    finished: int
    expected: int
    recused: int
    mean: Decimal | None = None
    apart: Decimal = Decimal(0)
    widest: int = 0
    talk_about: list[str] = field(default_factory=list)

    def is_ready(self, quorum: int) -> bool:
        return self.status == "in_scoring" and self.finished == self.expected and self.finished >= quorum


def bids_by_disagreement(round: Round, criteria: list[Criterion], reader: Person | None = None) -> list[BidRow]:
    """The bids with the panel, without those whose scores this reader may not see. Three statements, whatever it holds."""
    rows = _rows(round, reader)
    for bid, totals in member_totals(round.id).items():
        if row := rows.get(bid):
            known = [each for each in totals if each is not None]
            row.mean, row.apart = mean_total(known), max(known) - min(known) if known else Decimal(0)
    for bid, marks in view_marks_in(round).items():
        if row := rows.get(bid):
            row.mean = with_views(row.mean, marks, round.view_weight)
    codes = {each.id: each.code for each in criteria}
    for bid, criterion, _, _, apart in mark_spreads(codes):
        if row := rows.get(bid):
            row.widest = max(row.widest, apart)
            if apart >= round.spread_flag:
                row.talk_about.append(codes[criterion])
    for row in rows.values():
        row.talk_about.sort()
    return sorted(rows.values(), key=lambda each: (-each.widest, -each.apart, each.reference))


def _rows(round: Round, reader: Person | None) -> dict[int, BidRow]:
    def readings(*statuses: str):
        return func.coalesce(func.sum(case((Assignment.status.in_(statuses), 1), else_=0), type_=Integer), 0)

    query = (
        select(
            Application.id, Application.reference, Application.title, Organisation.name, Application.requested_pence,
            Application.status, readings("sealed"), readings("assigned", "sealed"), readings("recused"),
        )
        .join(Organisation, Organisation.id == Application.organisation_id)
        .outerjoin(Assignment, Assignment.application_id == Application.id)
        .where(Application.round_id == round.id, Application.status.in_(WITH_THE_PANEL))
        .group_by(Application.id, Organisation.name)
    )  # fmt: skip
    if reader is not None:
        query = query.where(Application.id.not_in(hidden_keys(reader)))
    return {
        row[0]: BidRow(row[0], row[1], row[2] or "", row[3], row[4] or 0, *row[5:])
        for row in db.session.execute(query).all()
    }
