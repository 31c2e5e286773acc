"""Documents of a bid: added from a computer or from the organisation's papers, taken out again, and never lost from the record.

The rows say what is there; the answer repeats it (see question_types.documents), so that history, the check page and the
sent bid know of every file.
"""

from datetime import date, datetime
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from fund.core import audit, files, scanning, uploads
from fund.core.clock import today
from fund.core.database import db
from fund.core.files import StoredFile
from fund.core.problems import Problem, WrongMoment
from fund.core.quarantine import when_infected
from fund.members import is_member_of
from fund.papers import kept_papers_for, papers_for
from fund.policies import has_run_out, keep_policy, policies_of, tell_of_virus
from fund.tables import Person, PolicyDocument

from .answers import save_answer
from .forms import AskedQuestion
from .tables import Answer, Application, Document, Question
from .telling import writers_of
from .workflow import OPEN_TO_APPLICANT


def documents_of(application: Application, question: AskedQuestion) -> list[Document]:
    """What is in the bid now under this question, in the order it was added; one statement."""
    wanted = (
        Document.application_id == application.id, Document.question_id == question.id, Document.removed_at.is_(None),
    )  # fmt: skip
    return list(
        db.session.scalars(select(Document).where(*wanted).options(joinedload(Document.file)).order_by(Document.id))
    )


def document_of(application: Application, key: int) -> Document | None:
    """One document of this bid and of no other. One that was taken out is not there any more for readers."""
    wanted = (Document.id == key, Document.application_id == application.id, Document.removed_at.is_(None))
    return db.session.scalar(select(Document).where(*wanted).options(joinedload(Document.file)))


def with_standing(application: Application, values: dict[str, Any]) -> dict[str, Any]:
    """The answers, where each paper that nobody can open now has its `state`; one statement where there is a scanner and a paper."""
    papers = {key: value for key, value in values.items() if _are_papers(value)}
    if not papers or not scanning.is_scanned():
        return values
    wanted = select(Document.id, StoredFile.scan_state).join(StoredFile, StoredFile.id == Document.file_id)
    shut = (Document.application_id == application.id, StoredFile.scan_state.in_((files.WAITING, files.INFECTED)))
    states = dict(db.session.execute(wanted.where(*shut)).all())
    told = {
        key: [{**row, "state": states[row["document"]]} if row["document"] in states else row for row in value]
        for key, value in papers.items()
    }
    return {**values, **told}


def _are_papers(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict) and "document" in value[0]


def add_document(
    application: Application,
    question: AskedQuestion,
    kind: str,
    content: bytes,
    name: str,
    *,
    by: Person,
    now: datetime,
    keep: bool = False,
) -> Document:
    """Put one file into the bid; `keep` also puts it into the organisation's vault, where the paper is of a kept kind.

    The same file again under the same kind changes nothing. Raises WrongMoment when the bid is not a draft, Problem beside
    `kind` or `files` for what may not be added.
    """  # fmt: skip
    _hold_draft(application)
    if kind not in {paper.key for paper in papers_for(application.organisation.legal_form)}:
        raise Problem("Choose what these papers are", "kind")
    upload = uploads.checked(content, name, most_megabytes=current_app.config["SETTINGS"].upload_megabytes)
    here = documents_of(application, question)
    file = files.store(upload.content, upload.name, upload.media_type, by=by, now=now)
    if same := _the_same(here, kind, file):
        db.session.delete(file)
        return same
    document = _put(application, question, kind, file, by=by, now=now)
    if keep:
        _keep(application, kind, upload, by=by, now=now)
    return document


def _keep(application: Application, kind: str, upload: uploads.Upload, *, by: Person, now: datetime) -> None:
    """Into the vault too, when the paper is of a kept kind and none that counts is there; only by people of the organisation."""
    organisation = application.organisation
    if kind in {paper.key for paper in kept_papers_for(organisation.legal_form)} and is_member_of(by, organisation):
        before = policies_of(organisation).get(kind)
        if before is None or has_run_out(before, today(now)) or before.file.is_infected:
            keep_policy(organisation, kind, upload, None, by=by, now=now)


def use_policies(application: Application, question: AskedQuestion, *, by: Person, now: datetime) -> list[Document]:
    """Put every paper of the vault that counts today and is not in the bid yet into it; for people of the organisation."""
    _hold_draft(application)
    ready = ready_policies(application, documents_of(application, question), by, today(now))
    return [_put(application, question, policy.kind, policy.file, by=by, now=now) for policy in ready]


def ready_policies(application: Application, here: list[Document], person: Person, on: date) -> list[PolicyDocument]:
    """The vault's papers that this bid could use: asked of this legal form, not run out, no paper of that kind in the bid.

    None for a helper who does not belong to the organisation: its papers are not theirs to look at.
    """
    if not is_member_of(person, application.organisation):
        return []
    asked = {paper.key for paper in papers_for(application.organisation.legal_form)}
    taken = {document.kind for document in here}
    kept = policies_of(application.organisation)
    return [
        policy
        for kind, policy in kept.items()
        if kind in asked and kind not in taken and not has_run_out(policy, on) and not policy.file.is_infected
    ]


def remove_document(
    application: Application, question: AskedQuestion, document: Document, *, by: Person, now: datetime
) -> None:
    """Take a document out of a draft. The row and the file stay, so the history of the answer stays true."""
    _hold_draft(application)
    if document.removed_at is not None:
        return
    document.removed_at = now
    db.session.flush()
    audit.record("document.remove", application, by=by, now=now, document=document.id, kind=document.kind)
    _tell_the_answer(application, question, by=by, now=now)


@when_infected
def tell_the_writers(file: StoredFile, *, now: datetime) -> None:
    """Everybody who writes the bid is told of a paper that held a virus, and where to add another. The row stays."""
    wanted = select(Document, Question.key).join(Question, Question.id == Document.question_id)
    for document, key in db.session.execute(wanted.where(Document.file_id == file.id, Document.removed_at.is_(None))):
        application = db.session.get_one(Application, document.application_id)
        for person in writers_of(application):
            tell_of_virus(person, file, f"/applications/{application.id}/questions/{key}", now=now)


def _hold_draft(application: Application) -> None:
    """Two people who add papers at once queue here, so that the answer names the papers of both."""
    wanted = select(Application.status).where(Application.id == application.id).with_for_update()
    if db.session.scalar(wanted) not in OPEN_TO_APPLICANT:
        raise WrongMoment("This bid has been sent. Take it back to change it.")


def _the_same(here: list[Document], kind: str, file: StoredFile) -> Document | None:
    return next((each for each in here if each.kind == kind and each.file.sha256 == file.sha256), None)


def _put(application, question, kind: str, file: StoredFile, *, by, now) -> Document:
    most = current_app.config["SETTINGS"].documents_per_bid
    counted = select(Document.id).where(Document.application_id == application.id, Document.removed_at.is_(None))
    if len(db.session.scalars(counted.limit(most)).all()) >= most:
        raise Problem(f"A bid can hold {most} documents. Take one out before you add another.", "files")
    document = Document(
        application_id=application.id, question_id=question.id, file_id=file.id, kind=kind, added_at=now, added_by_id=by.id
    )  # fmt: skip
    db.session.add(document)
    db.session.flush()
    audit.record("document.add", application, by=by, now=now, document=document.id, kind=kind, sha256=file.sha256)
    _tell_the_answer(application, question, by=by, now=now)
    return document


def _tell_the_answer(application, question, *, by, now) -> None:
    """Have the answer say what the rows say."""
    value = [
        {"document": row.id, "kind": row.kind, "name": row.file.name, "size": row.file.size, "sha256": row.file.sha256}
        for row in documents_of(application, question)
    ]
    seen = db.session.scalar(
        select(Answer.version).where(Answer.application_id == application.id, Answer.question_id == question.id)
    )
    save_answer(application, question, value or None, seen or 0, by=by, now=now)
