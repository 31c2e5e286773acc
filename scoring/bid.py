"""A bid as its readers see it: every answer in the form's order, and the documents that came with it."""

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from applications.answers import values_of
from applications.documents import with_standing
from applications.forms import form_of
from applications.question_types import show
from applications.tables import Application, Document
from applications.voices import notes_of, transcripts, with_spoken
from fund.core.database import db

from .blind import is_blind, mask, names_in
from .tables import Assignment

TEXT_KINDS = ("text", "long_text")


@dataclass(frozen=True)
class Answered:
    """One question with its answer: `shown` is safe to put in a page, `words` counts a text (None for other kinds)."""

    key: str
    text: str
    section: str
    kind: str
    value: Any
    shown: Markup | str
    words: int | None
    section_key: str = ""


def answers_of(application: Application) -> list[Answered]:
    """Every question that was answered, in the form's order. One statement; the form is kept in the process."""
    return answered(application, _read(application))


def _read(application: Application) -> dict[str, Any]:
    """Every answer as readers have it: papers that nobody can open say so, and what was spoken stands as its words."""
    values = with_standing(application, values_of(application))
    return with_spoken(values, transcripts(notes_of(application)))


def answers_for(assignment: Assignment) -> list[Answered]:
    """The same for one reader: without names in a round that is read blind."""
    application = assignment.application
    values = _read(application)
    blind = is_blind(assignment.seat, application.round)
    return answered(application, mask(values, names_in(application)) if blind else values)


def answered(application: Application, values: dict[str, Any]) -> list[Answered]:
    """The same from values by question key that are read already; answers of hidden questions are not judged."""
    asked = form_of(application)
    values = asked.visible(values)
    return [
        Answered(
            each.key, each.text, each.section_title, each.kind, values[each.key], show(each, values[each.key]),
            len(values[each.key].split()) if each.kind in TEXT_KINDS and isinstance(values[each.key], str) else None,
            each.section_key,
        )
        for each in asked.questions
        if values.get(each.key) not in (None, "", [], {})
    ]  # fmt: skip


def document_of(application: Application, key: int) -> Document | None:
    """One document of this bid and of no other."""
    wanted = (Document.id == key, Document.application_id == application.id, Document.removed_at.is_(None))
    return db.session.scalar(select(Document).where(*wanted).options(joinedload(Document.file)))


def places_in(answers: list[Answered]) -> list[str]:
    """The names of the places the bid is for."""
    return next((list(each.value) for each in answers if each.kind == "places"), [])
