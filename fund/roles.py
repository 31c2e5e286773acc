"""Who may do what in the fund: predicates named as sentences. Each package combines them in its own permissions.py.

A thing belongs to a partnership when it has a `partnership_id` itself, or a round, fund or application that leads to one.
"""

from fund.core import clock, withholding
from fund.tables import STAFF_ROLES, Fund, Partnership, Person, Round


def partnership_of(thing) -> int | None:
    """The key of the partnership that a thing belongs to, or None."""
    if isinstance(thing, Partnership):
        return thing.id
    if isinstance(thing, Round):
        return thing.fund.partnership_id
    if isinstance(thing, Fund):
        return thing.partnership_id
    for noun in ("partnership_id", "round", "application", "award", "panel", "period", "fund"):
        nearer = getattr(thing, noun, None)
        if nearer is not None:
            return nearer if isinstance(nearer, int) else partnership_of(nearer)
    return None


def round_of(thing) -> int | None:
    """The key of the round that a thing belongs to, or None."""
    if isinstance(thing, Round):
        return thing.id
    if getattr(thing, "round_id", None):
        return thing.round_id
    for noun in ("application", "award", "panel", "period"):
        nearer = getattr(thing, noun, None)
        if nearer is not None:
            return round_of(nearer)
    return None


def holds(person: Person | None, *roles: str, thing=None) -> bool:
    """Whether the person now holds one of these roles where the thing is (anywhere, when there is no thing).

    No role reaches what is kept from the person: somebody recused from a bid is refused it in every office.
    """
    return _is_granted(person, roles, thing) and withholding.refusal(person, thing) is None


def _is_granted(person: Person | None, roles: tuple[str, ...], thing) -> bool:
    if person is None:
        return False
    moment = clock.now()
    here = partnership_of(thing) if thing is not None else None
    for grant in person.grants:
        if grant.role not in roles or (grant.until is not None and grant.until <= moment):
            continue
        if thing is None or (grant.partnership_id is None and grant.round_id is None):
            return True
        if grant.partnership_id is not None and grant.partnership_id == here:
            return True
        if grant.round_id is not None and grant.round_id == round_of(thing):
            return True
    return False


def _role(role: str):
    def has_the_role(person, thing=None) -> bool:
        return holds(person, role, thing=thing)

    has_the_role.__name__ = f"is_{role}"
    return has_the_role


is_administrator = _role("administrator")
is_fund_officer = _role("fund_officer")
is_head_of_fund = _role("head_of_fund")
is_decision_maker = _role("decision_maker")
is_finance_officer = _role("finance_officer")
is_grant_manager = _role("grant_manager")
is_evaluator = _role("evaluator")
is_auditor = _role("auditor")


def is_staff(person, thing=None) -> bool:
    """Holds any role of the partnership's own staff there. Evaluators and assessors are not staff."""
    return holds(person, *STAFF_ROLES, thing=thing)


def is_signed_in(person, thing=None) -> bool:
    return person is not None
