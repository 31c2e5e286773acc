"""How a panel agrees, for its chair: severity of each member, Krippendorff's alpha, and the raw beside the adjusted ranking."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from applications.tables import Application
from applications.workflow import WITH_THE_PANEL
from fund.core.database import db
from fund.tables import Round

from .reliability import alpha_of, icc_one_way
from .severity import CannotAdjust, Severity, fit
from .sums import marks_alike, totals_by_seat
from .tables import Assignment, Panel, Seat


@dataclass(frozen=True)
class Compared:
    """One bid: raw and adjusted mean out of 100 (two decimals) with the position each gives."""

    reference: str
    title: str
    raw: str
    adjusted: str
    raw_position: int
    adjusted_position: int


@dataclass(frozen=True)
class Agreement:
    """`refusal` says why nothing is adjusted; then `members` and `bids` are empty. Alpha is over all marks, None if unknown.

    `single` and `mean` are intraclass correlations of totals: how far one member's, and a bid's mean, can be relied on.
    """

    alpha: str | None
    single: str | None
    mean: str | None
    readings: int
    refusal: str | None
    members: list[tuple[str, int, str, str]]
    bids: list[Compared]


def agreement_in(round: Round, without: Collection[int] = ()) -> Agreement:
    """From the finished readings of a round, leaving out the bids that the reader may not see. Four statements."""
    bids = _bids(round, without)
    seen = (Assignment.application_id.in_(_keys(round, without)),)
    readings = [row for row in totals_by_seat(round.id, *seen) if row[0] in bids]
    agreed = alpha_of(marks_alike(round.id, *seen))
    labels = _labels(round)
    by_bid: dict[int, list[float]] = defaultdict(list)
    totals: dict[tuple[str, str], float] = {}
    for bid, seat, total in readings:
        if total is not None:
            by_bid[bid].append(float(total))
            totals[labels[seat], bids[bid][0]] = float(total)
    relied = icc_one_way(by_bid.values())
    said = None if agreed is None else f"{agreed:.2f}"
    single, mean = (f"{relied[name]:.2f}" if relied else None for name in ("single", "mean"))
    try:
        found = fit(totals)
    except CannotAdjust as refusal:
        return Agreement(said, single, mean, len(readings), refusal.sentence, [], [])
    members = [
        (label, each.bids, _points(each.value), _interval(each)) for label, each in sorted(found.severities.items())
    ]
    return Agreement(said, single, mean, len(readings), None, members, _compare(found, dict(bids.values())))


def _keys(round: Round, without: Collection[int]):
    """The bids with the panel that the reader may see, as a query."""
    wanted = (Application.round_id == round.id, Application.status.in_(WITH_THE_PANEL))
    return select(Application.id).where(*wanted, Application.id.not_in(without))


def _bids(round: Round, without: Collection[int]) -> dict[int, tuple[str, str]]:
    """{bid: (reference, title)}."""
    query = select(Application.id, Application.reference, Application.title)
    rows = db.session.execute(
        query.where(Application.id.in_(_keys(round, without))).order_by(Application.reference)
    ).all()
    return {key: (reference, title or "") for key, reference, title in rows}


def _labels(round: Round) -> dict[int, str]:
    """{seat: what its holder is called on the panel}, of all who ever sat there."""
    query = select(Seat.id, Seat.label).join(Panel, Panel.id == Seat.panel_id).where(Panel.round_id == round.id)
    return dict(db.session.execute(query).all())


def _compare(found, titles: dict[str, str]) -> list[Compared]:
    raw, adjusted = _positions(found.raw), _positions(found.adjusted)
    return [
        Compared(reference, titles[reference], f"{found.raw[reference]:.2f}", f"{found.adjusted[reference]:.2f}", raw[reference], adjusted[reference])
        for reference in sorted(adjusted, key=adjusted.get)
    ]  # fmt: skip


def _positions(totals: dict[str, float]) -> dict[str, int]:
    ordered = sorted(totals, key=lambda reference: (-round_to(totals[reference]), reference))
    return {reference: place for place, reference in enumerate(ordered, 1)}


def round_to(value: float) -> float:
    """To a hundredth of a point, so that chance in the last binary digit decides no position."""
    return round(value, 2)


def _points(value: float) -> str:
    """ "3.1 points stricter", "0.4 points milder" than the panel."""
    return f"{abs(value):.1f} points {'stricter' if value < 0 else 'milder'}" if abs(value) >= 0.05 else "as the panel"


def _interval(each: Severity) -> str:
    return "not known" if each.low is None else f"{each.low:+.1f} to {each.high:+.1f}"
