"""The standard form, from standard_form.yaml, given to a round as rows that its officers may change."""

import functools
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from fund.core import audit
from fund.core.database import db
from fund.core.problems import Problem
from fund.tables import Person, Round

from .forms import current_form
from .tables import EligibilityQuestion, Form, Question, Section

FILE = Path(__file__).parent / "standard_form.yaml"


@functools.cache
def standard_form() -> dict[str, Any]:
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


def use_standard_form(round: Round, *, by: Person | None, now: datetime, two_tracks: bool = False) -> Form:
    """Give a round that has no form the standard one, with the short form for small sums when `two_tracks`.

    Raises Problem when it has a form already.
    """
    if current_form(round) is not None:
        raise Problem("This round has a form already.")
    content = standard_form()
    form = Form(round_id=round.id, number=1, created_at=now, elsewhere=content["elsewhere"])
    form.short_up_to_pence = content["short_up_to_pence"] if two_tracks else None
    db.session.add(form)
    db.session.flush()
    _add_questions(form, content["sections"])
    for position, each in enumerate(content["eligibility"], 1):
        db.session.add(EligibilityQuestion(form_id=form.id, position=position, **each))
    db.session.flush()
    audit.record("form.use_standard", form, by=by, now=now, round=round.id)
    return form


def _add_questions(form: Form, sections: list[dict[str, Any]]) -> None:
    position = 0
    for place, given in enumerate(sections, 1):
        section = Section(form_id=form.id, key=given["key"], title=given["title"], position=place)
        db.session.add(section)
        db.session.flush()
        for each in given["questions"]:
            position += 1
            db.session.add(Question(form_id=form.id, section_id=section.id, position=position, **_columns(each)))


def _columns(given: dict[str, Any]) -> dict[str, Any]:
    names = ("key", "kind", "text", "why", "help", "example", "word_limit", "show_when", "short")
    return {
        **{name: given.get(name) for name in names},
        "required": given.get("required", True),
        "settings": given.get("settings", {}),
        "track": given.get("track", "both"),
    }
