"""Accepting on paper: the grantee sends a scan of the signed letter, and a grant manager compares it before it counts."""

from datetime import datetime

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from applications.workflow import APPLICATION
from fund.core import audit, files, uploads
from fund.core.database import db
from fund.core.files import StoredFile
from fund.core.problems import Forbidden, Problem, WrongMoment
from fund.core.quarantine import when_infected
from fund.tables import Fund, Person, Round

from . import letters
from .acceptance import acceptances_of, is_fully_signed
from .parties import is_party, signatories_of, signatures_needed
from .tables import Acceptance, Award, SignedCopy
from .telling import tell_applicant, tell_fund

TAKEN = ("pdf", "jpg", "jpeg", "png")


def load_copy(key: int) -> SignedCopy | None:
    fund = joinedload(SignedCopy.award).joinedload(Award.round).joinedload(Round.fund).joinedload(Fund.partnership)
    bid = joinedload(SignedCopy.award).joinedload(Award.application)
    return db.session.scalar(select(SignedCopy).where(SignedCopy.id == key).options(fund, bid))


def copies_of(award: Award) -> list[SignedCopy]:
    """Every copy that was sent, the latest first."""
    wanted = select(SignedCopy).where(SignedCopy.award_id == award.id).options(joinedload(SignedCopy.file))
    return list(db.session.scalars(wanted.order_by(SignedCopy.id.desc())))


def waiting_copy(award: Award) -> SignedCopy | None:
    """The copy that the fund has still to look at."""
    return db.session.scalar(select(SignedCopy).where(SignedCopy.award_id == award.id, SignedCopy.outcome.is_(None)))


def send_copy(award: Award, content: bytes, name: str, roles: list[str], *, by: Person, now: datetime) -> SignedCopy:
    """Send a scan of the signed letter. `roles` says as what each named signatory signed, in the order of their places.

    Raises WrongMoment when the offer does not wait or its day has passed, Problem while a signatory is not named, for a
    missing role, or for a file that cannot be taken.
    """
    if award.application.status != "offered":
        raise WrongMoment("This offer is not waiting to be accepted.")
    if now >= award.accept_by:
        raise WrongMoment("The day to accept this offer has passed. Write to the fund: it may be able to offer again.")
    named = signatories_of(award)
    if len(named) < signatures_needed(award.organisation):
        raise Problem("Name everybody who signs first, so that we know whose signatures to look for.")
    for place, _row in enumerate(named, start=1):
        if place > len(roles) or not roles[place - 1].strip():
            raise Problem("Enter the role, for example trustee or chair", f"role_{place}")
    if name.rpartition(".")[2].lower() not in TAKEN:
        raise Problem("Send a PDF or a photo (jpg, png) of the signed letter.", "files")
    upload = uploads.checked(content, name, most_megabytes=current_app.config["SETTINGS"].upload_megabytes)
    if (before := waiting_copy(award)) is not None:
        before.outcome = "replaced"
    signers = [{"person": row.person_id, "name": row.person.name, "role": role.strip()} for row, role in zip(named, roles, strict=False)]  # fmt: skip
    copy = SignedCopy(
        award_id=award.id, file_id=files.store(upload.content, upload.name, upload.media_type, by=by, now=now).id,
        letter_sha256=letters.agreement_letter(award).sha256, signers=signers, sent_at=now, sent_by_id=by.id,
    )  # fmt: skip
    db.session.add(copy)
    db.session.flush()
    audit.record("signed_copy.send", copy, by=by, now=now, award=award.id, letter_sha256=copy.letter_sha256)
    tell_fund("signed_copy", award.application, now=now, once=f"signed-copy-{copy.id}", copy=copy)
    return copy


def accept_copy(copy: SignedCopy, *, by: Person, now: datetime) -> None:
    """The signatures on the copy are those of the people named: they count as if given online, which accepts the offer.

    The day of the offer is that on which the copy came. Raises WrongMoment when the copy or the offer no longer waits,
    Forbidden for somebody of the grantee.
    """
    _hold(copy, by)
    award = copy.award
    if copy.file.is_held or copy.file.is_infected:
        raise WrongMoment(files.BEING_CHECKED_SENTENCE if copy.file.is_held else files.INFECTED_SENTENCE)
    if [row.person_id for row in signatories_of(award)] != [each["person"] for each in copy.signers]:
        raise WrongMoment("Other people are named to sign since this copy was sent. Ask for a new one.")
    _check(copy, "accepted", by, now)
    signed = {each.person_id for each in acceptances_of(award)}
    for each in copy.signers:
        if each["person"] not in signed:
            db.session.add(
                Acceptance(
                    award_id=award.id, person_id=each["person"], name=each["name"], role=each["role"], signed_at=copy.sent_at,
                    letter_sha256=copy.letter_sha256, copy_id=copy.id,
                )
            )  # fmt: skip
    db.session.flush()
    if is_fully_signed(award):
        signer = db.session.get_one(Person, copy.signers[0]["person"])
        APPLICATION.move(award.application, "accept", by=signer, now=now, handed_in=copy.sent_at.isoformat())


def refuse_copy(copy: SignedCopy, why: str, *, by: Person, now: datetime) -> None:
    """The copy cannot be taken: the grantee reads why and can send another, or sign online."""
    _hold(copy, by)
    if not why.strip():
        raise Problem("Say what is wrong with the copy, for example a missing page", "why")
    copy.why = why.strip()
    _check(copy, "refused", by, now)
    tell_applicant("signed_copy_refused", copy.award.application, now=now, once=f"copy-refused-{copy.id}", copy=copy, award=copy.award)  # fmt: skip


@when_infected
def ask_for_another(file: StoredFile, *, now: datetime) -> None:
    """A copy that held a virus is as if it had not come: the grantee reads why and can send another, or sign online."""
    waiting = select(SignedCopy).where(SignedCopy.file_id == file.id, SignedCopy.outcome.is_(None))
    for copy in db.session.scalars(waiting):
        copy.outcome, copy.why = "replaced", f"“{file.name}” held a virus. We removed it and nobody opened it."
        db.session.flush()
        audit.record("signed_copy.infected", copy, by=None, now=now, award=copy.award_id)
        tell_applicant("signed_copy_refused", copy.award.application, now=now, once=f"copy-refused-{copy.id}", copy=copy, award=copy.award)  # fmt: skip


def _hold(copy: SignedCopy, by: Person) -> None:
    if copy.outcome is not None or copy.award.application.status != "offered":
        raise WrongMoment("This copy no longer waits to be looked at.")
    if copy.sent_by_id == by.id or is_party(by, copy.award.application):
        raise Forbidden("You belong to the grantee. Somebody else must look at this copy.")


def _check(copy: SignedCopy, outcome: str, by: Person, now: datetime) -> None:
    copy.outcome, copy.checked_at, copy.checked_by_id = outcome, now, by.id
    db.session.flush()
    audit.record(f"signed_copy.{outcome}", copy, by=by, now=now, award=copy.award_id)
