"""What several pages load: a round that the public may see."""

from fund.core.problems import NotYours
from fund.rounds import load_round
from fund.tables import Round


def public_round(key: int) -> Round:
    """A round that anybody may see. Raises NotYours for one that is being prepared or was cancelled."""
    round = load_round(key)
    if round is None or not round.is_public():
        raise NotYours()
    return round
