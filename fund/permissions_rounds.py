"""Who may do what with rounds, strategies and pots."""

from fund import roles
from fund.core.permissions import No, rule
from fund.tables import PotChange


def may_decide_pot(person, change: PotChange) -> bool | No:
    """A second person of the fund: never who proposed the change."""
    if not roles.holds(person, "fund_officer", "head_of_fund", "decision_maker", thing=change):
        return False
    return (
        No("You proposed this change. Somebody else must approve it.") if change.proposed_by_id == person.id else True
    )


def proposed_it(person, change: PotChange) -> bool:
    return person is not None and change.proposed_by_id == person.id


rule("use_office", "staff of any partnership", roles.is_staff)
rule("see_round", "staff of the round's partnership", roles.is_staff)
rule("start_round", "fund officers of any partnership", roles.is_fund_officer)
rule("run_round", "fund officers of the round's partnership", roles.is_fund_officer)
rule("decide_pot", "fund officers, heads of fund and decision makers, but not who proposed it", may_decide_pot)
rule("put_pot_change_away", "who may decide it, and who proposed it", may_decide_pot, proposed_it)
