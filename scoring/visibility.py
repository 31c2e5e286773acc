"""Who may see whose scores, and when: the round's setting in five steps, on top of "your own first" (rule 6)."""

from sqlalchemy import select

from applications.workflow import APPLICATION
from fund.core.database import db

from .tables import Assignment

AFTER_PANEL = frozenset(APPLICATION.keys) - {"draft", "submitted", "ineligible", "eligible", "in_scoring", "withdrawn"}


def may_see_others(assignment: Assignment) -> bool:
    """Whether this member may now see the other members' finished scores of this bid.

    Only a finished reading opens anything: being recused, excused or not done yet opens nothing, whatever the round says.
    "Always" is the one step that a round can choose that shows finished scores beforehand.
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
        return not _has_unfinished(assignment)
    return True


def _has_unfinished(assignment: Assignment) -> bool:
    wanted = (Assignment.seat_id == assignment.seat_id, Assignment.status == "assigned")
    return db.session.scalar(select(Assignment.id).where(*wanted).limit(1)) is not None
