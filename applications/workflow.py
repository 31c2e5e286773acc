"""The life of an application, from draft to closed: one table for all packages. A grants officer can check it.

Who may make a move, what it needs and whom it tells are named here and registered by the package that knows:
applications up to eligibility, scoring up to moderation, awards from the decision on.
"""

from fund.core.workflow import Move, State, Workflow

from .tables import Application

STATES = (
    State("draft", "Draft", "Not sent yet", colour="grey"),
    State("submitted", "Submitted", "Received", "Received", colour="blue"),
    State("ineligible", "Ineligible", "Not eligible", "Not eligible", colour="red", ended=True),
    State("eligible", "Eligible", "Being considered", "Being considered", colour="turquoise"),
    State("in_scoring", "In scoring", "Being considered", "Being considered", colour="purple"),
    State("moderated", "Moderated", "Being considered", "Being considered", colour="purple"),
    State("reserved", "On the reserve list", "On the reserve list", "Being considered", colour="yellow"),
    State("offered", "Offered", "Offer waiting for you", "Offered", colour="orange"),
    State("unsuccessful", "Unsuccessful", "Unsuccessful", "Unsuccessful", colour="red", ended=True),
    State("accepted", "Accepted", "Accepted", "Awarded", colour="green"),
    State("declined", "Declined by the applicant", "You declined the offer", "Declined", colour="grey", ended=True),
    State("lapsed", "Lapsed", "The offer ended", "Lapsed", colour="grey", ended=True),
    State("in_delivery", "In delivery", "In delivery", "In delivery", colour="green"),
    State("closed", "Closed", "Finished", "Finished", colour="grey", ended=True),
    State("terminated", "Terminated", "Ended early", "Ended early", colour="red", ended=True),
    State("withdrawn", "Withdrawn", "You withdrew this bid", "Withdrawn", colour="grey", ended=True),
)

MOVES = (
    Move(
        "submit", ("draft",), "submitted", "is_lead_or_keys_it_in", "Send the bid",
        needs=("round_open", "every_required_answer", "within_caps", "declared"), tells=("receipt",),
    ),
    Move("return_to_draft", ("submitted",), "draft", "is_lead", "Take the bid back to change it", needs=("before_deadline",), tells=("receipt_withdrawn",)),
    Move("find_eligible", ("submitted",), "eligible", "is_fund_officer", "Find eligible", needs=("every_check_passed", "nothing_held")),
    Move("find_ineligible", ("submitted",), "ineligible", "is_fund_officer", "Find ineligible", needs=("a_check_failed",), tells=("ineligible", "ineligible_letter"), needs_reason=True),
    Move("reopen_check", ("ineligible",), "submitted", "is_head_of_fund", "Reopen after a complaint", tells=("reopened",), needs_reason=True),
    Move("start_scoring", ("eligible",), "in_scoring", "is_fund_officer", "Start scoring", needs=("quorum_assigned",), tells=("assessors",)),
    Move("moderate", ("in_scoring",), "moderated", "is_chair", "Record the agreed scores", needs=("all_scores_in", "agreed_with_reasons")),
    Move("return_to_scoring", ("moderated",), "in_scoring", "is_chair", "Send back to the assessors", tells=("assessors_again",), needs_reason=True),
    Move("reserve", ("moderated",), "reserved", "is_second_approver", "Put on the reserve list", needs=("minuted_reasons",), tells=("reserved",)),
    Move("offer", ("moderated", "reserved"), "offered", "is_second_approver", "Offer an award", needs=("minuted_reasons", "nothing_held", "registered_where_cap_needs_it", "money_left", "award_within_cap"), tells=("offered",)),
    Move("award_directly", ("eligible",), "offered", "is_second_approver", "Award without competition", needs=("direct_reason", "minuted_reasons", "nothing_held", "registered_where_cap_needs_it", "money_left", "award_within_cap"), tells=("offered",)),
    Move("reject", ("moderated", "reserved"), "unsuccessful", "is_second_approver", "Tell the applicant it is unsuccessful", needs=("minuted_reasons",), tells=("unsuccessful",)),
    Move("accept", ("offered",), "accepted", "is_signatory", "Accept the offer", needs=("before_expiry", "every_signature"), tells=("accepted", "delivery_prepared")),
    Move("decline", ("offered",), "declined", "is_signatory", "Decline the offer", tells=("declined",), needs_reason=True),
    Move("lapse", ("offered",), "lapsed", "is_the_clock", "Let the offer lapse", needs=("after_expiry",), tells=("lapsed",)),
    Move("start_delivery", ("accepted",), "in_delivery", "is_grant_manager", "Start delivery", needs=("agreement_signed", "bank_verified", "tranches_add_up", "baselines_set"), tells=("delivery_started",)),
    Move("close", ("in_delivery",), "closed", "is_grant_manager", "Close", needs=("final_return_accepted", "money_settled"), tells=("closed",)),
    Move("close_with_rest", ("in_delivery",), "closed", "is_head_of_fund", "Close, and let the group keep what it did not spend", needs=("final_return_accepted", "nothing_owed"), tells=("closed",), needs_reason=True),
    Move("terminate", ("in_delivery",), "terminated", "is_head_of_fund", "End early", tells=("terminated",), needs_reason=True),
    Move(
        "withdraw",
        ("draft", "submitted", "eligible", "in_scoring", "moderated", "reserved", "offered", "accepted", "in_delivery"),
        "withdrawn", "is_lead", "Withdraw the bid", needs=("reason_once_submitted",), tells=("withdrawn", "money_freed"),
    ),
)  # fmt: skip

APPLICATION = Workflow("application", STATES, MOVES, initial="draft")
APPLICATION.guard(Application)

OPEN_TO_APPLICANT = frozenset({"draft"})
WITH_THE_PANEL = frozenset({"in_scoring", "moderated"})
DECIDED = frozenset(
    {"reserved", "offered", "unsuccessful", "accepted", "declined", "lapsed", "in_delivery", "closed", "terminated"}
)
AWARDED = frozenset({"accepted", "in_delivery", "closed", "terminated"})
ENDED = APPLICATION.ended()
