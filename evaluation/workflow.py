"""The life of a monitoring return. Due soon and late are matters of the clock, not states (evaluation/periods.py)."""

from fund.core.workflow import Move, State, Workflow
from fund.roles import is_grant_manager

from .tables import MonitoringReturn

STATES = (
    State("draft", "Being written", "Not sent yet", colour="grey"),
    State("sent", "Sent, to be read", "Sent", colour="blue"),
    State("accepted", "Accepted", "Accepted", "Accepted", colour="green", ended=True),
    State("sent_back", "Sent back", "Sent back to you", colour="orange", ended=True),
)

MOVES = (
    Move("send", ("draft",), "sent", "reports_for_the_award", "Send the return", needs=("whole", "spend_adds_up", "difference_explained")),
    Move("accept", ("sent",), "accepted", "is_grant_manager", "Accept the return", tells=("payment_freed", "thanks")),
    Move("send_back", ("sent",), "sent_back", "is_grant_manager", "Send it back", tells=("asked_again",), needs_reason=True),
)  # fmt: skip

RETURN = Workflow("return", STATES, MOVES, initial="draft")
RETURN.guard(MonitoringReturn)
RETURN.check("who", "is_grant_manager")(is_grant_manager)

WITH_THE_GRANTEE = frozenset({"draft", "sent_back"})
WITH_THE_FUND = frozenset({"sent", "accepted"})
