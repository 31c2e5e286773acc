"""What an assessor is told about themselves, kindly: how their totals lie against the panel's for the same bids (rule 7).

Nothing opens here before it opens elsewhere: the round's setting for seeing others' scores holds, one's own bids come first,
and bids that the member stepped back from are in no figure.
"""

from dataclasses import dataclass

from sqlalchemy import select

from applications.tables import Application
from fund.core.database import db
from fund.tables import Person, Round

from .severity import LEAST_BIDS, CannotAdjust, Severity, fit
from .sums import totals_by_seat
from .tables import Assignment, Seat
from .visibility import hidden_from


@dataclass(frozen=True)
class AboutMyself:
    """`severity` in points out of 100 against the panel, or the sentence that says why there is none."""

    severity: Severity | None
    refusal: str = ""

    @property
    def words(self) -> str:
        """The figure in a sentence."""
        found = self.severity
        if found is None:
            return self.refusal
        if abs(found.value) < 0.05:
            return "Your totals are the same as the panel's for the same bids, on average."
        side = "lower" if found.value < 0 else "higher"
        return f"Your totals are {abs(found.value):.1f} points {side} than the panel's for the same bids, on average."

    @property
    def how_sure(self) -> str:
        """The 95 % interval in words."""
        found = self.severity
        if found is None:
            return ""
        if found.low is None or found.high is None:
            return "There are too few bids to say how sure this is."
        if found.low <= 0 <= found.high:
            return f"The true figure lies between {_side(found.low)} and {_side(found.high)}, with a chance of 95 in 100. That range includes no difference at all, so it may be chance."
        return f"The true figure lies between {_side(found.low)} and {_side(found.high)}, with a chance of 95 in 100. So it is probably not chance."


def _side(points: float) -> str:
    if abs(points) < 0.05:
        return "no difference"
    return f"{abs(points):.1f} points {'lower' if points < 0 else 'higher'}"


def about_myself(seat: Seat, round: Round, person: Person) -> AboutMyself:
    """A member's own severity among all members' finished readings, without the bids hidden from them."""
    if refusal := _too_early(seat, round, person):
        return AboutMyself(None, refusal)
    hidden = hidden_from(person, round)
    totals = {
        (str(reader), str(bid)): float(total)
        for bid, reader, total in totals_by_seat(round.id)
        if bid not in hidden and total is not None
    }
    own = sum(reader == str(seat.id) for reader, _ in totals)
    if own < LEAST_BIDS:
        return AboutMyself(
            None, f"You have finished {own} of the {LEAST_BIDS} bids that it takes to say something fair."
        )
    try:
        return AboutMyself(fit(totals).severities[str(seat.id)])
    except CannotAdjust as refusal:
        if "share no bid" in refusal.sentence:
            return AboutMyself(None, "Some members share no bid with the others, so nobody's totals can be compared.")
        return AboutMyself(
            None, f"Some members have finished fewer than {LEAST_BIDS} bids, so nobody's totals can be compared yet."
        )


def _too_early(seat: Seat, round: Round, person: Person) -> str:
    """Why a figure made from others' scores is not theirs to see now; empty when it is."""
    if round.visibility == "never":
        return "In this round members do not see others' scores, and so no figure that is made from them."
    if db.session.scalar(
        select(Assignment.id).where(Assignment.seat_id == seat.id, Assignment.status == "assigned").limit(1)
    ):
        return "This opens when you have finished all your bids, so that nobody's marks lead yours."
    if round.visibility == "after_panel":
        wanted = (Application.round_id == round.id, Application.status == "in_scoring")
        if db.session.scalar(
            select(Application.id).where(*wanted, Application.id.not_in(hidden_from(person, round))).limit(1)
        ):
            return "This opens when the panel has agreed its bids."
    return ""
