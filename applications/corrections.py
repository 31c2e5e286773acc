"""Correcting the form of a round that is open: a new version that drafts move to, with a message that says what changed.

People have begun to answer, so a correction helps them or changes nothing for them: nothing is taken out, made shorter or
newly required. Bids that were sent keep the version they were sent with.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, select, update

from fund.core import audit, outbox
from fund.core.database import db
from fund.core.problems import Problem, WrongMoment
from fund.tables import Person, Round

from .conditions import speak
from .form_design import check_form
from .form_versions import copy_form, freeze_correction
from .forms import AskedForm, AskedQuestion, asked_form, current_form, newest_form
from .tables import (
    Answer,
    AnswerChange,
    Application,
    Collaborator,
    Document,
    EligibilityQuestion,
    Form,
    Question,
    Section,
    VoiceNote,
)
from .workflow import OPEN_TO_APPLICANT

WORDS = {
    "text": "The question", "why": "Why we ask", "help": "Help", "example": "Example", "word_limit": "Words",
    "required": "Has to be answered",
}  # fmt: skip
WRITERS = ("lead", "editor", "budget")


@dataclass(frozen=True)
class Change:
    """One thing that a correction changed, in words: `before` is None for what is new."""

    question: str
    what: str
    before: str | None
    after: str


def correction_of(round: Round) -> Form | None:
    """The correction that is being written, or None."""
    form, holds = newest_form(round), current_form(round)
    return form if form is not holds and form is not None and form.frozen_at is None else None


def start_correction(round: Round, *, by: Person, now: datetime) -> Form:
    """A copy of the form that holds, to be corrected; applicants see nothing of it until it is published."""
    source = current_form(round)
    if source is None or source.frozen_at is None:
        raise WrongMoment("This form is not frozen, so you can change it as it is.")
    if round.status != "published":
        raise WrongMoment("Only the form of a round that takes bids can be corrected.")
    if correction_of(round) is not None:
        raise Problem("A correction is being written already.")
    form = copy_form(source, round, source.number + 1, now=now)
    audit.record("form.correct", form, by=by, now=now, round=round.id, number=form.number)
    return form


def drop_correction(round: Round, *, by: Person, now: datetime) -> None:
    """Forget the correction that is being written; the form that holds stays as it is."""
    form = _written(round)
    audit.record("form.drop_correction", form, by=by, now=now, round=round.id, number=form.number)
    for table in (Question, Section, EligibilityQuestion):
        for row in db.session.scalars(select(table).where(table.form_id == form.id)):
            db.session.delete(row)
        db.session.flush()
    db.session.delete(form)
    db.session.flush()


def publish_correction(round: Round, note: str, *, by: Person, now: datetime) -> Form:
    """Make the correction the form that holds, move every draft to it and tell those who write them, once.

    Raises Problem for a change that is not fair to people who have begun, and when nothing changed.
    """
    form, held = _written(round), current_form(round)
    note = note.strip()
    if not note:
        raise Problem("Say in a sentence what you corrected", "note")
    check_form(form)
    before, after = asked_form(held), asked_form(form)
    for sentence in unfair(before, after):
        raise Problem(sentence)
    if not any(changes_between(before, after)):
        raise Problem("Nothing is changed yet.")
    form.note = note
    freeze_correction(form, round, now)
    drafts = _move_drafts(round, form, before, asked_form(form))
    audit.record("form.corrected", form, by=by, now=now, round=round.id, number=form.number, drafts=len(drafts))
    _tell(drafts, form, now)
    return form


def _written(round: Round) -> Form:
    form = correction_of(round)
    if form is None:
        raise WrongMoment("No correction is being written.")
    return form


def unfair(before: AskedForm, after: AskedForm) -> Iterator[str]:
    """What a correction may not do to people who have begun to answer, as sentences."""
    if before.short_up_to_pence != after.short_up_to_pence:
        yield "The limit of the short form cannot change while the round is open."
    for old in before.questions:
        new = after.question(old.key)
        if new is None:
            yield f"“{old.text}” is not there any more. People may have answered it, so a correction cannot take it out."
        else:
            yield from _unfair_to(old, new)
    for new in after.questions:
        if before.question(new.key) is None and new.required:
            yield f"“{new.text}” is new. While a round is open, a new question has to be one that people can leave out."


def _unfair_to(old: AskedQuestion, new: AskedQuestion) -> Iterator[str]:
    if new.required and not old.required:
        yield f"“{new.text}” could be left out so far. It cannot become required while the round is open."
    if new.word_limit and (old.word_limit or new.word_limit + 1) > new.word_limit:
        yield f"“{new.text}” cannot get a shorter limit while the round is open."
    if new.required and (new.show_when, new.track) != (old.show_when, old.track):
        yield f"Who is asked “{new.text}” cannot change while the round is open."
    gone = {row[0] for row in _choices(old)} - {row[0] for row in _choices(new)}
    if gone and isinstance(new.settings.get("choices"), list):
        yield f"“{new.text}” has lost a choice. People may have chosen it, so it has to stay."


def _choices(question: AskedQuestion) -> list:
    choices = question.settings.get("choices")
    return choices if isinstance(choices, list) and not question.settings.get("live") else []


def changes_between(before: AskedForm, after: AskedForm) -> Iterator[Change]:
    """What a reader of the form would notice, in the order of the new form."""
    for new in after.questions:
        old = before.question(new.key)
        if old is None:
            yield Change(new.text, "New question", None, new.help or new.text)
            continue
        for name, what in WORDS.items():
            if getattr(old, name) != getattr(new, name):
                yield Change(new.text, what, _say(getattr(old, name)), _say(getattr(new, name)))
        if _choices(old) != _choices(new):
            yield Change(new.text, "Choices", _labels(old), _labels(new))
        if old.short != new.short:
            yield Change(new.text, "In the short form", _short(old), _short(new))
        if old.may_be_spoken != new.may_be_spoken:
            yield Change(new.text, "May be answered by a voice note", _say(old.may_be_spoken), _say(new.may_be_spoken))
        if (old.show_when, old.track) != (new.show_when, new.track):
            yield Change(new.text, "Who is asked", speak(old.show_when, before) or "Everybody", speak(new.show_when, after) or "Everybody")  # fmt: skip


def _say(value) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return "Nothing" if value is None else str(value)


def _labels(question: AskedQuestion) -> str:
    return ", ".join(row[1] for row in _choices(question)) or "None"


def _short(question: AskedQuestion) -> str:
    return ". ".join(_say(each) for each in (question.short or {}).values()) or "The same words"


def _move_drafts(round: Round, form: Form, before: AskedForm, after: AskedForm) -> list[Application]:
    """Every draft answers the new version; its answers, their history and its papers go along with it."""
    wanted = select(Application).where(
        Application.round_id == round.id, Application.status.in_(OPEN_TO_APPLICANT), Application.form_id != form.id
    )
    # Whoever saves an answer at this moment goes first or comes after; see answers._first.
    drafts = list(db.session.scalars(wanted.order_by(Application.id).with_for_update(of=Application)))
    keys = [draft.id for draft in drafts]
    moves = {each.id: after.by_key[each.key].id for each in before.questions if each.key in after.by_key}
    for table in (Answer, AnswerChange, Document, VoiceNote) if keys else ():
        db.session.execute(
            update(table)
            .where(table.application_id.in_(keys), table.question_id.in_(moves))
            .values(question_id=case(moves, value=table.question_id))
            .execution_options(synchronize_session=False)
        )
    for draft in drafts:
        draft.form_id = form.id
    db.session.flush()
    db.session.expire_all()
    return drafts


def _tell(drafts: list[Application], form: Form, now: datetime) -> None:
    people = (
        select(Collaborator.application_id, Person)
        .join(Person, Person.id == Collaborator.person_id)
        .where(
            Collaborator.application_id.in_([draft.id for draft in drafts]), Collaborator.role.in_(WRITERS),
            Collaborator.removed_at.is_(None), Person.disabled_at.is_(None),
        )
        .order_by(Collaborator.id)
    )  # fmt: skip
    by_id = {draft.id: draft for draft in drafts}
    for key, person in db.session.execute(people).all():
        outbox.queue(
            "form_corrected", person.email, now=now, once=f"form-{form.id}-{key}-{person.id}", application=by_id[key],
            person=person, note=form.note,
        )  # fmt: skip


def corrections_since(application: Application) -> list[tuple[Form, list[Change]]]:
    """The corrections published since the bid was started, newest first, each with what it changed."""
    wanted = select(Form).where(Form.round_id == application.round_id, Form.frozen_at.is_not(None))
    versions = list(db.session.scalars(wanted.order_by(Form.number)))
    found = []
    for old, new in itertools.pairwise(versions):
        if new.frozen_at > application.created_at and new.number <= application.form.number:
            found.append((new, list(changes_between(asked_form(old), asked_form(new)))))
    return found[::-1]
