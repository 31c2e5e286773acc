"""The policy vault: an organisation's papers, kept once and used by every bid until they run out."""

from datetime import date, datetime

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from fund.core import audit, files, outbox, uploads
from fund.core.clock import today
from fund.core.database import db
from fund.core.files import StoredFile
from fund.core.problems import Problem
from fund.core.quarantine import when_infected
from fund.core.uploads import Upload
from fund.papers import kept_papers_for
from fund.tables import Organisation, Person, PolicyDocument


def policies_of(organisation: Organisation) -> dict[str, PolicyDocument]:
    """The paper that counts of each kind, by the kind's key; one statement."""
    wanted = select(PolicyDocument).where(
        PolicyDocument.organisation_id == organisation.id, PolicyDocument.removed_at.is_(None)
    )
    rows = db.session.scalars(wanted.options(joinedload(PolicyDocument.file)).order_by(PolicyDocument.id))
    return {row.kind: row for row in rows}


def load_policy(organisation: Organisation, key: int) -> PolicyDocument | None:
    """One paper of this organisation and of no other, also one that was replaced."""
    wanted = (PolicyDocument.id == key, PolicyDocument.organisation_id == organisation.id)
    return db.session.scalar(select(PolicyDocument).where(*wanted).options(joinedload(PolicyDocument.file)))


def has_run_out(policy: PolicyDocument, on: date) -> bool:
    """Whether it is older than its last day; the last day itself still counts."""
    return policy.expires_on is not None and policy.expires_on < on


def add_policy(
    organisation: Organisation,
    kind: str,
    content: bytes,
    name: str,
    expires_on: date | None,
    *,
    by: Person,
    now: datetime,
) -> PolicyDocument:
    """Keep a paper; the one before of the same kind stays on record as replaced.

    Raises Problem beside `kind`, `files` or `expires_on`, for what may not be uploaded too.
    """
    if kind not in {paper.key for paper in kept_papers_for(organisation.legal_form)}:
        raise Problem("Choose what it is", "kind")
    if expires_on is not None and expires_on < today(now):
        raise Problem("This day is over. Add the paper that counts now.", "expires_on")
    upload = uploads.checked(content, name, most_megabytes=current_app.config["SETTINGS"].upload_megabytes)
    return keep_policy(organisation, kind, upload, expires_on, by=by, now=now)


def keep_policy(
    organisation: Organisation, kind: str, upload: Upload, expires_on: date | None, *, by: Person, now: datetime
) -> PolicyDocument:
    """As `add_policy`, for an upload that has been looked at."""
    db.session.execute(select(Organisation.id).where(Organisation.id == organisation.id).with_for_update())
    before = policies_of(organisation).get(kind)
    if before is not None:
        before.removed_at = now
    file = files.store(upload.content, upload.name, upload.media_type, by=by, now=now)
    policy = PolicyDocument(
        organisation_id=organisation.id,
        kind=kind,
        file_id=file.id,
        expires_on=expires_on,
        added_at=now,
        added_by_id=by.id,
    )
    db.session.add(policy)
    db.session.flush()
    audit.record("policy.add", organisation, by=by, now=now, policy=policy.id, kind=kind, replaces=before and before.id)
    return policy


def remove_policy(organisation: Organisation, policy: PolicyDocument, *, by: Person, now: datetime) -> None:
    """Take a paper out of the vault. It stays on record, and bids that use it keep it."""
    if policy.removed_at is not None:
        return
    policy.removed_at = now
    db.session.flush()
    audit.record("policy.remove", organisation, by=by, now=now, policy=policy.id, kind=policy.kind)


@when_infected
def tell_the_organisation(file: StoredFile, *, now: datetime) -> None:
    """Whoever added a paper of the vault that held a virus is told, and where to add another."""
    wanted = select(PolicyDocument).where(PolicyDocument.file_id == file.id, PolicyDocument.removed_at.is_(None))
    for policy in db.session.scalars(wanted):
        person = db.session.get_one(Person, policy.added_by_id)
        tell_of_virus(person, file, f"/organisations/{policy.organisation_id}/papers", now=now)


def tell_of_virus(person: Person, file: StoredFile, where: str, *, now: datetime) -> None:
    """One mail to this person about this file, with the page to add another; `where` is its path."""
    outbox.queue("file_infected", person.email, now=now, once=f"file-infected-{file.id}-{person.id}", person=person, file=file, where=where)  # fmt: skip
