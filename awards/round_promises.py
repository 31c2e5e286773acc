"""Whether a round has promised money: a round that has cannot be cancelled."""

from fund import ledger
from fund.core.money import pounds
from fund.core.problems import WrongMoment
from fund.tables import Round
from fund.workflow import ROUND


@ROUND.check("needs", "nothing_promised")
def nothing_promised(round: Round, *, by, now, **_) -> None:
    """Raises WrongMoment while anything is offered, committed or paid from the round's pot."""
    pot = ledger.pot_of(round)
    if pot is not None and pot.taken_pence:
        raise WrongMoment(
            f"{pounds(pot.taken_pence)} of this round is offered, committed or paid. Settle that before you cancel it."
        )
