"""Scenarios that the officers share with the panel: members see them who may see every score that stands behind them."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select

from applications.tables import Application
from fund.core import audit
from fund.core.database import db
from fund.tables import Person, Round

from .panels import seat_in
from .planning import scenarios_of
from .tables import Scenario

LEADS = ("chair", "secretary")


def share(scenario: Scenario, wanted: bool, *, by: Person, now: datetime) -> None:
    """Share a scenario with the panel, or stop. Asking for what is so already changes nothing."""
    if wanted == (scenario.shared_at is not None):
        return
    scenario.shared_at = now if wanted else None
    db.session.flush()
    audit.record("scenario.share" if wanted else "scenario.unshare", scenario, by=by, now=now)


def shared_with(round: Round, reader: Person) -> list[Scenario]:
    """The shared scenarios, oldest first; none for a member to whom the round's rule does not open others' scores now."""
    if not _scores_are_open(round, reader):
        return []
    return [each for each in scenarios_of(round, reader) if each.shared_at is not None]


def rounds_with_some(rounds: Iterable[int]) -> set[int]:
    """Which of these rounds have a scenario that is shared. What a reader then sees of it is said by `shared_with`."""
    wanted = (Scenario.round_id.in_(list(rounds)), Scenario.shared_at.is_not(None))
    return set(db.session.scalars(select(Scenario.round_id).where(*wanted).distinct()))


def _scores_are_open(round: Round, reader: Person) -> bool:
    """A scenario tells of all bids, so the rule must open all of them; hidden bids are scenarios_of's business."""
    seat = seat_in(reader, round.id)
    if seat is None or round.visibility == "never":
        return seat is not None and seat.kind in LEADS
    if seat.kind in LEADS or round.visibility != "after_panel":
        return True
    still = select(func.count()).where(Application.round_id == round.id, Application.status == "in_scoring")
    return not db.session.scalar(still)
