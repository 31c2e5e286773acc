"""Who may have a round's decision pack made, and who may read it: nobody from whom one of its bids is hidden."""

from fund.core.permissions import No, all_of, rule
from fund.roles import is_auditor, is_decision_maker, is_fund_officer, is_head_of_fund

from ..visibility import hidden_from

TELLS_OF_ALL = "The pack tells of every bid. You declared a conflict in this round, or have bids to score, so somebody else must do this."  # fmt: skip


def sees_every_bid(person, round) -> bool | No:
    return No(TELLS_OF_ALL) if hidden_from(person, round) else True


# The round's navigation asks this on each of its pages: without the statement that looks for hidden bids.
rule(
    "find_pack", "the partnership's officers, decision makers and auditors",
    is_fund_officer, is_head_of_fund, is_decision_maker, is_auditor,
)  # fmt: skip
rule(
    "make_pack", "fund officers and heads of fund of the partnership, unless a bid is hidden from them",
    all_of(is_fund_officer, sees_every_bid), all_of(is_head_of_fund, sees_every_bid),
)  # fmt: skip
rule(
    "read_pack", "the partnership's officers, decision makers and auditors, unless a bid is hidden from them",
    all_of(is_fund_officer, sees_every_bid), all_of(is_head_of_fund, sees_every_bid),
    all_of(is_decision_maker, sees_every_bid), all_of(is_auditor, sees_every_bid),
)  # fmt: skip
