"""The ranked list with the budget line, in a fixed number of statements whatever the tables hold."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from applications.tables import Application
from fund.core import audit
from fund.core.database import db
from fund.ledger import pot_of
from fund.tables import Organisation, Person, Priority, Round

from .criteria import MARKS, criteria_of
from .said import Said, said_in
from .sums import mark_spreads, member_totals
from .tables import Criterion, Draw, RankingRun
from .totals import ONE, TWO, mean_total, rounded, total_of, with_views
from .visibility import hidden_keys

RANKED = ("in_scoring", "moderated", "reserved", "offered", "unsuccessful", "accepted", "declined", "lapsed", "in_delivery", "closed", "terminated")  # fmt: skip
USES_AGREED = frozenset(RANKED) - {"in_scoring"}
METHOD = "agreed total where moderated, else mean of members; ties by the signed draw, then by reference; line where the pot ends"


DECIMALS = {mark: Decimal(mark) for mark in MARKS}
Totals = Mapping[int, Sequence[Decimal | None]]


@dataclass(slots=True)
class RankedBid:
    """One row. Money in pence. `total` decides the position; `criteria` is {code: average or agreed mark}.

    `adds_up_to` is what this bid and all above it ask together; `above_line` whether that fits in the pot.
    `stopped` says in a sentence which minimum of the round the bid misses. `drawn` is its place in the last signed draw.
    """

    application_id: int
    reference: str
    title: str
    organisation: str
    legal_form: str
    priority: str | None
    status: str
    asked_pence: int
    members_total: Decimal | None = None
    total: Decimal | None = None
    spread: int = 0
    counted: int = 0
    criteria: dict[str, Decimal | None] | None = None
    is_agreed: bool = False
    position: int = 0
    adds_up_to: int = 0
    above_line: bool = False
    stopped: str | None = None
    drawn: int = 0


def ranked_list(round: Round, reader: Person | None = None) -> list[RankedBid]:
    """Every bid that is scored or was, best first. Bids without a finished reading come last. Six statements.

    For a `reader` who sits on the panel, positions, sums and line are made as if the bids they declared a conflict with,
    or have yet to score themselves, were not there.
    """
    pot = pot_of(round)
    return rank(round, criteria_of(round), pot.total_pence if pot else 0, reader)


def rank(
    round: Round, criteria: list[Criterion], pot_pence: int, reader: Person | None = None, totals: Totals | None = None,
    said: Said | None = None, marks: bool = True,
) -> list[RankedBid]:  # fmt: skip
    """As `ranked_list`, for a caller that has the criteria and the pot (in pence) already. Four statements, three with
    `totals`: {bid: its members' totals}, one less with what was `said`.

    Without `marks` the averages of the criteria are left out, but for those that may miss a minimum of the round.
    """
    rows = _rows(round, reader)
    _add_members(rows, member_totals(round.id) if totals is None else totals)
    stopping = [each for each in criteria if round.any_zero_stops or each.minimum_mark is not None]
    if marks:
        _add_criteria(rows, criteria)
    elif stopping:  # only marks as low as a minimum can stop a bid
        _add_criteria(rows, stopping, max(each.minimum_mark or 0 for each in stopping))
    said = said_in(round, criteria) if said is None else said
    _add_agreed(rows, said.agreed, criteria)
    _add_views(rows, said.views, round)
    if stopping or round.minimum_total is not None:
        for row in rows.values():
            row.stopped = _stopped(row, stopping, round)
    ranked = sorted(rows.values(), key=_order)
    _draw_line(ranked, pot_pence)
    return ranked


def _rows(round: Round, reader: Person | None) -> dict[int, RankedBid]:
    query = (
        select(
            Application.id, Application.reference, Application.title, Organisation.name, Organisation.legal_form,
            Priority.code, Application.status, Application.requested_pence, _last_draw(round),
        )
        .join(Organisation, Organisation.id == Application.organisation_id)
        .outerjoin(Priority, Priority.id == Application.priority_id)
        .where(Application.round_id == round.id, Application.status.in_(RANKED))
    )  # fmt: skip
    if reader is not None:
        query = query.where(Application.id.not_in(hidden_keys(reader)))
    rows = db.session.execute(query.order_by(Application.reference)).all()
    found, drawn = {}, None
    for row in rows:
        if drawn is None:
            drawn = {each["reference"]: place for place, each in enumerate(row[8] or ())}
        found[row[0]] = RankedBid(
            row[0],
            row[1],
            row[2] or "",
            row[3],
            row[4],
            row[5],
            row[6],
            row[7] or 0,
            drawn=drawn.get(row[1], len(drawn)),
        )
    return found


def _add_members(rows: dict[int, RankedBid], totals: Totals) -> None:
    """Each bid's mean of its members' totals."""
    for bid, found in totals.items():
        if bid in rows:
            row = rows[bid]
            row.members_total, row.counted = mean_total(found), len(found)
            row.total = row.members_total


def _add_criteria(rows: dict[int, RankedBid], criteria: list[Criterion], mean_at_most: int | None = None) -> None:
    """The average and the spread of each criterion's marks."""
    codes = {each.id: each.code for each in criteria}
    averages: dict[tuple[int, int], Decimal] = {}
    for bid, criterion, points, count, apart in mark_spreads(codes, mean_at_most):
        row = rows.get(bid)
        if row is None:
            continue
        if row.criteria is None:
            row.criteria = {}
        if (points, count) not in averages:
            averages[points, count] = rounded(Decimal(points) / count, Decimal("0.1"))
        row.criteria[codes[criterion]] = averages[points, count]
        row.spread = max(row.spread, apart)


def add_marks(rows: Iterable[RankedBid], criteria: list[Criterion]) -> None:
    """The averages of each criterion, for rows of a list made without `marks`. What was agreed stays. One statement."""
    _add_criteria({row.application_id: row for row in rows if not row.is_agreed}, criteria)


def _add_agreed(
    rows: dict[int, RankedBid], agreed: dict[int, dict[int, int | None]], criteria: list[Criterion]
) -> None:
    """What the panel agreed takes the place of the mean, for bids that are moderated."""
    known = {each.id: each for each in criteria}
    for bid, marks in agreed.items():
        row = rows.get(bid)
        if row is None or row.status not in USES_AGREED or len(marks) != len(known):
            continue
        given = {key: mark for key, mark in marks.items() if mark is not None}
        row.total = total_of(
            sum(mark * known[key].weight for key, mark in given.items()), sum(known[key].weight for key in given)
        )
        row.criteria = {known[key].code: None if mark is None else DECIMALS[mark] for key, mark in marks.items()}
        row.is_agreed = True


def _add_views(rows: dict[int, RankedBid], views: dict[int, list[int]], round: Round) -> None:
    """The views of young and lived-experience members, with the weight that the round fixed."""
    for bid, marks in views.items():
        if row := rows.get(bid):
            row.members_total = with_views(row.members_total, marks, round.view_weight)
            row.total = with_views(row.total, marks, round.view_weight, ONE if row.is_agreed else TWO)


def _stopped(row: RankedBid, criteria: list[Criterion], round: Round) -> str | None:
    """Which minimum of the round this bid misses, if any: a criterion's, the total's, or no zero at all."""
    marks = row.criteria or {}
    for each in criteria:
        mark = marks.get(each.code)
        if mark is not None and each.minimum_mark is not None and mark < each.minimum_mark:
            return f"Below {each.minimum_mark} for “{each.title}”"
        if mark == 0 and round.any_zero_stops:
            return f"0 for “{each.title}”"
    if round.minimum_total is not None and row.total is not None and row.total < round.minimum_total:
        return f"Below the minimum of {round.minimum_total}"
    return None


def _order(row: RankedBid):
    return (row.total is None, row.stopped is not None, -(row.total or 0), row.drawn, row.reference)


def _last_draw(round: Round):
    """The order that the round's last signed draw gave, as a column: it decides between equal totals."""
    wanted = (Draw.round_id == round.id, Draw.signed_at.is_not(None))
    return select(Draw.result).where(*wanted).order_by(Draw.id.desc()).limit(1).scalar_subquery()


def _draw_line(ranked: list[RankedBid], pot_pence: int) -> None:
    """Number the rows and add up what they ask. The line stands above the first bid that does not fit."""
    running, open_above = 0, True
    for position, row in enumerate(ranked, 1):
        row.position = position
        fundable = row.total is not None and row.stopped is None
        if fundable:
            running += row.asked_pence
            open_above = open_above and running <= pot_pence
        row.adds_up_to = running
        row.above_line = fundable and open_above


def freeze_ranking(round: Round, *, by: Person, now: datetime) -> RankingRun:
    """Record the ranking as it stands, with the SHA-256 of what it was made from, so that it can be shown again."""
    rows = [{name: _plain(value) for name, value in asdict(row).items()} for row in ranked_list(round)]
    weights = {each.code: each.weight for each in criteria_of(round)}
    if round.view_weight is not None:
        weights["views"] = round.view_weight
    inputs = json.dumps({"method": METHOD, "weights": weights, "rows": rows}, sort_keys=True, ensure_ascii=False)
    run = RankingRun(
        round_id=round.id, method=METHOD, inputs_sha256=hashlib.sha256(inputs.encode()).hexdigest(), result=rows,
        made_at=now, made_by_id=by.id,
    )  # fmt: skip
    db.session.add(run)
    db.session.flush()
    audit.record("ranking.freeze", run, by=by, now=now, inputs_sha256=run.inputs_sha256, bids=len(rows))
    return run


def _plain(value):
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return str(value) if isinstance(value, Decimal) else value


def latest_run(round: Round):
    """When the ranking was last recorded, and its fingerprint; None when it never was."""
    query = select(RankingRun.made_at, RankingRun.inputs_sha256).where(RankingRun.round_id == round.id)
    return db.session.execute(query.order_by(RankingRun.id.desc()).limit(1)).first()
