"""Who may see whose scores, and when: the round's setting in five steps, on top of "your own first" (rule 6).

And what is kept from whom altogether: a bid with which somebody declared a conflict (rule 5).
"""

from sqlalchemy import Select, func, select, union

from applications.tables import Application
from applications.workflow import APPLICATION
from fund.core import withholding
from fund.core.database import db
from fund.tables import Person, Round

from .tables import Assignment, BidView, Conflict, Panel, Seat

RECUSED = "You declared a conflict of interest with this bid, so nothing about it is shown to you."
AFTER_PANEL = frozenset(APPLICATION.keys) - {"draft", "submitted", "ineligible", "eligible", "in_scoring", "withdrawn"}


def may_see_others(assignment: Assignment, unfinished: bool | None = None) -> bool:
    """Whether this member may now see the other members' finished scores of this bid.

    Only a finished reading opens anything: being recused, excused or not done yet opens nothing, whatever the round says.
    "Always" is the one step that a round can choose that shows finished scores beforehand. `unfinished` says whether the
    member has bids to finish, for a caller who knows.
    """
    if assignment.status in ("recused", "excused"):
        return False
    setting = assignment.application.round.visibility
    if setting == "always":
        return True
    if setting == "never" or assignment.status != "sealed":
        return False
    if setting == "after_panel":
        return assignment.application.status in AFTER_PANEL
    if setting == "after_all_own":
        return not (_has_unfinished(assignment) if unfinished is None else unfinished)
    return True


def _has_unfinished(assignment: Assignment) -> bool:
    wanted = (Assignment.seat_id == assignment.seat_id, Assignment.status == "assigned")
    return db.session.scalar(select(Assignment.id).where(*wanted).limit(1)) is not None


def hidden_keys(person: Person) -> Select:
    """A query for the keys of bids whose scores this person may not see in any list, count or mean.

    These are the bids they declared a conflict with or were excused from, and those they have yet to score themselves.
    """
    conflicts = select(Conflict.application_id).join(Seat).where(Seat.person_id == person.id, Conflict.conflicted)
    unread = select(Assignment.application_id).join(Seat)
    own = unread.where(Seat.person_id == person.id, Assignment.status.in_(("assigned", "recused", "excused")))
    unsaid = select(BidView.application_id).join(Seat).where(Seat.person_id == person.id, BidView.finished_at.is_(None))
    return select(union(conflicts, own, unsaid).subquery().c.application_id)


def hidden_from(person: Person, round: Round) -> frozenset[int]:
    """The same as keys, for one round."""
    return frozenset(db.session.scalars(hidden_in(person, round), execution_options={"whole": True}))


def hidden_in(person: Person, round: Round) -> Select:
    """The same as a query, to be asked with the option `whole`."""
    in_round = select(Assignment.application_id).join(Seat).join(Panel).where(Panel.round_id == round.id)
    keys = hidden_keys(person).subquery().c.application_id
    return select(keys).where(keys.in_(in_round))


def conflicted_keys(person: Person) -> frozenset[int]:
    """The bids with which a person declared a conflict, of whatever round; no statement for people who never did."""
    if not person.has_recusals:
        return frozenset()
    wanted = select(Conflict.application_id).join(Seat).where(Seat.person_id == person.id, Conflict.conflicted)
    return frozenset(db.session.scalars(wanted, execution_options={"whole": True}))


def closed_to(person: Person) -> dict[int, int]:
    """How many bids of each round a conflict keeps from this person: the one thing they are told of them."""
    if not person.has_recusals:
        return {}
    query = select(Panel.round_id, func.count()).join(Seat, Seat.panel_id == Panel.id).join(Conflict)
    wanted = query.where(Seat.person_id == person.id, Conflict.conflicted).group_by(Panel.round_id)
    return dict(db.session.execute(wanted).all())


withholding.keep_from(Application, conflicted_keys, RECUSED)
