"""Answers: one row per question with its own version, so that two people never overwrite each other (rule 16)."""

import hashlib
import json
from datetime import date, datetime
from typing import Any

from sqlalchemy import literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import joinedload

from fund.core.database import db
from fund.core.problems import Problem, Stale, WrongMoment
from fund.tables import Person, Priority

from .collaborators import check_may_answer
from .forms import AskedQuestion, form_of
from .open_pages import OpenPage
from .tables import Answer, AnswerChange, Application, ChangeDraft
from .tracks import set_track
from .workflow import OPEN_TO_APPLICANT


def values_of(application: Application) -> dict[str, Any]:
    """Every answer that counts, by question key, in one statement. What was answered before its question was hidden, by
    another answer, the track or the legal form, is kept and is not in it."""
    asked = form_of(application)
    by_id = asked.by_id
    rows = db.session.execute(select(Answer.question_id, Answer.value).where(Answer.application_id == application.id))
    return asked.visible({by_id[key].key: value for key, value in rows if key in by_id and value is not None})


def answers_of(application: Application) -> dict[str, Answer]:
    """The answer rows by question key, in one statement."""
    by_id = form_of(application).by_id
    rows = db.session.scalars(select(Answer).where(Answer.application_id == application.id))
    return {by_id[row.question_id].key: row for row in rows if row.question_id in by_id}


def changes_of(application: Application, question: AskedQuestion) -> list[tuple[AnswerChange, Person]]:
    """Every version of one answer with who saved it, newest first."""
    wanted = (
        select(AnswerChange, Person)
        .join(Person, Person.id == AnswerChange.saved_by_id)
        .where(AnswerChange.application_id == application.id, AnswerChange.question_id == question.id)
        .order_by(AnswerChange.version.desc())
    )
    return [(change, person) for change, person in db.session.execute(wanted)]


def save_answer(
    application: Application, question: AskedQuestion, value: Any, seen_version: int, *, by: Person, now: datetime,
    page: OpenPage | None = None,
) -> int:  # fmt: skip
    """Save one answer; returns its version. `seen_version` is the version the page showed, 0 for none; `page` the page itself.

    Saving what is stored already changes nothing. Raises WrongMoment when the bid is not a draft, Forbidden for a colleague of the money part elsewhere, Problem for a value of the
    wrong shape, Stale (with `theirs`, the stored row) when this answer was saved meanwhile by somebody else, or by the same person from
    another page. Who saved what and when stays in AnswerChange; that is this act's line of the log.
    """
    if application.status not in OPEN_TO_APPLICANT:
        raise WrongMoment("This bid has been sent. Take it back to change it.")
    check_may_answer(by, application, question.kind)
    return store_answer(application, question, value, seen_version, by=by, now=now, page=page)


def keep_theirs(
    application: Application, question: AskedQuestion, value: Any, seen_version: int, *, by: Person, now: datetime
) -> int:  # fmt: skip
    """Of two texts the one that stands was chosen: the other, `value`, goes into the history before it. Returns the version.

    Raises Stale when what stands is not what the page showed (`seen_version`), and whatever `save_answer` raises.
    """
    stands = _stored(application, question)
    if stands is None or stands.version != seen_version:
        return save_answer(application, question, value, seen_version, by=by, now=now)
    theirs = stands.value
    version = save_answer(application, question, value, seen_version, by=by, now=now)
    return save_answer(application, question, theirs, version, by=by, now=now)


def store_answer(
    application: Application, question: AskedQuestion, value: Any, seen_version: int, *, by: Person, now: datetime,
    page: OpenPage | None = None,
) -> int:  # fmt: skip
    """As `save_answer`, for a caller that has made sure that this answer may be changed now."""
    value = None if value is None else question.type.guard(question, value)
    digest = digest_of(value)
    if seen_version:
        version = _change(application, question, value, digest, seen_version, by, now)
    else:
        version = _first(application, question, value, digest, by, now)
    if version == 0:
        return 0
    if version is None:
        stands = _stored(application, question)
        if stands is None:
            raise Problem("This answer is not there any more. Go back and open the question again.")
        if stands.digest == digest or _is_older(
            application, question, seen_version, by, page, stale_text(stands, value, by)
        ):
            return stands.version
        version = _change(application, question, value, digest, stands.version, by, now)
        if version is None:
            raise stale_text(_stored(application, question) or stands, value, by)
    db.session.execute(
        AnswerChange.__table__.insert(),
        {
            "application_id": application.id,
            "question_id": question.id,
            "version": version,
            "value": value,
            "saved_at": now,
            "saved_by_id": by.id,
            "page": page.name if page else None,
            "page_turn": page.turn if page else None,
        },
    )
    project(application, question, value)
    db.session.flush()
    return version


def digest_of(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _change(application, question, value, digest, seen, by, now) -> int | None:
    """Compare and set in one statement: the new version, or None when the row is not what was seen, or the same."""
    done = db.session.execute(
        update(Answer)
        .where(
            Answer.application_id == application.id, Answer.question_id == question.id, Answer.version == seen,
            Answer.digest != digest,
        )
        .values(value=value, digest=digest, version=seen + 1, saved_at=now, saved_by_id=by.id)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    return seen + 1 if done.rowcount == 1 else None


def _first(application, question, value, digest, by, now) -> int | None:
    """Insert the first version: 1, or 0 when there was nothing to save, or None when a row is there already."""
    if value is None:
        return None if _stored(application, question) is not None else 0
    facts = {"value": value, "digest": digest, "version": 1, "saved_at": now, "saved_by_id": by.id}
    # Only while the bid answers this version of the form: a correction that moves it at this moment goes before or after.
    row = select(
        Application.id,
        literal(question.id),
        *(literal(each, Answer.__table__.c[name].type) for name, each in facts.items()),
    )
    row = row.where(Application.id == application.id, Application.form_id == application.form_id)
    # RETURNING tells whether the row went in; the row count of such an insert is not known on PostgreSQL.
    added = db.session.execute(
        insert_for(Answer.__table__)
        .from_select(["application_id", "question_id", *facts], row.with_for_update(read=True, key_share=True))
        .on_conflict_do_nothing(index_elements=["application_id", "question_id"])
        .returning(Answer.__table__.c.id)
    ).scalar()
    return None if added is None else 1


def insert_for(table):
    """An insert that knows "on conflict do nothing", which both databases have and only their dialects offer."""
    return {"sqlite": sqlite, "postgresql": postgresql}[db.session.get_bind().dialect.name].insert(table)


def _stored(application, question) -> Answer | None:
    wanted = (
        select(Answer)
        .where(Answer.application_id == application.id, Answer.question_id == question.id)
        .options(joinedload(Answer.saved_by))
        .execution_options(populate_existing=True)
    )
    return db.session.scalar(wanted)


def _is_older(application, question, seen, by: Person, page: OpenPage | None, stale: Stale) -> bool:
    """Whether a newer text of this very page is stored already: the network turned two saves round. False when this one is
    the newer. Raises `stale` when what is stored since `seen` was saved from anywhere else."""
    wanted = (
        select(AnswerChange.page, AnswerChange.page_turn, AnswerChange.saved_by_id)
        .where(
            AnswerChange.application_id == application.id, AnswerChange.question_id == question.id, AnswerChange.version > seen,
        )
        .order_by(AnswerChange.version)
    )  # fmt: skip
    changes = db.session.execute(wanted).all()
    if page is None or not page.wrote(changes, by.id):
        raise stale
    return changes[-1].page_turn > page.turn


def stale_text(stands: Answer | ChangeDraft, value: Any, by: Person) -> Stale:
    """The refusal that shows both texts: the one that stands, and the one that was to be saved over it."""
    if stands.saved_by_id == by.id:
        sentence = "You saved another text for this answer on another page or device while you had it open here."
    else:
        sentence = f"{stands.saved_by.name} changed this answer while you had it open."
    return Stale(sentence, theirs=stands, yours=value)


# The facts of answers that lists and sums need, as columns of the bid: question key -> columns from the value.
def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


PROJECTIONS = {
    "title": lambda value: {"title": value},
    "asked": lambda value: {"requested_pence": value},
    "level": lambda value: {"prevention_level": value},
    "strand": lambda value: {"strand_id": value},
    "dates": lambda value: {"starts_on": _day((value or {}).get("start")), "ends_on": _day((value or {}).get("end"))},
    "beneficiaries": lambda value: {"beneficiaries_count": (value or {}).get("total")},
}


def project(application: Application, question: AskedQuestion, value: Any) -> None:
    """Write the columns that repeat this answer, with the saving of it."""
    if question.key == "priority":
        wanted = select(Priority.id).where(
            Priority.strategy_id == application.round.strategy_id, Priority.code == value
        )
        columns = {"priority_id": wanted.scalar_subquery() if value is not None else None}
    elif question.key in PROJECTIONS:
        columns = PROJECTIONS[question.key](value)
    else:
        return
    for name, column in columns.items():
        setattr(application, name, column)
    if question.key == "asked":
        set_track(application)
