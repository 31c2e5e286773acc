"""The versions of a form: freezing one when the round is published, opening it again, and copying it."""

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlalchemy import select

from fund.core import audit
from fund.core.database import db
from fund.core.problems import Problem, WrongMoment
from fund.tables import Area, Person, Priority, Round, RoundPriority

from .forms import current_form, eligibility_of, newest_form, questions_of, sections_of, words_for
from .question_types.places import OUTSIDE
from .tables import Application, EligibilityQuestion, Form, Question, Section

# What a question and an eligibility question say; a copy has all of it.
ASKED = (
    "kind", "text", "why", "help", "example", "word_limit", "required", "settings", "show_when", "position", "track", "short",
)  # fmt: skip
CHECKED = ("key", "text", "help", "good", "ends", "otherwise", "position")


def freeze_form(round: Round, *, by: Person | None, now: datetime) -> Form:
    """Fill in the round's priorities and places and freeze the form: from now on nothing of it changes."""
    form = newest_form(round)
    if form is None:
        raise Problem("This round has no form yet. Choose the standard form or write one.")
    if form.frozen_at is not None:
        return form
    _freeze(form, round, now)
    audit.record("form.freeze", form, by=by, now=now, round=round.id, sha256=form.content_sha256)
    return form


def freeze_correction(form: Form, round: Round, now: datetime) -> None:
    """Freeze the next version of a round that is open."""
    _freeze(form, round, now)


def _freeze(form: Form, round: Round, now: datetime) -> None:
    questions = questions_of(form)
    for question in questions:
        if question.settings.get("choices") == "live":
            question.settings = {**question.settings, "choices": live_choices(question, round), "live": True}
    form.frozen_at = now
    form.content_sha256 = _content_hash(form, questions)
    db.session.flush()


def thaw_form(round: Round, *, by: Person, now: datetime) -> None:
    """Open the form again when a published round is taken back before its opening; refused once a bid stands on it."""
    form = current_form(round)
    if form is None or form.frozen_at is None:
        return
    if db.session.scalar(select(Application.id).where(Application.form_id == form.id).limit(1)):
        raise WrongMoment("Somebody has started a bid, so the form cannot be changed.")
    for question in questions_of(form):
        if question.settings.get("live"):
            question.settings = _live_again(question.settings)
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
    form = copy_form(source, new, 1, now=now)
    audit.record("form.clone", form, by=by, now=now, source=source.id)
    return form


def copy_form(source: Form, round: Round, number: int, *, now: datetime) -> Form:
    """A version that is open for changes, with everything the source asks."""
    form = Form(round_id=round.id, number=number, created_at=now, **_copied(source, "elsewhere", "short_up_to_pence"))
    db.session.add(form)
    db.session.flush()
    sections = {}
    for row in sections_of(source):
        copy = Section(form_id=form.id, **_copied(row, "key", "title", "position"))
        db.session.add(copy)
        db.session.flush()
        sections[row.id] = copy.id
    for question in questions_of(source):
        facts = _copied(question, "key", *ASKED)
        facts["settings"] = _live_again(facts["settings"]) if facts["settings"].get("live") else facts["settings"]
        db.session.add(Question(form_id=form.id, section_id=sections[question.section_id], **facts))
    for check in eligibility_of(source):
        db.session.add(EligibilityQuestion(form_id=form.id, **_copied(check, *CHECKED)))
    db.session.flush()
    return form


def _live_again(settings: dict[str, Any]) -> dict[str, Any]:
    """The settings as they were before the round's own choices were filled in."""
    return {**{key: each for key, each in settings.items() if key != "live"}, "choices": "live"}


def _copied(row, *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _content_hash(form: Form, questions: list[Question]) -> str:
    facts = {
        "words": words_for(db.session.get_one(Round, form.round_id)),
        "form": [form.id, form.round_id, form.number, form.elsewhere, form.short_up_to_pence],
        "sections": [[row.id, row.key, row.title, row.position] for row in sections_of(form)],
        "questions": [_copied(row, "id", "key", "section_id", *ASKED) for row in questions],
        "eligibility": [_copied(row, *CHECKED) for row in eligibility_of(form)],
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
