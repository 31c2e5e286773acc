"""The templates of letters: each partnership's own words, kept in versions, tried on real facts before they are saved."""

import json
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from applications.tables import Application
from fund.core import audit
from fund.core.database import db
from fund.core.pdf.document import Document
from fund.core.problems import Problem, Stale
from fund.tables import Fund, Partnership, Person, Round

from .letter_words import FOLDER, document_of, standard_words
from .tables import Letter, LetterTemplate
from .tables.letters import LETTER_KINDS

CHANGED = "Somebody else saved these words meanwhile. Look at theirs, then save again."


def load_template(key: int) -> LetterTemplate | None:
    return db.session.get(LetterTemplate, key)


def versions_of(partnership: Partnership, kind: str) -> list[LetterTemplate]:
    """Every version of a partnership's words, the latest first."""
    wanted = (LetterTemplate.partnership_id == partnership.id, LetterTemplate.kind == kind)
    query = select(LetterTemplate).where(*wanted).options(joinedload(LetterTemplate.created_by))
    return list(db.session.scalars(query.order_by(LetterTemplate.number.desc())))


def latest_versions(partnership: Partnership) -> dict[str, LetterTemplate]:
    """The words that hold now, by kind; kinds that nobody has used or changed yet are not there."""
    query = select(LetterTemplate).where(LetterTemplate.partnership_id == partnership.id)
    rows = db.session.scalars(query.options(joinedload(LetterTemplate.created_by)).order_by(LetterTemplate.number))
    return {row.kind: row for row in rows}


def words_for(partnership: Partnership, kind: str) -> str:
    """The words that the next letter would be made with. Changes nothing."""
    return _present_words(_latest(partnership, kind), kind)


def _latest(partnership: Partnership, kind: str) -> LetterTemplate | None:
    wanted = (LetterTemplate.partnership_id == partnership.id, LetterTemplate.kind == kind)
    return db.session.scalar(select(LetterTemplate).where(*wanted).order_by(LetterTemplate.number.desc()).limit(1))


def _present_words(latest: LetterTemplate | None, kind: str) -> str:
    """A partnership that changed nothing follows the standard words, also when a new release brings better ones."""
    return standard_words(kind) if latest is None or latest.created_by_id is None else latest.words


def own_number(latest: LetterTemplate | None) -> int:
    """The number of the words that hold, 0 while a partnership goes with the standard ones."""
    return 0 if latest is None or latest.created_by_id is None else latest.number


def template_for(partnership: Partnership, kind: str, *, now: datetime) -> LetterTemplate:
    """The version to make a letter with now; the standard words become a version of their own when they are first used."""
    latest = _latest(partnership, kind)
    words = _present_words(latest, kind)
    if latest is not None and latest.words == words:
        return latest
    return _add(partnership, kind, latest, words, None, by=None, now=now)


def save_template(
    partnership: Partnership, kind: str, words: str, why: str, *, seen: int | None, by: Person, now: datetime
) -> LetterTemplate:
    """Save new words as the next version. `seen` is the number that was on the screen, see `own_number`.

    Raises TemplateProblem for words that cannot be a letter, Problem without a reason or change, Stale when somebody else
    saved meanwhile.
    """
    latest = _latest(partnership, kind)
    if seen is not None and seen != own_number(latest):
        raise Stale(CHANGED, "words", theirs=latest and latest.words, yours=words)
    if not why.strip():
        raise Problem("Say what you changed, for those who look at the versions later", "why")
    words = words.strip() + "\n"
    if words == _present_words(latest, kind):
        raise Problem("Nothing is changed.", "words")
    document_of(example_facts(kind) | {"template": {"number": 0, "words": words}})
    row = _add(partnership, kind, latest, words, why.strip(), by=by, now=now)
    audit.record("letter_template.save", row, by=by, now=now, partnership=partnership.id, kind=kind, number=row.number)
    return row


def _add(partnership, kind, latest, words, why, *, by: Person | None, now: datetime) -> LetterTemplate:
    row = LetterTemplate(
        partnership_id=partnership.id, kind=kind, number=(latest.number if latest else 0) + 1, words=words, why=why,
        created_at=now, created_by_id=by and by.id,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(row)
            db.session.flush()
    except IntegrityError:
        found = _latest(partnership, kind)
        if by is None and found is not None and found.words == words:
            return found  # two letters used the standard words first at the same moment
        raise Stale(CHANGED, "words", theirs=found and found.words, yours=words) from None
    return row


@cache
def _examples() -> dict[str, Any]:
    return json.loads((FOLDER / "example.json").read_text(encoding="utf-8"))


def example_facts(kind: str) -> dict[str, Any]:
    """Made-up facts with something to say at every field: what new words are tried on before they are kept."""
    return _examples() | {"kind": kind}


def real_letters(partnership: Partnership, kind: str, most: int = 20) -> list[Letter]:
    """Letters of this kind that were sent, the latest first: whose facts a preview can be drawn with."""
    query = select(Letter).join(Application, Application.id == Letter.application_id)
    query = query.join(Round, Round.id == Application.round_id).join(Fund, Fund.id == Round.fund_id)
    query = query.where(Fund.partnership_id == partnership.id, Letter.kind == kind)
    return list(
        db.session.scalars(query.options(joinedload(Letter.application)).order_by(Letter.id.desc()).limit(most))
    )


def preview(kind: str, words: str, facts: dict[str, Any]) -> Document:
    """The letter that these words would make of these facts. Raises TemplateProblem."""
    return document_of(facts | {"kind": kind, "template": {"number": 0, "words": words}})


def kind_or_none(kind: str) -> str | None:
    return kind if kind in LETTER_KINDS else None
