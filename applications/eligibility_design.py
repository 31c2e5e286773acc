"""The questions before any sign-in that say whether somebody can apply: officers write them with the form."""

from datetime import datetime
from typing import Any

from fund.core import audit
from fund.core.database import db
from fund.core.problems import Problem
from fund.tables import Person

from .form_design import open_form
from .forms import eligibility_of
from .tables import EligibilityQuestion, Form

ENDS = {"no": "They cannot apply", "talk": "They should talk to us first"}
MOST = 12


def change_eligibility(row: EligibilityQuestion, *, by: Person, now: datetime, **facts: Any) -> EligibilityQuestion:
    """Change the question, its help, the good answer, and what the other answer leads to."""
    form = open_form(row.form_id)
    _write(row, facts)
    form.touch()
    db.session.flush()
    audit.record("eligibility.change", row, by=by, now=now, form=form.id)
    return row


def add_eligibility(form: Form, *, by: Person, now: datetime, **facts: Any) -> EligibilityQuestion:
    """A new question at the end; at most twelve, because they are meant to take a minute."""
    open_form(form.id)
    rows = eligibility_of(form)
    if len(rows) >= MOST:
        raise Problem(f"{MOST} questions are the most. They should take a minute.")
    numbers = {row.key for row in rows}
    key = next(f"e{number}" for number in range(1, MOST + len(rows) + 1) if f"e{number}" not in numbers)
    row = EligibilityQuestion(form_id=form.id, key=key, position=max((each.position for each in rows), default=0) + 1)
    _write(row, facts)
    db.session.add(row)
    form.touch()
    db.session.flush()
    audit.record("eligibility.add", row, by=by, now=now, form=form.id)
    return row


def _write(row: EligibilityQuestion, facts: dict[str, Any]) -> None:
    text, otherwise = (facts.get("text") or "").strip(), (facts.get("otherwise") or "").strip()
    if not text:
        raise Problem("Enter the question", "text")
    if facts.get("ends") not in ENDS:
        raise Problem("Choose what the other answer leads to", "ends")
    if not otherwise:
        raise Problem("Enter what people read who give the other answer", "otherwise")
    row.text, row.otherwise, row.help = text, otherwise, (facts.get("help") or "").strip() or None
    row.good, row.ends = bool(facts.get("good")), facts["ends"]


def move_eligibility(row: EligibilityQuestion, step: int, *, by: Person, now: datetime) -> None:
    """One place up (-1) or down (+1)."""
    form = open_form(row.form_id)
    rows = eligibility_of(form)
    place = rows.index(row)
    if not 0 <= place + step < len(rows):
        return
    rows[place], rows[place + step] = rows[place + step], rows[place]
    for position, each in enumerate(rows, 1):
        each.position = position
    form.touch()
    db.session.flush()
    audit.record("eligibility.move", row, by=by, now=now, form=form.id, step=step)


def remove_eligibility(row: EligibilityQuestion, *, by: Person, now: datetime) -> None:
    form = open_form(row.form_id)
    audit.record("eligibility.remove", row, by=by, now=now, form=form.id, key=row.key)
    db.session.delete(row)
    form.touch()
    db.session.flush()
