"""Subsidy control: an award that is a subsidy is given as Minimal Financial Assistance, of which an organisation may have
£315,000.00 over this financial year and the two before (Subsidy Control Act 2022, sections 36 and 37)."""

from datetime import datetime

from sqlalchemy import select

from fund.core import audit, outbox
from fund.core.clock import speak_day, today
from fund.core.database import db
from fund.core.guards import once_only
from fund.core.money import pounds
from fund.core.problems import Problem, WrongMoment
from fund.core.years import first_day, year_of
from fund.strategies.legal_form import legal_form
from fund.tables import Person

from .parties import people_of
from .tables import Award, AwardVersion, Subsidy

LIMIT_PENCE = 31_500_000
YEARS_BEFORE = 2
LIVE = ("offered", "accepted", "in_delivery")


def subsidy_of(award: Award) -> Subsidy | None:
    return db.session.scalar(select(Subsidy).where(Subsidy.award_id == award.id))


def is_likely(award: Award) -> bool:
    """Whether the legal form is one whose work is often an economic activity: staff decide."""
    return legal_form(award.organisation.legal_form).needs_subsidy_check


def counted_from(now: datetime):
    """The first day that counts: 1 April two financial years before this one."""
    return first_day(year_of(today(now)) - YEARS_BEFORE)


def given_by_us(award: Award, now: datetime) -> int:
    """What other awards of this system gave the organisation as Minimal Financial Assistance in the years that count, in pence."""
    query = (
        select(Subsidy.pence, Subsidy.declared_at)
        .join(Award, Award.id == Subsidy.award_id)
        .where(Award.organisation_id == award.organisation_id, Award.id != award.id, Subsidy.declared_at.isnot(None))
    )
    return sum(pence for pence, at in db.session.execute(query) if today(at) >= counted_from(now))


def give_notice(award: Award, *, by: Person, now: datetime) -> Subsidy:
    """Say in writing that the award is meant as Minimal Financial Assistance, how much it is, and ask for the declaration.

    Raises WrongMoment when it was given or the award has ended, Problem when our own awards leave no room for it.
    """
    if award.application.status not in LIVE:
        raise WrongMoment("This award has ended.")
    pence = db.session.scalar(select(AwardVersion.amount_pence).where(AwardVersion.award_id == award.id).order_by(AwardVersion.number.desc()).limit(1))  # fmt: skip
    ours = given_by_us(award, now)
    _check_room(ours, pence, 0)
    row = Subsidy(award_id=award.id, pence=pence, ours_pence=ours, noticed_at=now, noticed_by_id=by.id)
    with once_only("The notice was given already."):
        db.session.add(row)
    audit.record("subsidy.notice", row, by=by, now=now, award=award.id, pence=pence)
    _tell(award, "subsidy_notice", row, now)
    return row


def declare(subsidy: Subsidy, award: Award, others_pence: int, *, by: Person, now: datetime) -> None:
    """The recipient's written confirmation: what they had elsewhere, and that this award keeps within the limit.

    Raises WrongMoment when it was given, Problem when the sum would be a penny above £315,000.00.
    """
    if subsidy.declared_at is not None:
        raise WrongMoment("You have confirmed this already.")
    subsidy.ours_pence = given_by_us(award, now)
    _check_room(subsidy.ours_pence, subsidy.pence, others_pence)
    subsidy.declared_pence, subsidy.declared_at, subsidy.declared_by_id = others_pence, now, by.id
    audit.record("subsidy.declare", subsidy, by=by, now=now, award=award.id, declared_pence=others_pence)
    _tell(award, "subsidy_confirmed", subsidy, now)


def _check_room(ours: int, pence: int, others: int) -> None:
    if ours + pence + others > LIMIT_PENCE:
        room = max(LIMIT_PENCE - ours - pence, 0)
        raise Problem(f"Together that is more than {pounds(LIMIT_PENCE)}. With this award there is room for {pounds(room)} from others. Write to us before you accept money.", "others")  # fmt: skip


def total(subsidy: Subsidy) -> int:
    """The running total with this award, in pence."""
    return subsidy.pence + subsidy.ours_pence + (subsidy.declared_pence or 0)


def _tell(award: Award, template: str, row: Subsidy, now: datetime) -> None:
    for person in people_of(award.application):
        outbox.queue(
            template, person.email, now=now, once=f"{template}-{row.id}-{person.id}", person=person, award=award,
            reference=award.reference, amount=pounds(row.pence), limit=pounds(LIMIT_PENCE), total=pounds(total(row)),
            since=speak_day(counted_from(now)), partnership=award.round.fund.partnership,
        )  # fmt: skip
