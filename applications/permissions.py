"""Who may do what with a bid. Strangers see no bid at all; colleagues as far as their role on it goes."""

from fund.core.permissions import No, rule
from fund.roles import holds, is_fund_officer, is_signed_in, is_staff

from .applications import role_of
from .tables.packs import CAME_BY

READERS = (
    "fund_officer",
    "head_of_fund",
    "decision_maker",
    "finance_officer",
    "grant_manager",
    "auditor",
    "administrator",
)


def works_on_it(person, application) -> bool:
    return role_of(person, application) is not None


def may_write_it(person, application):
    role = role_of(person, application)
    if role == "viewer":
        return No("You can read this bid. Its lead and its editors can change it.")
    # A colleague for the money part writes too; check_may_answer says which questions.
    return role is not None


def leads_it(person, application):
    role = role_of(person, application)
    if role in ("editor", "budget", "viewer"):
        return No("Only the lead of this bid can do this.")
    return role == "lead"


def keys_in(person, round):
    if is_fund_officer(person, round):
        return True
    return No("Only fund officers of this partnership can key in bids.") if is_staff(person, round) else False


def keys_it_in(person, application) -> bool:
    """A fund officer, for a bid that came in on paper, by telephone or by email."""
    return application.source in CAME_BY and is_fund_officer(person, application)


def is_staff_of_the_fund(person, thing) -> bool:
    return holds(person, *READERS, thing=thing)


def screens(person, thing):
    if is_fund_officer(person, thing) or holds(person, "head_of_fund", thing=thing):
        return True
    return No("Only fund officers of this partnership can do this.") if is_staff(person, thing) else False


def designs(person, round):
    if is_fund_officer(person, round):
        return True
    return No("Only fund officers of this partnership can change the form.") if is_staff(person, round) else False


rule("start_application", "everybody who is signed in", is_signed_in)
rule(
    "read_application",
    "the lead, editors and viewers of the bid; fund officers where it is keyed in",
    works_on_it,
    keys_it_in,
)
rule(
    "write_application",
    "the lead and editors of the bid; of the money part also colleagues for it; fund officers where it is keyed in",
    may_write_it,
    keys_it_in,
)
rule("lead_application", "the lead of the bid", leads_it)
rule("send_application", "the lead of the bid; fund officers where it is keyed in", leads_it, keys_it_in)
rule("key_in_bids", "fund officers of the partnership", keys_in)
rule("read_applications", "staff of the partnership", is_staff_of_the_fund)
rule("screen_application", "fund officers and the head of fund of the partnership", screens)
rule("see_form", "staff of the partnership", is_staff_of_the_fund)
rule("design_form", "fund officers of the partnership", designs)
rule("see_sanctions_list", "staff of the partnership", is_staff_of_the_fund)
rule("read_sanctions_list", "fund officers and the head of fund of the partnership", screens)
