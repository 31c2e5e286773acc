"""The life of a round. Whether it is open or closed is a matter of the clock, not a state."""

from fund.core.workflow import Move, State, Workflow

from .roles import is_fund_officer, is_head_of_fund
from .tables import Round

STATES = (
    State("draft", "Being prepared", "Not open yet", colour="grey"),
    State("published", "Published", "Published", "Published", colour="green"),
    State("finished", "Finished", "Finished", "Finished", colour="grey", ended=True),
    State("cancelled", "Cancelled", "Cancelled", "Cancelled", colour="red", ended=True),
)

MOVES = (
    Move("publish", ("draft",), "published", "is_fund_officer", "Publish the round", needs=("ready_to_publish", "form_ready", "criteria_ready"), tells=("form_frozen",)),
    Move("unpublish", ("published",), "draft", "is_fund_officer", "Take back to change it", needs=("not_opened_yet",), needs_reason=True),
    Move("finish", ("published",), "finished", "is_fund_officer", "Finish the round", needs=("everything_settled",)),
    Move("cancel", ("draft", "published"), "cancelled", "is_head_of_fund", "Cancel the round", needs=("nothing_promised",), needs_reason=True),
)  # fmt: skip

ROUND = Workflow("round", STATES, MOVES, initial="draft")
ROUND.guard(Round)
ROUND.check("who", "is_fund_officer")(is_fund_officer)
ROUND.check("who", "is_head_of_fund")(is_head_of_fund)
