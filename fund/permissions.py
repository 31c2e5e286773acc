"""Who may do what with people, organisations and the machinery: this package's rules, in one table."""

from fund.core.permissions import No, rule
from fund.core.withholding import refusal
from fund.members import is_lead_of_organisation, is_member_of
from fund.retention import load_held
from fund.roles import holds, is_administrator, is_auditor, is_signed_in, is_staff
from fund.tables import LegalHold, Organisation, Person

CHECKERS = ("fund_officer", "head_of_fund", "grant_manager")


def leads_the_organisation(person: Person, organisation: Organisation):
    """The lead may; a colleague is told who may; to anybody else there is no such organisation."""
    if is_lead_of_organisation(person, organisation):
        return True
    return is_member_of(person, organisation) and No("Only the lead of your organisation can do this.")


def checks_numbers(person: Person, thing=None):
    """Organisations belong to no partnership, so those who check bids anywhere may; never where they belong themselves."""
    if not holds(person, *CHECKERS):
        return is_staff(person) and No("Fund officers, heads of fund and grant managers record checks.")
    if isinstance(thing, Organisation) and is_member_of(person, thing):
        return No("You belong to this organisation, so somebody else has to check its numbers.")
    return True


def is_staff_anywhere(person: Person, thing=None) -> bool:
    return is_staff(person)


def is_administrator_anywhere(person: Person, thing=None) -> bool:
    return is_administrator(person)


def answers_for_it(person: Person, thing=None):
    """Administrators for anything, heads of fund for the bids of their partnership and for organisations, never for what is kept from them."""
    if thing is not None and (kept := refusal(person, thing)):
        return No(kept)
    if holds(person, "administrator"):
        return True
    return holds(person, "head_of_fund", thing=None if isinstance(thing, Organisation) else thing)


def is_head_of_fund_anywhere(person: Person, thing=None) -> bool:
    return holds(person, "head_of_fund")


def answers_for_the_held(person: Person, hold: LegalHold):
    thing = load_held(hold.about)
    return thing is not None and answers_for_it(person, thing)


rule("own_account", "everybody who is signed in", is_signed_in)
rule("see_own_organisation", "people of the organisation", is_member_of)
rule("change_own_organisation", "people of the organisation", is_member_of)
rule("lead_organisation", "the lead of the organisation", leads_the_organisation)
rule("see_organisations", "staff of any partnership", is_staff_anywhere)
rule(
    "check_identifiers",
    "fund officers, heads of fund and grant managers who do not belong to the organisation",
    checks_numbers,
)
rule("manage_people", "administrators", is_administrator_anywhere)
rule("read_audit_log", "administrators and auditors", is_administrator_anywhere, is_auditor)
rule("audit", "auditors", is_auditor)
rule("see_machinery", "administrators", is_administrator_anywhere)
rule("see_keeping", "administrators and heads of fund", answers_for_it)
rule("hold", "administrators, and heads of fund for their partnership's bids and for organisations", answers_for_it)
rule(
    "lift_hold",
    "administrators, and heads of fund for their partnership's bids and for organisations",
    answers_for_the_held,
)
rule("answer_for_keeping", "heads of fund", is_head_of_fund_anywhere)
