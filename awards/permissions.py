"""Who may do what in awarding: one table. Whoever judged a bid, or belongs to its applicant, is refused everywhere."""

from applications.applications import is_lead_of
from applications.tables import Application
from fund.core.permissions import No, all_of, rule
from fund.roles import (
    holds,
    is_decision_maker,
    is_finance_officer,
    is_grant_manager,
    is_head_of_fund,
    is_signed_in,
    is_staff,
)

from .decisions import may_approve, may_take_part
from .letters import AWARD_KINDS
from .offers import award_of
from .parties import is_named_to_sign, is_party, lead_of
from .tables import Award, BankDetail, Letter
from .withdrawals import proposal_of


def _bid(thing) -> Application:
    return thing if isinstance(thing, Application) else getattr(thing, "application", None) or thing.award.application


def has_no_stake(person, thing) -> bool | No:
    """Neither judged the bid nor belongs to its applicant."""
    return may_take_part(person, _bid(thing))


def did_not_propose(person, decision) -> bool | No:
    return may_approve(person, decision)


def is_grantee(person, thing) -> bool:
    """Writes the bid, belongs to the organisation, or is named to sign."""
    award = thing if isinstance(thing, Award) else _promised_by(thing)
    return is_party(person, _bid(thing)) or (award is not None and is_named_to_sign(person, award))


def _promised_by(thing) -> Award | None:
    """The award that an award letter is about: its signatories may read that letter, and no other about the bid."""
    is_promise = isinstance(thing, Letter) and thing.kind in AWARD_KINDS
    return award_of(thing.application) if is_promise else None


def is_named_signatory(person, award) -> bool | No:
    if is_named_to_sign(person, award):
        return True
    return No("You are not named to sign this agreement. The lead of the bid can name you.") if is_grantee(person, award) else False  # fmt: skip


def is_first_lead(person, award) -> bool | No:
    lead = lead_of(award.application)
    if lead is not None and person is not None and lead.id == person.id:
        return True
    return No("Only the lead of the bid can do this.") if is_grantee(person, award) else False


def answers_for_money(person, award) -> bool | No:
    """A lead or a signatory: who may give the bank details of a grantee."""
    if is_lead_of(person, award.application) or is_named_to_sign(person, award):
        return True
    return No("Only a lead or a signatory can enter bank details.") if is_grantee(person, award) else False


def hands_in(person, award) -> bool | No:
    """A lead or a signatory: who may send the letter with ink on it."""
    if is_lead_of(person, award.application) or is_named_to_sign(person, award):
        return True
    return No("Only a lead or a signatory can send the signed copy.") if is_grantee(person, award) else False


def did_not_enter(person, detail: BankDetail) -> bool | No:
    return detail.entered_by_id != person.id or No("You entered these details. Another person must check them.")


def did_not_check(person, detail: BankDetail) -> bool | No:
    mine = person.id in (detail.entered_by_id, detail.checked_by_id)
    return not mine or No("You entered or checked these details. A third person must confirm them.")


def did_not_prepare(person, payment) -> bool | No:
    return payment.prepared_by_id != person.id or No("You prepared this payment. Another person must release it.")


def did_not_ask(person, variation) -> bool | No:
    return variation.proposed_by_id != person.id or No("You asked for this change. Another person must decide on it.")


def did_not_write(person, award: Award) -> bool | No:
    proposal = proposal_of(award)
    return (
        proposal is None
        or proposal.proposed_by_id != person.id
        or No("You proposed this letter. Another person must approve it.")
    )


def decides_changes(person, thing=None) -> bool:
    return holds(person, "decision_maker", "head_of_fund", thing=thing)


def confirms_bank(person, thing=None) -> bool:
    return holds(person, "finance_officer", "head_of_fund", "grant_manager", thing=thing)


def releases_money(person, thing=None) -> bool:
    return holds(person, "finance_officer", "head_of_fund", thing=thing)


def sees_payments(person, thing=None) -> bool:
    return holds(person, "finance_officer", "head_of_fund", "grant_manager", "auditor", thing=thing)


def imports_grants(person, thing=None) -> bool:
    return holds(person, "fund_officer", "head_of_fund", thing=thing)


def sees_decisions(person, thing=None) -> bool:
    roles = ("decision_maker", "fund_officer", "head_of_fund", "grant_manager", "finance_officer", "auditor")
    return holds(person, *roles, thing=thing)


def publishes(person, thing=None) -> bool:
    return holds(person, "decision_maker", "fund_officer", "head_of_fund", thing=thing)


def changes_letters(person, thing=None) -> bool:
    return holds(person, "fund_officer", "head_of_fund", thing=thing)


rule("see_decisions", "staff of the partnership", sees_decisions)
rule("propose_decision", "decision makers who did not assess the bid", all_of(is_decision_maker, has_no_stake))
rule("set_limits", "heads of fund of the partnership", is_head_of_fund)
rule("publish_register", "decision makers, fund officers and heads of fund of the partnership", publishes)
rule("import_other_grants", "fund officers and heads of fund of the partnership", imports_grants)
rule("see_decision", "staff of the partnership", sees_decisions)
rule("approve_decision", "another decision maker than the proposer, who did not assess the bid", all_of(is_decision_maker, did_not_propose))  # fmt: skip
rule("approve_decisions", "decision makers of the partnership", is_decision_maker)
rule("see_award", "staff of the partnership", is_staff)
rule("manage_award", "grant managers of the partnership", all_of(is_grant_manager, has_no_stake))
rule("decide_variation", "decision makers and heads of fund who did not ask for the change", all_of(decides_changes, did_not_ask, has_no_stake))  # fmt: skip
rule("approve_withdrawal_letter", "decision makers and heads of fund who did not propose the letter", all_of(decides_changes, did_not_write, has_no_stake))  # fmt: skip
rule("end_award", "heads of fund", all_of(is_head_of_fund, has_no_stake))
rule("set_years", "heads of fund and finance officers of the partnership", releases_money)
rule("see_money", "staff of the partnership", is_staff)
rule("see_payments", "finance officers, heads of fund, grant managers, auditors", sees_payments)
rule("prepare_payment", "finance officers who did not assess the bid", all_of(is_finance_officer, has_no_stake))
rule("release_payment", "finance officers and heads of fund who did not prepare it", all_of(releases_money, did_not_prepare, has_no_stake))  # fmt: skip
rule("release_payments", "finance officers and heads of fund", releases_money)
rule("see_run", "finance officers and heads of fund", releases_money)
rule(
    "check_bank",
    "finance officers who did not enter the details",
    all_of(is_finance_officer, did_not_enter, has_no_stake),
)
rule("confirm_bank", "finance officers, heads of fund and grant managers who neither entered nor checked", all_of(confirms_bank, did_not_check, has_no_stake))  # fmt: skip
rule("receive_recovery", "finance officers", all_of(is_finance_officer, has_no_stake))
rule("my_grants", "everybody who is signed in", is_signed_in)
rule("my_grant", "the grantee's people and signatories", is_grantee)
rule("sign_offer", "the named signatories", is_named_signatory)
rule("name_signatories", "the lead of the bid", is_first_lead)
rule("send_signed_copy", "leads and signatories of the grantee", hands_in)
rule("enter_bank", "leads and signatories of the grantee", answers_for_money)
rule("see_letter_words", "staff of the partnership", is_staff)
rule("change_letter_words", "fund officers and heads of fund of the partnership", changes_letters)
rule(
    "read_letter",
    "the applicant's people, the signatories of an award letter, and staff of the partnership",
    is_grantee,
    is_staff,
)
