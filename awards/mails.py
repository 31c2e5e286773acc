"""What follows when a bid moves, and whom it tells: the messages that the life of an application names for awarding."""

from datetime import datetime

from applications.tables import Application
from applications.workflow import APPLICATION
from fund.core.clock import speak_day
from fund.core.money import pounds
from fund.tables import Person

from . import letters, money, offers, tranches
from .decisions import current_decision
from .schedule import AGREEMENT, last_day
from .tables import Award
from .telling import tell_applicant, tell_fund

ENDED_WORDS = {
    "declined": "declined the offer",
    "lapsed": "did not accept the offer in time",
    "withdrawn": "withdrew",
}


@APPLICATION.check("tells", "reserved")
def reserved(application, *, by, now, reason=None, **_) -> None:
    tell_applicant("reserved", application, now=now, once=f"reserved-{application.id}")


@APPLICATION.check("tells", "offered")
def offered(application, *, by, now, reason=None, **_) -> None:
    """Make the offer with its money and letter, then send the link."""
    award = offers.make_offer(application, by=by, now=now)
    tell_applicant(
        "offer", application, now=now, once=f"offer-{award.id}", award=award, amount=pounds(award.offered_pence),
        accept_by=speak_day(last_day(award.accept_by), weekday=True),
    )  # fmt: skip


@APPLICATION.check("tells", "unsuccessful")
def unsuccessful(application, *, by, now, reason=None, **_) -> None:
    letter = letters.issue_unsuccessful_letter(application, current_decision(application), now=now)
    tell_applicant("unsuccessful", application, now=now, once=f"unsuccessful-{application.id}", letter=letter)


@APPLICATION.check("tells", "ineligible_letter")
def ineligible_letter(application, *, by, now, reason=None, **_) -> None:
    """The letter beside the message that applications sends: it can be kept, and checked by others."""
    letters.issue_ineligible_letter(application, reason or "", now=now)


@APPLICATION.check("tells", "accepted")
def accepted(application, *, by: Person, now, reason=None, **_) -> None:
    """The promise is made: commit the money and open the first gate."""
    award = offers.award_of(application)
    award.accepted_at = now
    pence = award.offered_pence
    money.post(award, "commit", pence, by=by, now=now, once=f"commit-{award.id}")
    tranches.clear_gate(award, AGREEMENT, by=by, now=now)
    tell_applicant("accepted", application, now=now, once=f"accepted-{award.id}", award=award, amount=pounds(pence))
    tell_fund("accepted_officer", application, now=now, once=f"accepted-officer-{award.id}", award=award, amount=pounds(pence))  # fmt: skip


def _ended(application: Application, word: str, by: Person | None, now: datetime, reason: str | None) -> Award:
    award = offers.award_of(application)
    freed = offers.end_award(award, word, by=by, now=now)
    tell_fund(
        "offer_ended", application, now=now, once=f"{word}-{award.id}", award=award, freed=pounds(freed), reason=reason,
        what=ENDED_WORDS[word],
    )  # fmt: skip
    return award


@APPLICATION.check("tells", "declined")
def declined(application, *, by, now, reason=None, **_) -> None:
    _ended(application, "declined", by, now, reason)


@APPLICATION.check("tells", "lapsed")
def lapsed(application, *, by, now, reason=None, **_) -> None:
    award = _ended(application, "lapsed", by, now, reason)
    tell_applicant("lapsed", application, now=now, once=f"lapsed-applicant-{award.id}", award=award)


@APPLICATION.check("tells", "money_freed")
def money_freed(application, *, by, now, reason=None, **_) -> None:
    """A withdrawal: free what was promised, ask back what was paid (rule 13). Before an offer there is no money."""
    award = offers.award_of(application)
    if award is None or award.ended_at is not None:
        return
    _ended(application, "withdrawn", by, now, reason)
    out = award.paid_pence - award.recovered_pence - money.owed_back(award)
    if out > 0:
        money.ask_back(award, out, "The award was withdrawn", by=by, now=now)


@APPLICATION.check("tells", "delivery_started")
def delivery_started(application, *, by, now, reason=None, **_) -> None:
    award = offers.award_of(application)
    tell_applicant("delivery_started", application, now=now, once=f"delivery-{award.id}", award=award)


@APPLICATION.check("tells", "closed")
def closed(application, *, by, now, reason=None, **_) -> None:
    award = offers.award_of(application)
    award.ended_at = now
    letter = letters.issue_closing_letter(award, offers.terms_of(award), now=now)
    tell_applicant("award_closed", application, now=now, once=f"closed-{award.id}", award=award, letter=letter)


@APPLICATION.check("tells", "terminated")
def terminated(application, *, by, now, reason=None, recover_pence: int = 0, **_) -> None:
    """Free what is not paid, ask back what the head of fund decided, say so in a letter."""
    award = offers.award_of(application)
    offers.end_award(award, "terminated", by=by, now=now)
    recovery = money.ask_back(award, recover_pence, f"Ended early: {reason}", by=by, now=now) if recover_pence else None
    letter = letters.issue_ending_letter(award, offers.terms_of(award), reason or "", recovery, now=now)
    tell_applicant(
        "terminated", application, now=now, once=f"terminated-{award.id}", award=award, reason=reason, letter=letter,
        recover=pounds(recover_pence) if recover_pence else None, due=recovery and speak_day(recovery.due_on),
    )  # fmt: skip
