"""Designing a form: its parts, its questions, and who is asked each of them."""

import re
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from fund.core import audit
from fund.core.database import db
from fund.core.problems import Problem, WrongMoment
from fund.tables import Person

from .conditions import check_condition, check_order
from .form_versions import clone_form, freeze_form, live_choices, thaw_form
from .forms import SPOKEN_KINDS, questions_of, sections_of
from .question_types import TYPES
from .tables import Form, Question, Section
from .tables.forms import TRACKS

# Lists, checks and reports of the fund stand on these; their words may change, they may not go.
NEEDED = frozenset(
    {
        "title",
        "priority",
        "level",
        "strand",
        "dates",
        "places",
        "beneficiaries",
        "outcomes",
        "milestones",
        "asked",
        "budget",
    }
)
# The same for the short form, which asks for less: a bid without a level, a strand, milestones or outcomes can be judged.
NEEDED_IN_SHORT = frozenset({"title", "priority", "places", "dates", "beneficiaries", "asked", "budget"})
SHORT_WORDS = ("text", "why", "help", "example", "word_limit")


def change_question(question: Question, *, by: Person, now: datetime, **facts: Any) -> Question:
    """Change words, limit or whether it is required. Raises WrongMoment once the form is frozen."""
    form = open_form(question.form_id)
    text = (facts.get("text") or "").strip()
    if not text:
        raise Problem("Enter the question", "text")
    limit = facts.get("word_limit")
    if limit is not None and not 1 <= limit <= 5_000:
        raise Problem("Enter a limit from 1 to 5,000 words", "word_limit")
    for name in ("text", "why", "help", "example", "word_limit", "required"):
        if name in facts:
            setattr(question, name, facts[name] if facts[name] != "" else None)
    if "voice" in facts and question.kind in SPOKEN_KINDS:
        kept = {key: value for key, value in question.settings.items() if key != "voice"}
        question.settings = {**kept, "voice": True} if facts["voice"] else kept
    if "choices" in facts and facts["choices"] is not None:
        _change_choices(question, facts["choices"])
    form.touch()
    db.session.flush()
    audit.record("question.change", question, by=by, now=now, form=form.id, fields=sorted(facts))
    return question


def _change_choices(question: Question, choices: list[list[str]]) -> None:
    """New choices; one that keeps its label keeps its key, so that answers copied from another round still fit."""
    if len(choices) < 2:
        raise Problem("Enter at least two choices, one on each line", "choices")
    known = {row[1]: row[0] for row in question.settings.get("choices") or []}
    taken, number, kept = set(known.values()), 0, []
    for _key, label, *rest in choices:
        key = known.get(label)
        while key is None or key in {row[0] for row in kept}:
            number += 1
            key = f"c{number}" if f"c{number}" not in taken else None
        kept.append([key, label, *rest])
    question.settings = {**question.settings, "choices": kept}


def set_condition(question: Question, condition: dict[str, Any] | None, *, by: Person, now: datetime) -> None:
    """Ask the question only when this holds (see `conditions`); None: ask everybody. Raises Problem for what cannot be."""
    form = open_form(question.form_id)
    if condition and question.key in NEEDED:
        raise Problem("The fund's lists and checks need this question, so everybody is asked it.", "when_question")
    every = questions_of(form)
    check_condition(condition, question, every, two_tracks=form.short_up_to_pence is not None)
    question.show_when = condition or None
    form.touch()
    db.session.flush()
    audit.record("question.condition", question, by=by, now=now, form=form.id, condition=condition)


def set_track(question: Question, track: str, short: dict[str, Any] | None, *, by: Person, now: datetime) -> None:
    """Which form asks the question, and the short form's own words where they differ."""
    form = open_form(question.form_id)
    if track not in TRACKS:
        raise Problem("Choose which form asks it", "track")
    missing = (track == "full" and question.key in NEEDED_IN_SHORT) or (track == "short" and question.key in NEEDED)
    if missing:
        raise Problem("The fund's lists and checks need this question in that form too.", "track")
    words = {name: (short or {})[name] for name in SHORT_WORDS if (short or {}).get(name)}
    question.track, question.short = track, words or None
    every = questions_of(form)
    _check_conditions(form, every)
    form.touch()
    db.session.flush()
    audit.record("question.track", question, by=by, now=now, form=form.id, track=track)


def place_question(question: Question, section_key: str, *, by: Person, now: datetime) -> None:
    """Put the question at the end of another part."""
    form = open_form(question.form_id)
    section = _section(form, section_key)
    if section.id == question.section_id:
        return
    question.section_id, question.position = section.id, _last_position(form) + 1
    db.session.flush()
    check_order(questions_of(form))
    form.touch()
    audit.record("question.place", question, by=by, now=now, form=form.id, section=section.key)


def add_question(
    form: Form, section_key: str, kind: str, text: str, *, by: Person, now: datetime, choices: list | None = None
) -> Question:
    """Add a question of a simple kind at the end of a section. Its key is made of its words."""
    open_form(form.id)
    if kind not in TYPES or not TYPES[kind].officers_can_add:
        raise Problem("Choose a kind of question", "kind")
    if not text.strip():
        raise Problem("Enter the question", "text")
    if kind in ("radios", "checkboxes") and len(choices or []) < 2:
        raise Problem("Enter at least two choices, one on each line", "choices")
    section, position = _section(form, section_key), _last_position(form)
    question = Question(
        form_id=form.id, section_id=section.id, key=_new_key(form, text), kind=kind, text=text.strip(), required=True,
        settings={"choices": choices} if choices else {}, word_limit=150 if kind == "long_text" else None, position=position + 1,
    )  # fmt: skip
    db.session.add(question)
    form.touch()
    db.session.flush()
    audit.record("question.add", question, by=by, now=now, form=form.id, kind=kind)
    return question


def remove_question(question: Question, *, by: Person, now: datetime) -> None:
    """Take a question out of a form nobody answers yet."""
    form = open_form(question.form_id)
    if question.key in NEEDED:
        raise Problem("The fund's lists and checks need this question. You can change its words.")
    waiting = [row.text for row in questions_of(form) if (row.show_when or {}).get("question") == question.key]
    if waiting:
        raise Problem(f"“{waiting[0]}” waits for its answer. Change that condition first.")
    audit.record("question.remove", question, by=by, now=now, form=form.id, key=question.key)
    db.session.delete(question)
    form.touch()
    db.session.flush()


def move_question(question: Question, step: int, *, by: Person, now: datetime) -> None:
    """Move a question one place up (-1) or down (+1) within its section."""
    form = open_form(question.form_id)
    row = [each for each in questions_of(form) if each.section_id == question.section_id]
    place = row.index(question)
    if not 0 <= place + step < len(row):
        return
    other = row[place + step]
    question.position, other.position = other.position, question.position
    form.touch()
    db.session.flush()
    check_order(questions_of(form))
    audit.record("question.move", question, by=by, now=now, form=form.id, step=step)


def add_section(form: Form, title: str, *, by: Person, now: datetime) -> Section:
    """A new part at the end."""
    open_form(form.id)
    rows, title = sections_of(form), _titled(title)
    keys, number = {row.key for row in rows}, len(rows) + 1
    while f"part-{number}" in keys:
        number += 1
    last = max((row.position for row in rows), default=0)
    section = Section(form_id=form.id, key=f"part-{number}", title=title, position=last + 1)
    db.session.add(section)
    form.touch()
    db.session.flush()
    audit.record("section.add", section, by=by, now=now, form=form.id)
    return section


def change_section(section: Section, title: str, *, by: Person, now: datetime) -> None:
    form = open_form(section.form_id)
    section.title = _titled(title)
    form.touch()
    db.session.flush()
    audit.record("section.change", section, by=by, now=now, form=form.id)


def move_section(section: Section, step: int, *, by: Person, now: datetime) -> None:
    """Move a part with its questions one place up (-1) or down (+1)."""
    form = open_form(section.form_id)
    rows = sections_of(form)
    place = rows.index(section)
    if not 0 <= place + step < len(rows):
        return
    rows[place], rows[place + step] = rows[place + step], rows[place]
    for position, row in enumerate(rows, 1):
        row.position = position
    db.session.flush()
    check_order(questions_of(form))
    form.touch()
    audit.record("section.move", section, by=by, now=now, form=form.id, step=step)


def remove_section(section: Section, *, by: Person, now: datetime) -> None:
    """Take out a part that holds no questions."""
    form = open_form(section.form_id)
    if any(row.section_id == section.id for row in questions_of(form)):
        raise Problem("This part has questions. Take them out or put them into another part first.")
    audit.record("section.remove", section, by=by, now=now, form=form.id, key=section.key)
    db.session.delete(section)
    form.touch()
    db.session.flush()


def check_form(form: Form) -> None:
    """Raises Problem when the form cannot be published: a question that the fund needs is missing, or a condition is wrong."""
    every = questions_of(form)
    missing = NEEDED - {row.key for row in every}
    if missing:
        raise Problem(f"The form lacks questions that the fund needs: {', '.join(sorted(missing))}.")
    _check_conditions(form, every)


def _check_conditions(form: Form, every: list[Question]) -> None:
    two_tracks = form.short_up_to_pence is not None
    for row in every:
        check_condition(row.show_when, row, every, two_tracks=two_tracks)


def _titled(title: str) -> str:
    if not title.strip():
        raise Problem("Enter what the part is called", "title")
    return title.strip()[:200]


def _section(form: Form, key: str) -> Section:
    section = next((row for row in sections_of(form) if row.key == key), None)
    if section is None:
        raise Problem("Choose a section", "section")
    return section


def _last_position(form: Form) -> int:
    return db.session.scalar(select(func.max(Question.position)).where(Question.form_id == form.id)) or 0


def set_short_limit(form: Form, pence: int | None, *, by: Person | None, now: datetime) -> None:
    """Bids that ask for up to this much use the short form; None: one form for all bids."""
    open_form(form.id)
    if pence is not None and pence < 1:
        raise Problem("Enter an amount of more than £0", "short_up_to")
    form.short_up_to_pence = pence
    form.touch()
    db.session.flush()
    _check_conditions(form, questions_of(form))
    audit.record("form.short", form, by=by, now=now, up_to=pence)


def open_form(form_id: int) -> Form:
    """The form, when it can be changed. Raises WrongMoment once it is frozen."""
    form = db.session.get_one(Form, form_id)
    if form.frozen_at is not None:
        raise WrongMoment("The round is published, so its questions cannot be changed.")
    return form


def _new_key(form: Form, text: str) -> str:
    words = re.findall(r"[a-z0-9]+", text.lower())[:5]
    base = "-".join(words)[:40] or "question"
    taken = {row.key for row in questions_of(form)}
    number, key = 2, base
    while key in taken:
        key, number = f"{base}-{number}", number + 1
    return key


__all__ = [
    "NEEDED", "NEEDED_IN_SHORT", "add_question", "add_section", "change_question", "change_section", "check_form", "clone_form",
    "freeze_form", "live_choices", "move_question", "move_section", "open_form", "place_question", "remove_question", "remove_section",
    "set_condition", "set_short_limit", "set_track", "thaw_form",
]  # fmt: skip
