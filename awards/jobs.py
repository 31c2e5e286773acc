"""What the clock does for awards: offers that nobody answers end, after reminders."""

from datetime import datetime, timedelta

import structlog

from fund.core import outbox
from fund.core.clock import speak_day, today
from fund.core.database import db
from fund.core.jobs import job
from fund.core.problems import Problem
from fund.people import administrators

from . import letter_batches, letters, signed_copies, signing
from .acceptance import acceptances_of
from .offers import lapse_offer, terms_of, waiting_offers
from .parties import people_of, signatories_of
from .schedule import last_day
from .tables import Award
from .telling import please_sign, tell_applicant

log = structlog.get_logger(__name__)
REMIND_BEFORE = (14, 7, 2)  # days
WARN_BEFORE = (30, 7, 0)  # days before the end of the signing certificate


@job("lapse_offers", minute="*/15", hour="0,2-23")
def lapse_offers(now: datetime) -> str | None:
    """End the offers whose day has passed, and free their money. One with a signed copy to look at waits for the fund."""
    over = [
        award for award in waiting_offers(now) if now >= award.accept_by and signed_copies.waiting_copy(award) is None
    ]
    for award in over:
        lapse_offer(award, now=now)
    db.session.commit()
    return f"{len(over)} lapsed" if over else None


@job("send_letters", second="*/5")
def send_letters(now: datetime) -> str | None:
    """Make and mail the letters of the batches that decision makers started."""
    tried = letter_batches.work_off(now)
    return f"{tried} letters" if tried else None


@job("watch_certificate", hour=7, minute=40)
def watch_certificate(now: datetime) -> str | None:
    """Tell every administrator 30 and 7 days before the signing certificate ends, and when it has ended."""
    certificate = signing.certificate_in_use()
    if certificate is None or (left := certificate.ends_at - now) > timedelta(days=WARN_BEFORE[0]):
        return None
    stage = sum(left <= timedelta(days=days) for days in WARN_BEFORE)
    for person in administrators(now):
        outbox.queue(
            "certificate_ends", person.email, now=now, once=f"certificate-{certificate.sha256[:16]}-{stage}-{person.id}",
            person=person, ends=speak_day(certificate.ends_at), over=now >= certificate.ends_at,
        )  # fmt: skip
    db.session.commit()
    return f"The signing certificate ends on {speak_day(certificate.ends_at)}"


@job("remind_offers", hour=8, minute=10)
def remind_offers(now: datetime) -> str | None:
    """Remind grantees of offers that still wait; one transaction for each, so that what is wrong with one stops no other.

    A reminder whose letter cannot be made (the signing certificate is over) leaves as a message alone. The letter waits: it is
    made on the first morning on which it can be, with the days that are left then.
    """
    made = waiting = 0
    for award in waiting_offers(now):
        stage = reminder_due(award, now)
        if stage is None:
            continue
        done = _remind(award, stage, now)
        made, waiting = made + done, waiting + (not done)
        db.session.commit()
    said = [f"{made} reminded"] if made else []
    said += [f"{waiting} waiting for a letter that cannot be made"] if waiting else []
    return ", ".join(said) or None


def reminder_due(award: Award, now: datetime) -> int | None:
    """Which of the reminders (so many days before the end) still has no letter today; an older one that was missed is left out."""
    days = (last_day(award.accept_by) - today(now)).days
    if now >= award.accept_by or not (reached := [each for each in REMIND_BEFORE if days <= each]):
        return None
    stage = min(reached)
    came_after = last_day(award.accept_by) - timedelta(days=stage) >= today(award.offered_at)
    later = [each for each in REMIND_BEFORE if each < stage]
    written = [each.facts["days"] for each in letters.letters_of(award.application) if each.kind == "reminder"]
    if not came_after or any(max(later, default=-1) < each <= stage for each in written):
        return None
    return stage


def _remind(award: Award, stage: int, now: datetime) -> bool:
    """Write to everybody once for each stage, and make the letter; answers whether it was made."""
    days = (last_day(award.accept_by) - today(now)).days
    try:
        with db.session.begin_nested():
            letters.issue_reminder(award, terms_of(award), days, now=now)
        made = True
    except Problem as problem:
        log.warning("reminder_waits", award=award.reference, why=problem.sentence)
        made = False
    except Exception:  # whatever is wrong with one letter, the others go out
        log.exception("reminder_failed", award=award.reference)
        made = False
    tell_applicant(
        "offer_reminder", award.application, now=now, once=f"offer-reminder-{award.id}-{stage}", award=award,
        days=days, accept_by=speak_day(last_day(award.accept_by), weekday=True),
    )  # fmt: skip
    _remind_signatories(award, stage, now)
    return made


def _remind_signatories(award: Award, stage: int, now: datetime) -> None:
    """Those who are named to sign, have not, and do not get the reminder to the people of the bid."""
    told = {each.id for each in people_of(award.application)} | {each.person_id for each in acceptances_of(award)}
    for row in signatories_of(award):
        if row.person_id not in told:
            please_sign(award, row.person, now=now, again=f"-{stage}")
