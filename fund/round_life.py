"""When a round may be published, taken back and what is still missing: the fund's checks in the life of a round."""

from collections.abc import Iterator
from datetime import datetime

from fund.core.problems import Problem, WrongMoment
from fund.ledger import pot_of
from fund.round_terms import terms_of
from fund.rounds import priorities_of
from fund.tables import Round
from fund.workflow import ROUND


def missing_in(round: Round, now: datetime) -> Iterator[tuple[str, str]]:
    """What keeps the round from being published, as (part, sentence); nothing when the fund's own parts are ready."""
    if not round.title.strip() or not round.summary.strip():
        yield "words", "Give the round a title and a summary."
    if round.closes_at <= now:
        yield "window", "The closing time has passed. Choose a later one."
    if round.delivery_start_on < round.closes_at.date():
        yield "delivery", "Delivery starts before the round closes."
    pot = pot_of(round)
    if pot is None or pot.total_pence == 0:
        yield "pot", "Set the pot."
    if not terms_of(round):
        yield "caps", "Say how much an organisation can ask for."
    if not priorities_of(round):
        yield "priorities", "Choose at least one priority."


@ROUND.check("needs", "ready_to_publish")
def ready_to_publish(round: Round, *, by, now: datetime, **_facts) -> None:
    missing = [sentence for _part, sentence in missing_in(round, now)]
    if missing:
        raise Problem(" ".join(missing))


@ROUND.check("needs", "not_opened_yet")
def not_opened_yet(round: Round, *, by, now: datetime, **_facts) -> None:
    if now >= round.opens_at:
        raise WrongMoment("The round has opened and people may have started a bid. It cannot be taken back now.")
