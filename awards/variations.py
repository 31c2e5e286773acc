"""Changing what was promised: asked for by one person, decided by another; new terms, new letter, the ledger moved by the difference.

Beside amount and purpose the last day, targets and budget lines can change (varying.py); what was reported stays.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from fund.caps import cap_for
from fund.core import audit
from fund.core.database import db
from fund.core.guards import once_only
from fund.core.money import pounds
from fund.core.problems import Forbidden, Problem, WrongMoment
from fund.tables import Person

from . import letters, money, offers, varying
from .decisions import may_take_part, refuse_unless
from .limits import may_decide_on
from .replanning import plan_again
from .schedule import Period, as_kept, return_periods
from .tables import Award, AwardVersion, Letter, Variation
from .telling import tell_applicant
from .tranches import check_sum, tranches_of

VARIED = ("accepted", "in_delivery")


def load_variation(key: int) -> Variation | None:
    return db.session.get(Variation, key)


def variations_of(award: Award) -> list[Variation]:
    """Every change that was asked for, the latest first."""
    return list(
        db.session.scalars(select(Variation).where(Variation.award_id == award.id).order_by(Variation.id.desc()))
    )


def propose_variation(
    award: Award, new_pence: int, purpose: str, why: str, *, by: Person, now: datetime, ends_on: date | None = None,
    values: dict[str, Any] | None = None,
) -> Variation:  # fmt: skip
    """Ask for new terms; `ends_on` and `values` ({"target-3": "40", "budget-7": pence}) only where they change.

    Raises Problem for an amount above the cap or below what is paid, for a day or lines that do not fit, or when nothing changes.
    """
    if award.application.status not in VARIED:
        raise WrongMoment("Only an accepted award or one in delivery can be changed.")
    if any(each.outcome is None for each in variations_of(award)):
        raise WrongMoment("A change of this award waits for a decision already.")
    terms = offers.terms_of(award)
    if not why.strip():
        raise Problem("Say what changes and why", "why")
    changes = varying.changes_from(award, terms, new_pence, purpose.strip(), ends_on, values or {})
    if new_pence == terms.amount_pence and not changes:
        raise Problem("Nothing changes. Enter another amount, purpose, day, target or budget line", "amount")
    _check_amount(award, new_pence)
    row = Variation(
        award_id=award.id, old_pence=terms.amount_pence, new_pence=new_pence, purpose=purpose.strip(),
        changes=changes, why=why.strip(), proposed_at=now, proposed_by_id=by.id,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.record("variation.propose", row, by=by, now=now, award=award.id, old=row.old_pence, new=new_pence)
    return row


def _check_amount(award: Award, new_pence: int) -> None:
    cap = cap_for(award.round, award.organisation)
    if new_pence > cap.most_pence:
        raise Problem(f"The cap for {cap.plural} is {pounds(cap.most_pence)}.", "amount")
    if new_pence < max(award.paid_pence, 1):
        raise Problem(f"{pounds(award.paid_pence)} is paid already. End the award early to ask money back.", "amount")


def approve_variation(variation: Variation, *, by: Person, now: datetime) -> Letter:
    """The second person agrees: money, terms, instalments and letter change together.

    Raises Forbidden for the person who asked, WrongMoment when it was decided or the award has moved on, NoRoom, Problem.
    """
    award = variation.award
    _decide(variation, "approved", by, now)
    terms = offers.terms_of(award)
    if award.application.status not in VARIED or terms.amount_pence != variation.old_pence:
        raise WrongMoment("The award has changed since this was asked for.")
    _check_amount(award, variation.new_pence)
    if any(row.status == "prepared" for row in tranches_of(award)):
        raise Problem("A payment of this award waits for release. Release it or take it back first.")
    _move_money(variation, by, now)
    ends_on = _last_day(variation, terms)
    periods = return_periods(terms.starts_on, ends_on, award.round.return_every_months)
    plan_again(award, periods, by=by, now=now)
    check_sum(award)
    new_terms = _new_terms(award, terms, variation, ends_on, periods, now)
    varying.follow(award, new_terms, variation.changes, now)
    letter = letters.issue_award_letter(award, new_terms, now=now)
    tell_applicant(
        "award_varied", award.application, now=now, once=f"variation-{variation.id}", award=award, letter=letter
    )
    return letter


def refuse_variation(variation: Variation, *, by: Person, now: datetime) -> None:
    _decide(variation, "refused", by, now)


def _decide(variation: Variation, outcome: str, by: Person, now: datetime) -> None:
    if variation.outcome is not None:
        raise WrongMoment("This change was decided already.")
    if variation.proposed_by_id == by.id:
        raise Forbidden("You asked for this change. Another person must decide on it.")
    refuse_unless(may_take_part(by, variation.award.application))
    partnership = variation.award.round.fund.partnership_id
    refuse_unless(outcome == "refused" or may_decide_on(by, partnership, variation.new_pence))
    with once_only("This change was decided already."):
        variation.outcome, variation.decided_at, variation.decided_by_id = outcome, now, by.id
    audit.record(f"variation.{outcome}", variation, by=by, now=now, award=variation.award_id)


def _move_money(variation: Variation, by: Person, now: datetime) -> None:
    change = variation.new_pence - variation.old_pence
    once = f"variation-{variation.id}"
    if change > 0:
        money.post(variation.award, "offer", change, by=by, now=now, once=f"{once}-offer")
        money.post(variation.award, "commit", change, by=by, now=now, once=f"{once}-commit")
    elif change < 0:
        money.post(variation.award, "release", -change, by=by, now=now, once=f"{once}-release")


def _last_day(variation: Variation, terms: AwardVersion) -> date:
    changed = (date.fromisoformat(each["new"]) for each in variation.changes if each["kind"] == "end")
    return next(changed, terms.ends_on)


def _new_terms(
    award: Award, old: AwardVersion, variation: Variation, ends_on: date, periods: list[Period], now: datetime
) -> AwardVersion:
    kept = [[row.number, row.due_on.isoformat(), row.amount_pence, row.waits_for] for row in tranches_of(award) if row.status != "cancelled"]  # fmt: skip
    returns = as_kept([], periods)["returns"] if ends_on != old.ends_on else old.schedule["returns"]
    terms = AwardVersion(
        award_id=award.id, number=old.number + 1, amount_pence=variation.new_pence, purpose=variation.purpose,
        starts_on=old.starts_on, ends_on=ends_on, schedule={"tranches": kept, "returns": returns}, why=why_in_words(variation),
        created_at=now, created_by_id=variation.proposed_by_id,
    )  # fmt: skip
    db.session.add(terms)
    db.session.flush()
    return terms


def why_in_words(variation: Variation) -> str:
    """The reason with every change beside amount and purpose, for the letter."""
    said = [f"{what}: {old} becomes {new}." for what, old, new in map(varying.in_words, variation.changes)]
    return " ".join([variation.why, *said])


def side_by_side(variation: Variation) -> list[tuple[str, str, str]]:
    """(what, old, new) for everything that changes."""
    amount = ("Amount", pounds(variation.old_pence), pounds(variation.new_pence))
    return [amount] + [varying.in_words(each) for each in variation.changes]
