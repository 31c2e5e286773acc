"""While a bid is checked, the fund may ask for a change of one answer: with a sentence, until a moment, and nothing else opens."""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import joinedload

from fund.core import audit, outbox
from fund.core.clock import speak_moment
from fund.core.database import db
from fund.core.problems import Problem, WrongMoment
from fund.tables import Person

from .answers import store_answer, values_of
from .caps import check_caps
from .completeness import facts_for, gaps_of
from .forms import AskedForm, AskedQuestion, form_of
from .submission import keep_places
from .tables import Answer, Application, ChangeRequest, Collaborator

LONGEST = 2_000
NOT_BY_REQUEST = frozenset({"documents"})  # papers are added on a page of their own


def requests_of(application: Application) -> list[ChangeRequest]:
    """Every request about this bid since it was sent, oldest first, each with its people; one statement."""
    wanted = (
        select(ChangeRequest)
        .where(ChangeRequest.application_id == application.id)
        .options(joinedload(ChangeRequest.asked_by), joinedload(ChangeRequest.answered_by))
        .order_by(ChangeRequest.id)
    )
    sent_at = application.submitted_at
    return [row for row in db.session.scalars(wanted) if sent_at is None or row.asked_at >= sent_at]


def open_requests(application: Application) -> list[ChangeRequest]:
    """Requests that wait for the applicant; late ones too."""
    if application.status != "submitted":
        return []
    return [row for row in requests_of(application) if row.answered_at is None and row.cancelled_at is None]


def asked_for(applications: list[Application]) -> dict[int, ChangeRequest]:
    """By bid, in one statement: the change that is waited for, the first to end where there are several."""
    sent = [application.id for application in applications if application.status == "submitted"]
    if not sent:
        return {}
    wanted = select(ChangeRequest).where(
        ChangeRequest.application_id.in_(sent),
        ChangeRequest.answered_at.is_(None),
        ChangeRequest.cancelled_at.is_(None),
    )
    rows = db.session.scalars(wanted.order_by(ChangeRequest.due_at.desc(), ChangeRequest.id.desc()))
    return {row.application_id: row for row in rows}


def answers_with_changes(application: Application) -> tuple[dict[str, Any], dict[str, ChangeRequest]]:
    """For readers, in one statement: the answers as `values_of`, and by question key the last change since the bid was sent."""
    asked, sent_at = form_of(application), application.submitted_at
    same = and_(
        ChangeRequest.application_id == Answer.application_id, ChangeRequest.question_id == Answer.question_id,
        ChangeRequest.answered_at.is_not(None),
    )  # fmt: skip
    wanted = select(Answer.question_id, Answer.value, ChangeRequest).outerjoin(ChangeRequest, same)
    wanted = wanted.where(Answer.application_id == application.id).order_by(ChangeRequest.id)
    values: dict[str, Any] = {}
    changed: dict[str, ChangeRequest] = {}
    for key, value, request in db.session.execute(wanted):
        question = asked.by_id.get(key)
        if question is None:
            continue
        if value is not None:
            values[question.key] = value
        if request is not None and sent_at is not None and request.asked_at >= sent_at:
            changed[question.key] = request
    return asked.visible(values), changed


def askable(form: AskedForm) -> list[AskedQuestion]:
    """The questions whose answer can be asked for again."""
    return [each for each in form.questions if each.kind not in NOT_BY_REQUEST]


def ask_change(
    application: Application, question_key: str, sentence: str, due_at: datetime, *, by: Person, now: datetime
) -> ChangeRequest:
    """Ask for a change of one answer until `due_at`. The leads and editors are told.

    Raises WrongMoment when the bid is not waiting to be checked, Problem beside the field that is not right.
    """
    if application.status != "submitted":
        raise WrongMoment("A change can be asked for while the bid waits to be checked.")
    question = next((each for each in askable(form_of(application)) if each.key == question_key), None)
    if question is None:
        raise Problem("Choose a question", "question")
    sentence = sentence.strip()
    if not sentence:
        raise Problem("Say what should be changed", "sentence")
    if len(sentence) > LONGEST:
        raise Problem(f"Shorten this to {LONGEST:,} characters or fewer", "sentence")
    if due_at <= now:
        raise Problem("Enter a moment that is still to come", "day")
    if any(row.question_id == question.id for row in open_requests(application)):
        raise Problem("A change of this answer is asked for already", "question")
    row = ChangeRequest(
        application_id=application.id, question_id=question.id, sentence=sentence, due_at=due_at, asked_at=now,
        asked_by_id=by.id, before=values_of(application).get(question.key),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.record(
        "change.ask", application, by=by, now=now, request=row.id, question=question.key, due=due_at.isoformat()
    )
    for person in _writers(application):
        outbox.queue(
            "change_asked", person.email, now=now, once=f"change-{row.id}-{person.id}", application=application, person=person,
            request=row, question=question,
        )  # fmt: skip
    return row


def answer_change(
    request: ChangeRequest, application: Application, value: Any, seen_version: int, *, by: Person, now: datetime
) -> None:
    """Change that one answer; what it said stays on record and readers see both. The officer who asked is told.

    Raises WrongMoment when the request is closed or late, Problem for an answer that would stop a bid from being sent, Stale
    when a colleague answered meanwhile.
    """
    question = form_of(application).by_id[request.question_id]
    check_open(request, application, now)
    if value is not None:
        value = question.type.guard(question, value)
    facts = facts_for(application, {**values_of(application), question.key: value})
    if value is None:
        facts.values.pop(question.key, None)
    for sentence in gaps_of(question, facts):
        raise Problem(sentence, "value")
    if question.key == "asked":
        check_caps(application, value or 0)
    store_answer(application, question, value, seen_version, by=by, now=now)
    if question.key == "places":
        keep_places(application)
    request.after, request.answered_at, request.answered_by_id = value, now, by.id
    db.session.flush()
    audit.record("change.answer", application, by=by, now=now, request=request.id, question=question.key)
    outbox.queue(
        "change_made", request.asked_by.email, now=now, once=f"change-made-{request.id}", application=application,
        person=request.asked_by, question=question,
    )  # fmt: skip


def cancel_change(request: ChangeRequest, application: Application, *, by: Person, now: datetime) -> None:
    """Take a request back: the answer stays as it was sent."""
    if request.answered_at is not None or request.cancelled_at is not None:
        raise WrongMoment("This request is closed already.")
    request.cancelled_at = now
    db.session.flush()
    audit.record("change.cancel", application, by=by, now=now, request=request.id)


def check_open(request: ChangeRequest, application: Application, now: datetime) -> None:
    """Raises WrongMoment when this answer cannot be changed now; the moment itself is late."""
    if application.status != "submitted" or request.answered_at is not None or request.cancelled_at is not None:
        raise WrongMoment("This answer cannot be changed now.")
    if now >= request.due_at:
        partnership = application.round.fund.partnership
        raise WrongMoment(
            f"This answer could be changed until {speak_moment(request.due_at)}. "
            f"If something stopped you, call {partnership.phone} or write to {partnership.email}."
        )


def check_none_waits(application: Application) -> None:
    """Raises Problem while a change is awaited: a bid is not found eligible in the middle of it."""
    for row in open_requests(application):
        question = form_of(application).by_id.get(row.question_id)
        raise Problem(
            f"A change of “{question.text if question else 'an answer'}” is asked for until {speak_moment(row.due_at)}. "
            "Wait for it, or take the request back."
        )


def version_of(application: Application, question: AskedQuestion) -> int:
    """The version of the answer that stands, 0 for none."""
    wanted = select(Answer.version).where(Answer.application_id == application.id, Answer.question_id == question.id)
    return db.session.scalar(wanted) or 0


def _writers(application: Application) -> list[Person]:
    wanted = (
        select(Person)
        .join(Collaborator, Collaborator.person_id == Person.id)
        .where(
            Collaborator.application_id == application.id, Collaborator.role.in_(("lead", "editor")),
            Collaborator.removed_at.is_(None), Person.disabled_at.is_(None),
        )
        .order_by(Collaborator.id)
    )  # fmt: skip
    return list(db.session.scalars(wanted))
