"""How a panel agrees, for its chair: severity of each member, Krippendorff's alpha, and the raw beside the adjusted ranking."""

from collections.abc import Collection
from dataclasses import dataclass

from fund.tables import Round

from .moderation import bids_on_the_table
from .reliability import alpha, icc_one_way
from .severity import CannotAdjust, Severity, fit


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
    """From the finished readings of a round, leaving out the bids that the reader may not see."""
    table = [each for each in bids_on_the_table(round) if each.application.id not in without]
    done = [(bid, reading) for bid in table for reading in bid.readings if reading.status == "sealed"]
    agreed = alpha(_units(table))
    relied = icc_one_way([float(each.total) for each in bid.readings if each.total is not None] for bid in table)
    words = [None if agreed is None else f"{agreed:.2f}"]
    words += [f"{relied[name]:.2f}" if relied else None for name in ("single", "mean")]
    totals = {
        (each.label, bid.application.reference): float(each.total) for bid, each in done if each.total is not None
    }
    try:
        found = fit(totals)
    except CannotAdjust as refusal:
        return Agreement(words[0], words[1], words[2], len(done), refusal.sentence, [], [])
    members = [
        (label, each.bids, _points(each.value), _interval(each)) for label, each in sorted(found.severities.items())
    ]
    titles = {bid.application.reference: bid.application.title or "" for bid in table}
    return Agreement(words[0], words[1], words[2], len(done), None, members, _compare(found, titles))


def _units(table) -> list[list[int]]:
    """The marks that each criterion of each bid got."""
    units = []
    for bid in table:
        sealed = [reading for reading in bid.readings if reading.status == "sealed"]
        for code in {code for reading in sealed for code in reading.marks}:
            units.append([reading.marks[code] for reading in sealed if reading.marks.get(code) is not None])
    return units


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
