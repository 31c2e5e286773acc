"""What a round offers and to whom: its caps by legal form, and the priorities it funds. Both stand still at publication."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from fund.core import audit
from fund.core.database import db
from fund.core.problems import Problem
from fund.rounds import AT_PUBLICATION, check_may_change, priorities_of
from fund.strategies.legal_form import legal_forms
from fund.tables import Cap, Person, Priority, Round, RoundPriority


@dataclass(frozen=True)
class CapTerms:
    """One cap as an officer writes it: `plural` are the words of the refusal ("groups that are not registered")."""

    plural: str
    most_pence: int
    legal_forms: Sequence[str]
    needs_register: bool
    key: str = ""


def terms_of(round: Round) -> list[Cap]:
    """The caps in the officer's order."""
    return list(db.session.scalars(select(Cap).where(Cap.round_id == round.id).order_by(Cap.position, Cap.id)))


def set_caps(
    round: Round, wanted: Sequence[CapTerms], *, by: Person | None, now: datetime, seen: int | None = None
) -> None:
    """Make the caps of a round exactly these. Raises Problem when a legal form is in none or two of them."""
    round.check_version(seen)
    check_may_change(round, AT_PUBLICATION, now, "caps")
    _check_caps(wanted)
    there = {cap.key: cap for cap in terms_of(round)}
    kept = {terms.key for terms in wanted if terms.key in there}
    for key in set(there) - kept:
        db.session.delete(there[key])
    taken = set(kept)
    for place, terms in enumerate(wanted, 1):
        cap = there.get(terms.key)
        if cap is None:
            cap = Cap(round_id=round.id, key=_free_key(taken))
            db.session.add(cap)
        cap.plural, cap.most_pence, cap.needs_register = terms.plural, terms.most_pence, terms.needs_register
        cap.legal_forms, cap.position = list(terms.legal_forms), place
    round.touch()
    db.session.flush()
    caps = [[cap.plural, cap.most_pence, list(cap.legal_forms)] for cap in terms_of(round)]
    audit.record("round.caps", round, by=by, now=now, caps=caps)


def _check_caps(wanted: Sequence[CapTerms]) -> None:
    if not wanted:
        raise Problem("A round needs at least one cap", "caps")
    labels = {form.key: form.label for form in legal_forms() if form.can_apply != "no"}
    seen: set[str] = set()
    for terms in wanted:
        if not terms.legal_forms or set(terms.legal_forms) - set(labels):
            raise Problem(f"Choose who the cap for {terms.plural} is for", "caps")
        for form in terms.legal_forms:
            if form in seen:
                raise Problem(f"“{labels[form]}” is in two caps. Take it out of one of them", "caps")
            seen.add(form)


def _free_key(taken: set[str]) -> str:
    number = 1
    while (key := f"cap-{number}") in taken:
        number += 1
    taken.add(key)
    return key


def strategy_priorities(round: Round) -> list[Priority]:
    """Every priority that the round's strategy offers, in its order."""
    wanted = select(Priority).where(Priority.strategy_id == round.strategy_id)
    return list(db.session.scalars(wanted.order_by(Priority.position)))


def choose_priorities(
    round: Round, guidance: dict[int, str | None], *, by: Person | None, now: datetime, seen: int | None = None
) -> None:
    """Fund exactly these priorities (by key), each with the words that say who it is for. Raises Problem for none."""
    round.check_version(seen)
    check_may_change(round, AT_PUBLICATION, now, "priorities")
    offered = strategy_priorities(round)
    chosen = [each for each in offered if each.id in guidance]
    if not chosen:
        raise Problem("Choose at least one priority", "priorities")
    there = {each.priority_id: each for each in priorities_of(round)}
    for key in set(there) - {each.id for each in chosen}:
        db.session.delete(there[key])
    for each in chosen:
        row = there.get(each.id) or RoundPriority(round_id=round.id, priority_id=each.id)
        row.guidance, row.position = (guidance[each.id] or "").strip() or None, each.position
        db.session.add(row)
    round.touch()
    audit.record("round.priorities", round, by=by, now=now, codes=[each.code for each in chosen])
