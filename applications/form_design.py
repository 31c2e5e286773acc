"""Designing a form: editing its questions, cloning it, and freezing it when the round is published."""

import hashlib
import json
import re
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from fund.core import audit
from fund.core.database import db
from fund.core.problems import Problem, WrongMoment
from fund.tables import Area, Person, Priority, Round, RoundPriority

from .forms import current_form, eligibility_of, questions_of, sections_of, words_for
from .question_types import TYPES
from .question_types.places import OUTSIDE
from .tables import Application, EligibilityQuestion, Form, Question, Section

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


def change_question(question: Question, *, by: Person, now: datetime, **facts: Any) -> Question:
    """Change words, limit or whether it is required. Raises WrongMoment once the form is frozen."""
    form = _open_form(question.form_id)
    text = (facts.get("text") or "").strip()
    if not text:
        raise Problem("Enter the question", "text")
    limit = facts.get("word_limit")
    if limit is not None and not 1 <= limit <= 5_000:
        raise Problem("Enter a limit from 1 to 5,000 words", "word_limit")
    for name in ("text", "why", "help", "example", "word_limit", "required"):
        if name in facts:
            setattr(question, name, facts[name] if facts[name] != "" else None)
    if "choices" in facts and facts["choices"] is not None:
        question.settings = {**question.settings, "choices": facts["choices"]}
    form.touch()
    db.session.flush()
    audit.record("question.change", question, by=by, now=now, form=form.id, fields=sorted(facts))
    return question


def add_question(
    form: Form, section_key: str, kind: str, text: str, *, by: Person, now: datetime, choices: list | None = None
) -> Question:
    """Add a question of a simple kind at the end of a section. Its key is made of its words."""
    _open_form(form.id)
    if kind not in TYPES or not TYPES[kind].officers_can_add:
        raise Problem("Choose a kind of question", "kind")
    if not text.strip():
        raise Problem("Enter the question", "text")
    if kind in ("radios", "checkboxes") and len(choices or []) < 2:
        raise Problem("Enter at least two choices, one on each line", "choices")
    section = next((row for row in sections_of(form) if row.key == section_key), None)
    if section is None:
        raise Problem("Choose a section", "section")
    position = db.session.scalar(select(func.max(Question.position)).where(Question.form_id == form.id)) or 0
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
    form = _open_form(question.form_id)
    if question.key in NEEDED:
        raise Problem("The fund's lists and checks need this question. You can change its words.")
    audit.record("question.remove", question, by=by, now=now, form=form.id, key=question.key)
    db.session.delete(question)
    form.touch()
    db.session.flush()


def move_question(question: Question, step: int, *, by: Person, now: datetime) -> None:
    """Move a question one place up (-1) or down (+1) within its section."""
    form = _open_form(question.form_id)
    row = [each for each in questions_of(form) if each.section_id == question.section_id]
    place = row.index(question)
    if not 0 <= place + step < len(row):
        return
    other = row[place + step]
    question.position, other.position = other.position, question.position
    form.touch()
    db.session.flush()
    audit.record("question.move", question, by=by, now=now, form=form.id, step=step)


def freeze_form(round: Round, *, by: Person | None, now: datetime) -> Form:
    """Fill in the round's priorities and places and freeze the form: from now on nothing of it changes."""
    form = current_form(round)
    if form is None:
        raise Problem("This round has no form yet. Choose the standard form or write one.")
    if form.frozen_at is not None:
        return form
    questions = questions_of(form)
    for question in questions:
        if question.settings.get("choices") == "live":
            question.settings = {**question.settings, "choices": live_choices(question, round), "live": True}
    form.frozen_at = now
    form.content_sha256 = _content_hash(form, questions)
    db.session.flush()
    audit.record("form.freeze", form, by=by, now=now, round=round.id, sha256=form.content_sha256)
    return form


def thaw_form(round: Round, *, by: Person, now: datetime) -> None:
    """Open the form again when a published round is taken back before its opening; refused once a bid stands on it."""
    form = current_form(round)
    if form is None or form.frozen_at is None:
        return
    if db.session.scalar(select(Application.id).where(Application.form_id == form.id).limit(1)):
        raise WrongMoment("Somebody has started a bid, so the form cannot be changed.")
    for question in questions_of(form):
        if question.settings.get("live"):
            question.settings = {
                **{key: each for key, each in question.settings.items() if key != "live"},
                "choices": "live",
            }
    form.frozen_at, form.content_sha256 = None, None
    db.session.flush()
    audit.record("form.thaw", form, by=by, now=now, round=round.id)


def live_choices(question, round: Round) -> list[list[str]]:
    """The round's priorities, or the partnership's places with "Outside …" at the end."""
    if question.kind == "priority":
        wanted = (
            select(Priority.code, Priority.title, RoundPriority.guidance)
            .join(RoundPriority, RoundPriority.priority_id == Priority.id)
            .where(RoundPriority.round_id == round.id)
            .order_by(RoundPriority.position)
        )
        return [[code, title, guidance or ""] for code, title, guidance in db.session.execute(wanted)]
    partnership = round.fund.partnership
    areas = (
        select(Area.name, Area.district).where(Area.partnership_id == partnership.id).order_by(Area.district, Area.name)
    )
    outside = OUTSIDE + partnership.short_name
    rows = [
        [name, name, district or ""] for name, district in db.session.execute(areas) if not name.startswith(OUTSIDE)
    ]
    return [*rows, [outside, outside, "Somewhere else"]]


def clone_form(old: Round, new: Round, *, by: Person | None, now: datetime) -> Form | None:
    """Copy the newest form of one round to another; the copy is open for changes."""
    source = current_form(old)
    if source is None or current_form(new) is not None:
        return None
    form = Form(round_id=new.id, number=1, created_at=now, elsewhere=source.elsewhere)
    db.session.add(form)
    db.session.flush()
    sections = {}
    for row in sections_of(source):
        copy = Section(form_id=form.id, **_copied(row, "key", "title", "position"))
        db.session.add(copy)
        db.session.flush()
        sections[row.id] = copy.id
    for question in questions_of(source):
        facts = _copied(
            question,
            "key",
            "kind",
            "text",
            "why",
            "help",
            "example",
            "word_limit",
            "required",
            "settings",
            "show_when",
            "position",
        )
        if facts["settings"].get("live"):
            facts["settings"] = {
                **{key: each for key, each in facts["settings"].items() if key != "live"},
                "choices": "live",
            }
        db.session.add(Question(form_id=form.id, section_id=sections[question.section_id], **facts))
    for check in eligibility_of(source):
        db.session.add(
            EligibilityQuestion(
                form_id=form.id, **_copied(check, "key", "text", "help", "good", "ends", "otherwise", "position")
            )
        )
    db.session.flush()
    audit.record("form.clone", form, by=by, now=now, source=source.id)
    return form


def _copied(row, *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _open_form(form_id: int) -> Form:
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


def _content_hash(form: Form, questions: list[Question]) -> str:
    names = (
        "id",
        "key",
        "kind",
        "text",
        "why",
        "help",
        "example",
        "word_limit",
        "required",
        "settings",
        "show_when",
        "position",
        "section_id",
    )
    facts = {
        "words": words_for(db.session.get_one(Round, form.round_id)),
        "form": [form.id, form.round_id, form.number, form.elsewhere],
        "sections": [[row.id, row.key, row.title, row.position] for row in sections_of(form)],
        "questions": [_copied(row, *names) for row in questions],
        "eligibility": [
            _copied(row, "key", "text", "help", "good", "ends", "otherwise", "position") for row in eligibility_of(form)
        ],
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
