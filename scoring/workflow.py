"""The life of an assignment: one assessor's reading of one bid."""

from fund.core.database import db
from fund.core.problems import Problem
from fund.core.workflow import Move, State, Workflow

from .tables import Assignment

STATES = (
    State("assigned", "To do", "Being read", colour="blue"),
    State("sealed", "Finished", "Read", colour="green"),
    State("recused", "Conflict declared", "Not read", colour="grey"),
    State("excused", "Excused", "Not read", colour="grey"),
)

MOVES = (
    Move("seal", ("assigned",), "sealed", "holds_the_seat", "I have finished this bid"),
    Move("unseal", ("sealed",), "assigned", "chairs_the_panel", "Open these scores again", needs_reason=True),
    Move("recuse", ("assigned", "sealed"), "recused", "holds_the_seat", "Declare a conflict", needs_reason=True),
    Move("restore", ("recused",), "assigned", "lifts_recusals", "Lift the recusal", needs_reason=True),
    Move("excuse", ("assigned",), "excused", "runs_the_panel", "Excuse from this bid", needs_reason=True),
    Move("give_again", ("excused",), "assigned", "runs_the_panel", "Give this bid again"),
)

ASSIGNMENT = Workflow("assignment", STATES, MOVES, initial="assigned")
ASSIGNMENT.guard(Assignment)


def move_assignment(assignment: Assignment, action: str, *, sealed_at, by, now, reason: str | None = None) -> None:
    """Make one move with the moment that belongs to it: an assignment has `sealed_at` exactly when it is sealed.

    The database checks that, so status and moment must change in one statement: nothing is flushed in between.
    """
    before = assignment.sealed_at
    with db.session.no_autoflush:
        assignment.sealed_at = sealed_at
        try:
            ASSIGNMENT.move(assignment, action, by=by, now=now, reason=reason)
        except Problem:
            assignment.sealed_at = before
            raise
    assignment.touch()
