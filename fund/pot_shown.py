"""The pot as its reader may see it: whoever stepped back from a bid sees sums without that bid, and is told so.

A sum over everything minus the rows one may see would give away the row that is kept. So every figure of a pot on a page
comes from here; acts reckon with the whole pot (fund.ledger).
"""

from dataclasses import dataclass

from sqlalchemy import Integer, func, select

from fund.core import withholding
from fund.core.database import db
from fund.ledger import EFFECTS, pot_of
from fund.tables import LedgerEntry, Round

WITHOUT = "without the bids you stepped back from"
MOVED = ("offered_pence", "committed_pence", "paid_pence", "recovered_pence")


@dataclass(frozen=True)
class ShownPot:
    """Money in pence. `is_partial` says that movements of this round are kept from the reader."""

    total_pence: int
    over_pence: int
    offered_pence: int
    committed_pence: int
    paid_pence: int
    recovered_pence: int
    is_partial: bool = False

    @property
    def taken_pence(self) -> int:
        return self.offered_pence + self.committed_pence + self.paid_pence - self.recovered_pence

    @property
    def room_pence(self) -> int:
        return self.total_pence + self.over_pence - self.taken_pence

    @property
    def note(self) -> str:
        """What stands behind each sum: nothing, or that bids are left out."""
        return f" ({WITHOUT})" if self.is_partial else ""


def pot_shown(round: Round) -> ShownPot | None:
    """The pot of a round for this request's reader; one statement, two for somebody from whom bids are kept."""
    pot = pot_of(round)
    if pot is None:
        return None
    moved = {name: getattr(pot, name) for name in MOVED}
    if not withholding.left_out():
        return ShownPot(pot.total_pence, pot.over_pence, **moved)
    seen = _moved(round)
    return ShownPot(pot.total_pence, pot.over_pence, **seen, is_partial=round.id in kept_rounds())


def _moved(round: Round) -> dict[str, int]:
    """What the movements add up to that this request's queries do not leave out."""
    found = dict.fromkeys(MOVED, 0)
    query = select(LedgerEntry.kind, func.sum(LedgerEntry.amount_pence, type_=Integer))
    for kind, pence in db.session.execute(query.where(LedgerEntry.round_id == round.id).group_by(LedgerEntry.kind)):
        for name, sign in EFFECTS.get(kind, {}).items():
            found[name] += sign * int(pence)
    return found


def kept_rounds() -> frozenset[int]:
    """The rounds with a bid that this request's queries leave out; no statement when there is none."""
    keys = withholding.left_out()
    if not keys:
        return frozenset()
    root = withholding.ROOTS[0].model
    wanted = select(root.round_id).where(root.id.in_(keys)).distinct()
    return frozenset(db.session.scalars(wanted, execution_options={"whole": True}))
