"""The letter about a withdrawal after acceptance: what was paid, what comes back and by when. One person proposes it, another
approves it, and then it is made and mailed once."""

from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError

from applications.tables import Application
from applications.workflow import APPLICATION
from fund.core import audit
from fund.core.clock import speak_day
from fund.core.database import db
from fund.core.money import pounds
from fund.core.problems import Forbidden, Problem, WrongMoment
from fund.tables import Fund, Person, Round

from . import letters, offers
from .decisions import may_take_part, refuse_unless
from .letter_facts import withdrawal_facts
from .letter_templates import words_for
from .tables import Award, Letter, Recovery, WithdrawalLetter
from .telling import tell_applicant

MOST_WORDS = 2000  # letters of the note
ALREADY = "This letter was sent already."


def proposal_of(award: Award) -> WithdrawalLetter | None:
    return db.session.scalar(select(WithdrawalLetter).where(WithdrawalLetter.award_id == award.id))


def without_letter(*wanted) -> list[tuple[int, str, int | None]]:
    """(award key, reference, who proposed the letter) of accepted awards that were withdrawn with money to come back and whose
    letter is not sent yet, under these conditions on rounds joined with their fund; one statement."""
    owed = exists().where(Recovery.award_id == Award.id, Recovery.received_at.is_(None))
    query = (
        select(Award.id, Award.reference, WithdrawalLetter.proposed_by_id)
        .join(Application, Application.id == Award.application_id)
        .join(Round, Round.id == Award.round_id)
        .join(Fund, Fund.id == Round.fund_id)
        .outerjoin(WithdrawalLetter, WithdrawalLetter.award_id == Award.id)
        .where(Application.status == "withdrawn", Award.accepted_at.is_not(None), owed)
        .where(WithdrawalLetter.approved_at.is_(None), *wanted)
        .order_by(Award.id)
    )
    return [(key, reference, proposer) for key, reference, proposer in db.session.execute(query)]


def propose_letter(award: Award, note: str, *, by: Person, now: datetime) -> WithdrawalLetter:
    """Propose the letter, with what the officer adds. Proposing again replaces the words until somebody has approved them."""
    refuse_unless(may_take_part(by, award.application))
    _refuse_unless_withdrawn(award)
    if len(note.strip()) > MOST_WORDS:
        raise Problem(f"Write at most {MOST_WORDS:,} letters", "note")
    row = proposal_of(award)
    if row is not None and row.approved_at is not None:
        raise WrongMoment(ALREADY)
    row = row or WithdrawalLetter(award_id=award.id)
    row.note, row.proposed_at, row.proposed_by_id = note.strip(), now, by.id
    try:
        with db.session.begin_nested():
            db.session.add(row)
            db.session.flush()
    except IntegrityError:
        raise WrongMoment("Somebody else proposed this letter meanwhile. Look at theirs.") from None
    audit.record("withdrawal_letter.propose", row, by=by, now=now, award=award.id)
    return row


def approve_letter(proposal: WithdrawalLetter, *, by: Person, now: datetime) -> Letter:
    """Make the letter and mail it, once. Raises Forbidden for whoever proposed it, WrongMoment when it was sent."""
    award = proposal.award
    if proposal.proposed_by_id == by.id:
        raise Forbidden("You proposed this letter. Another person must approve it.")
    refuse_unless(may_take_part(by, award.application))
    _refuse_unless_withdrawn(award)
    if proposal.approved_at is not None:
        raise WrongMoment(ALREADY)
    reason, recovery = reason_of(award), recovery_of(award)
    try:
        with db.session.begin_nested():
            letter = letters.issue_withdrawal_letter(award, offers.terms_of(award), reason, proposal.note, recovery, now=now)  # fmt: skip
    except IntegrityError:  # two at the same moment: an application has one letter of this kind with this number
        raise WrongMoment(ALREADY) from None
    proposal.approved_at, proposal.approved_by_id = now, by.id
    audit.record("withdrawal_letter.approve", proposal, by=by, now=now, award=award.id, letter=letter.id)
    tell_applicant(
        "withdrawal_letter", award.application, now=now, once=f"withdrawal-letter-{award.id}", award=award, letter=letter,
        recover=pounds(recovery.amount_pence) if recovery else None, due=speak_day(recovery.due_on) if recovery and recovery.due_on else None,
    )  # fmt: skip
    return letter


def planned_letter(award: Award, note: str, *, now: datetime) -> dict[str, Any]:
    """The facts of the letter as approving it now would send it; nothing is kept."""
    facts = withdrawal_facts(award, offers.terms_of(award), reason_of(award), note, recovery_of(award), now)
    return facts | {"template": {"number": 0, "words": words_for(award.round.fund.partnership, "withdrawal")}}


def reason_of(award: Award) -> str:
    """What the group said when it withdrew."""
    said = [each.reason for each in APPLICATION.history(award.application) if each.action == "withdraw" and each.reason]
    return said[-1] if said else "You gave no reason."


def recovery_of(award: Award) -> Recovery | None:
    """The money that was asked back and has not come yet."""
    wanted = (Recovery.award_id == award.id, Recovery.received_at.is_(None))
    return db.session.scalar(select(Recovery).where(*wanted).order_by(Recovery.id.desc()).limit(1))


def _refuse_unless_withdrawn(award: Award) -> None:
    if award.application.status != "withdrawn" or award.accepted_at is None:
        raise WrongMoment("This letter is for a grant that the group withdrew from after accepting it.")
