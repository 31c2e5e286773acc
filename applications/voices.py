"""Answers that are spoken: a recording in place of typed words, where an officer allows it, and its words typed down by the fund.

Typed words and a recording may stand side by side. The recording is kept like a document; what assessors read is its words.
"""

from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import inspect, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from fund.core import audit, files, upload_audio
from fund.core.database import db
from fund.core.files import StoredFile
from fund.core.problems import Problem, Stale, WrongMoment
from fund.core.quarantine import when_infected
from fund.policies import tell_of_virus
from fund.tables import Person

from .collaborators import check_may_answer
from .forms import AskedQuestion, form_of
from .tables import Application, Question, VoiceNote
from .telling import writers_of
from .workflow import OPEN_TO_APPLICANT

MOST_MINUTES = 5  # some 700 words: more than the longest limit of the standard form
LONGEST_TRANSCRIPT = 20_000
NOT_TYPED_YET = "This answer is a voice note. Its words are not typed down yet."


def notes_of(application: Application) -> dict[str, VoiceNote]:
    """The recordings in the bid now, by question key; no statement where the form allows none."""
    asked = form_of(application)
    if not asked.spoken:
        return {}
    if "voice_notes" in inspect(application).unloaded:
        wanted = select(VoiceNote).where(VoiceNote.application_id == application.id, VoiceNote.removed_at.is_(None))
        wanted = wanted.options(joinedload(VoiceNote.file), joinedload(VoiceNote.transcript_by)).order_by(VoiceNote.id)
        set_committed_value(application, "voice_notes", list(db.session.scalars(wanted)))
    return {asked.by_id[row.question_id].key: row for row in application.voice_notes if row.question_id in asked.by_id}


def note_of(application: Application, key: int) -> VoiceNote | None:
    """One recording of this bid and of no other. One that was taken out is not there any more."""
    wanted = (VoiceNote.id == key, VoiceNote.application_id == application.id, VoiceNote.removed_at.is_(None))
    return db.session.scalar(select(VoiceNote).where(*wanted).options(joinedload(VoiceNote.file)))


def note_under(application: Application, question: AskedQuestion) -> VoiceNote | None:
    """The recording under this question now."""
    here = (VoiceNote.application_id == application.id, VoiceNote.question_id == question.id)
    wanted = select(VoiceNote).where(*here, VoiceNote.removed_at.is_(None)).options(joinedload(VoiceNote.file))
    return db.session.scalar(wanted.order_by(VoiceNote.id.desc()).limit(1))


def add_note(
    application: Application, question: AskedQuestion, content: bytes, name: str, *, by: Person, now: datetime
) -> VoiceNote:
    """Put a recording under the question, in place of the one before. Raises WrongMoment when the bid is not a draft,
    Forbidden for a colleague of the money part, Problem beside `recording` for what cannot be taken."""
    _hold_draft(application)
    if not question.may_be_spoken:
        raise Problem("This question takes typed answers only.", "recording")
    check_may_answer(by, application, question.kind)
    megabytes = current_app.config["SETTINGS"].upload_megabytes
    recording = upload_audio.checked(content, name, most_megabytes=megabytes, most_minutes=MOST_MINUTES)
    try:
        file = files.store(recording.content, recording.name, recording.media_type, by=by, now=now)
    except Problem as problem:
        raise problem if problem.status != 400 else Problem(problem.sentence, "recording") from None
    before = note_under(application, question)
    if before is not None:
        before.removed_at = now
    note = VoiceNote(
        application_id=application.id, question_id=question.id, file_id=file.id, added_at=now, added_by_id=by.id,
        seconds=recording.seconds,
    )  # fmt: skip
    db.session.add(note)
    db.session.flush()
    db.session.expire(application, ["voice_notes"])
    audit.record("voice.add", application, by=by, now=now, note=note.id, question=question.key, sha256=file.sha256, replaces=before and before.id)  # fmt: skip
    return note


def remove_note(application: Application, note: VoiceNote, *, by: Person, now: datetime) -> None:
    """Take the recording out of a draft. The row and the file stay on record."""
    _hold_draft(application)
    if note.removed_at is None:
        note.removed_at = now
        db.session.flush()
        db.session.expire(application, ["voice_notes"])
        audit.record("voice.remove", application, by=by, now=now, note=note.id)


def type_down(note: VoiceNote, words: str, seen_version: int, *, by: Person, now: datetime) -> None:
    """Keep what was said as text, for whoever reads the bid. Raises WrongMoment for a draft, Stale when a colleague typed
    meanwhile, Problem beside `words`."""
    application = db.session.get_one(Application, note.application_id)
    if application.status in OPEN_TO_APPLICANT:
        raise WrongMoment("This bid is not sent yet, so its voice notes may still change.")
    words = words.strip()
    if not words:
        raise Problem("Type down what you hear", "words")
    if len(words) > LONGEST_TRANSCRIPT:
        raise Problem(f"Shorten this to {LONGEST_TRANSCRIPT:,} characters or fewer", "words")
    if seen_version != note.version:
        raise Stale(
            "A colleague typed these words down while you had the page open. Look at what is there now.", "words"
        )
    note.transcript, note.transcript_at, note.transcript_by_id = words, now, by.id
    note.version += 1
    db.session.flush()
    audit.record("voice.type_down", application, by=by, now=now, note=note.id, letters=len(words), version=note.version)


def counted(application: Application) -> frozenset[str]:
    """The questions that a recording answers, by key: also one that waits for the virus scanner, not one that held a virus."""
    return frozenset(key for key, note in notes_of(application).items() if not note.file.is_infected)


def with_spoken(values: dict[str, Any], spoken: dict[str, str | None]) -> dict[str, Any]:
    """The answers with what was said among them, for readers. `spoken` is what was typed down (None: not yet) by question key."""
    return {**values, **{key: _read_aloud(values.get(key), words) for key, words in spoken.items()}}


def _read_aloud(typed: Any, words: str | None) -> str:
    said = f"Voice note, typed down by the fund: {words}" if words else NOT_TYPED_YET
    return f"{typed}\n\n{said}" if isinstance(typed, str) and typed else said


def transcripts(notes: dict[str, VoiceNote]) -> dict[str, str | None]:
    return {key: note.transcript for key, note in notes.items() if not note.file.is_infected}


def facts_of(note: VoiceNote) -> dict[str, Any]:
    """What the snapshot of a sent bid says of a recording."""
    file = note.file
    facts = {"name": file.name, "size": file.size, "sha256": file.sha256, "seconds": note.seconds}
    return {**facts, **({"state": file.scan_state} if file.is_held or file.is_infected else {})}


def speak_length(seconds: int | None) -> str:
    """ "1 minute 20 seconds", "45 seconds"; nothing where the file does not say."""
    if not seconds:
        return ""
    minutes, rest = divmod(seconds, 60)
    parts = [f"{minutes} minute{'' if minutes == 1 else 's'}"] if minutes else []
    return " ".join(parts + ([f"{rest} second{'' if rest == 1 else 's'}"] if rest else []))


@when_infected
def tell_the_writers(file: StoredFile, *, now: datetime) -> None:
    """Everybody who writes the bid is told of a recording that held a virus."""
    wanted = select(VoiceNote, Question.key).join(Question, Question.id == VoiceNote.question_id)
    for note, key in db.session.execute(wanted.where(VoiceNote.file_id == file.id, VoiceNote.removed_at.is_(None))):
        application = db.session.get_one(Application, note.application_id)
        for person in writers_of(application):
            tell_of_virus(person, file, f"/applications/{application.id}/questions/{key}", now=now)


def _hold_draft(application: Application) -> None:
    """Two people who record at once queue here, so that one recording counts."""
    wanted = select(Application.status).where(Application.id == application.id).with_for_update()
    if db.session.scalar(wanted) not in OPEN_TO_APPLICANT:
        raise WrongMoment("This bid has been sent. Take it back to change it.")
