"""A bid as its readers see it: every answer in the form's order, in one statement, and the documents that came with it."""

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape
from sqlalchemy import and_, select
from sqlalchemy.orm import joinedload

from applications.tables import Answer, Application, Document, Question, Section
from fund.core.database import db
from fund.core.money import pounds

LONG_KINDS = ("text", "long_text")


@dataclass(frozen=True)
class Answered:
    """One question with its answer: `shown` is safe to put in a page, `words` counts a text (None for other kinds)."""

    key: str
    text: str
    section: str
    kind: str
    value: Any
    shown: Markup
    words: int | None


def answers_of(application: Application) -> list[Answered]:
    """Every question of the bid's form that was answered, in its order."""
    query = (
        select(Question.key, Question.text, Section.title, Question.kind, Answer.value)
        .join(Section, Section.id == Question.section_id)
        .join(Answer, and_(Answer.question_id == Question.id, Answer.application_id == application.id))
        .where(Question.form_id == application.form_id)
        .order_by(Section.position, Question.position)
    )
    return [
        Answered(key, text, section, kind, value, shown(kind, value), _words(kind, value))
        for key, text, section, kind, value in db.session.execute(query)
        if value not in (None, "", [], {})
    ]


def documents_of(application: Application) -> list[Document]:
    wanted = (Document.application_id == application.id, Document.removed_at.is_(None))
    return list(
        db.session.scalars(select(Document).where(*wanted).options(joinedload(Document.file)).order_by(Document.id))
    )


def document_of(application: Application, key: int) -> Document | None:
    """One document of this bid and of no other."""
    wanted = (Document.id == key, Document.application_id == application.id, Document.removed_at.is_(None))
    return db.session.scalar(select(Document).where(*wanted).options(joinedload(Document.file)))


def places_in(answers: list[Answered]) -> list[str]:
    """The names of the places the bid is for."""
    return next((list(each.value) for each in answers if each.kind == "places"), [])


def _words(kind: str, value: Any) -> int | None:
    return len(value.split()) if kind in LONG_KINDS and isinstance(value, str) else None


def shown(kind: str, value: Any) -> Markup:
    """An answer for readers, by what kind of question it answers."""
    if kind == "money":
        return escape(pounds(value))
    if isinstance(value, list):
        rows = [_row(each) if isinstance(each, dict) else escape(each) for each in value]
        return Markup('<ul class="govuk-list govuk-list--bullet">{}</ul>').format(
            Markup("").join(Markup("<li>{}</li>").format(row) for row in rows)
        )
    return _row(value) if isinstance(value, dict) else escape(value)


def _row(facts: dict[str, Any]) -> Markup:
    said = []
    for name, value in facts.items():
        if value in (None, "", {}):
            continue
        if name.endswith("_pence"):
            value = pounds(value)
        if isinstance(value, dict):
            value = ", ".join(f"{key} {each}" for key, each in value.items())
        said.append(escape(value) if isinstance(value, str) else escape(f"{name.replace('_', ' ')} {value}"))
    return Markup(" · ").join(said)
