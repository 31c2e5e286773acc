"""Sending a bid, taking it back, withdrawing it: what was sent is kept exactly, with its SHA-256."""

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select

from fund.core.clock import require_utc
from fund.core.database import db
from fund.core.problems import Problem
from fund.tables import Area, Person

from .answers import values_of
from .applications import hold
from .documents import with_standing
from .forms import AskedQuestion, form_of
from .keyed import came_in, keyed_bid_of
from .signals.comparing import compare_bid
from .tables import Application, ApplicationPlace, Submission, VoiceNote
from .voices import facts_of, notes_of
from .workflow import APPLICATION


def submit_application(
    application: Application, declared_name: str, declared_role: str, *, by: Person, now: datetime
) -> Submission:
    """Send the bid. Raises Problem, WrongMoment or Forbidden and leaves the draft as it was when a rule stands against it."""
    name, role = declared_name.strip(), declared_role.strip()
    if not name:
        raise Problem("Enter your name", "declared_name")
    if not role:
        raise Problem("Enter your role in the organisation", "declared_role")
    hold(application)
    snapshot = canonical(snapshot_of(application, name, role, now))
    submission = Submission(
        application_id=application.id, number=_next_number(application), snapshot=snapshot, declared_name=name,
        declared_role=role, sha256=hashlib.sha256(snapshot.encode()).hexdigest(), submitted_at=now, submitted_by_id=by.id,
    )  # fmt: skip
    # The status and the moment it was sent change in one flush: the database refuses one without the other.
    with db.session.no_autoflush:
        application.submitted_at = now
        db.session.add(submission)
        try:
            APPLICATION.move(
                application, "submit", by=by, now=now, declared=True, number=submission.number, sha256=submission.sha256
            )
        except Problem:
            application.submitted_at = None
            if submission in db.session.new:
                db.session.expunge(submission)
            raise
    keep_places(application)
    compare_bid(application, now=now)
    return submission


def take_back(application: Application, *, by: Person, now: datetime) -> None:
    """Back to draft before the deadline. The submission stays on record as taken back."""
    hold(application)
    sent_at = application.submitted_at
    with db.session.no_autoflush:
        application.submitted_at = None
        try:
            APPLICATION.move(application, "return_to_draft", by=by, now=now)
        except Problem:
            application.submitted_at = sent_at
            raise


def withdraw(application: Application, reason: str, *, by: Person, now: datetime) -> None:
    """The applicant does not want this bid any more. A reason is needed once it has been sent."""
    hold(application)
    reason = reason.strip()
    APPLICATION.move(application, "withdraw", by=by, now=now, reason=reason or None, reason_given=bool(reason))


def latest_submission(application: Application) -> Submission | None:
    wanted = (
        select(Submission)
        .where(Submission.application_id == application.id)
        .order_by(Submission.number.desc())
        .limit(1)
    )
    return db.session.scalar(wanted)


def submissions_of(application: Application) -> list[Submission]:
    return list(
        db.session.scalars(
            select(Submission).where(Submission.application_id == application.id).order_by(Submission.number)
        )
    )


def snapshot_of(application: Application, declared_name: str, declared_role: str, now: datetime) -> dict[str, Any]:
    """The whole bid as it is sent: who, for which round and form, every question with its answer, and who declared it."""
    form, values = form_of(application), with_standing(application, values_of(application))
    organisation, notes = application.organisation, notes_of(application)
    keyed = keyed_bid_of(application)
    return {
        "reference": application.reference,
        "round": {"id": application.round_id, "title": application.round.title},
        "form": {"number": form.number, "sha256": form.content_sha256},
        "organisation": {
            "name": organisation.name, "legal_form": organisation.legal_form, "town": organisation.town, "postcode": organisation.postcode,
            "identifiers": [[row.scheme, row.number] for row in organisation.identifiers],
        },
        "answers": [
            {"key": question.key, "question": question.text, "kind": question.kind, "value": values.get(question.key), **_voice(notes, question)}
            for question in form.questions
            if question.is_asked(values)
        ],
        "declared": {"name": declared_name, "role": declared_role},
        "submitted_at": require_utc(now).isoformat(),
        **({} if keyed is None else {"keyed_in": came_in(keyed)}),
    }  # fmt: skip


def _voice(notes: dict[str, VoiceNote], question: AskedQuestion) -> dict[str, Any]:
    return {"voice": facts_of(notes[question.key])} if question.key in notes else {}


def canonical(facts: dict[str, Any]) -> str:
    """The one JSON text of these facts: keys in order, no spaces, letters as they are."""
    return json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _next_number(application: Application) -> int:
    last = db.session.scalar(select(func.max(Submission.number)).where(Submission.application_id == application.id))
    return (last or 0) + 1


def keep_places(application: Application) -> None:
    """The places of a bid as rows, for lists and sums; written when it is sent, because only sent bids are counted."""
    names = values_of(application).get("places") or []
    db.session.execute(delete(ApplicationPlace).where(ApplicationPlace.application_id == application.id))
    chosen = select(Area.id).where(Area.partnership_id == application.round.fund.partnership_id, Area.name.in_(names))
    areas = list(db.session.scalars(chosen))
    if areas:
        db.session.execute(
            insert(ApplicationPlace), [{"application_id": application.id, "area_id": key} for key in areas]
        )
