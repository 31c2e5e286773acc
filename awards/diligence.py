"""What awarding knows for due diligence: past grants, other funders, subsidy, and the bank account."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from applications.diligence.checks import Finding, check
from applications.tables import Application
from applications.workflow import APPLICATION
from fund.core.clock import speak_day, today
from fund.core.database import db
from fund.core.money import pounds
from fund.strategies.legal_form import legal_form
from fund.tables import Fund, Round

from . import bank, other_grants, subsidies
from .offers import award_of
from .tables import Award, BankDetail, Recovery, Subsidy


def earlier_awards(application: Application) -> Sequence[Award]:
    """Other awards of this partnership to the same organisation, the latest first."""
    query = (
        select(Award)
        .join(Round, Round.id == Award.round_id)
        .join(Fund, Fund.id == Round.fund_id)
        .where(
            Award.organisation_id == application.organisation_id,
            Award.application_id != application.id,
            Fund.partnership_id == application.round.fund.partnership_id,
        )
    )
    return db.session.scalars(query.order_by(Award.offered_at.desc(), Award.id)).all()


@check(70, "past_grants", "Past grants from this fund", "How did they go? Was money asked back, and did it come?")
def past_grants(application: Application, now: datetime) -> Finding:
    found = earlier_awards(application)
    if not found:
        return Finding("clear", ["None that is kept here."])
    asked = _asked_back(found)
    lines, worry = [], False
    for award in found:
        state = APPLICATION.state(award.application.status)
        lines.append(f"{award.reference}, offered {speak_day(award.offered_at)}: {state.staff.lower()}, {pounds(award.paid_pence)} paid")  # fmt: skip
        back, owed = asked.get(award.id, (0, 0))
        if back:
            lines[-1] += f", {pounds(back)} asked back" + (f", of which {pounds(owed)} has not come" if owed else ", all of it came")  # fmt: skip
        worry = worry or bool(owed) or state.key == "terminated"
    return Finding("look" if worry else "clear", lines, frozenset(each.application_id for each in found))


def _asked_back(awards: Sequence[Award]) -> dict[int, tuple[int, int]]:
    """(asked back, not yet come) in pence by award."""
    open_pence = func.sum(Recovery.amount_pence).filter(Recovery.received_at.is_(None))
    query = select(Recovery.award_id, func.sum(Recovery.amount_pence), open_pence)
    query = query.where(Recovery.award_id.in_([each.id for each in awards])).group_by(Recovery.award_id)
    return {key: (int(pence or 0), int(owed or 0)) for key, pence, owed in db.session.execute(query)}


@check(80, "other_funders", "Other funders", "Does another funder pay for the same cost? Ask what each grant is for.", is_early=True)  # fmt: skip
def other_funders(application: Application, now: datetime) -> Finding:
    partnership = application.round.fund.partnership
    found = other_grants.matches(application.organisation, partnership.id)
    if found:
        return Finding("look", [f"{pounds(each.grant.pence)} from {each.grant.funder}, {speak_day(each.grant.awarded_on)}: {each.grant.title} ({each.words})" for each in found])  # fmt: skip
    sources = other_grants.sources_of(partnership)
    if not sources:
        return Finding("unknown", ["No file of another funder was read yet."])
    return Finding("clear", [f"Nothing in the files of {', '.join(each.funder for each in sources)}."])


@check(90, "subsidy", "Subsidy", "Is the work an economic activity? If so the award is Minimal Financial Assistance, with a notice and a confirmation.")  # fmt: skip
def subsidy(application: Application, now: datetime) -> Finding:
    since, form = subsidies.counted_from(now), legal_form(application.organisation.legal_form)
    ours, declared = _assistance(application, now)
    total = ours + declared
    lines = [
        f"From us as Minimal Financial Assistance since {speak_day(since)}: {pounds(ours)}",
        f"Declared from others, as they said last: {pounds(declared)}",
        f"Running total {pounds(total)} of {pounds(subsidies.LIMIT_PENCE)}; this bid asks for {pounds(application.requested_pence)}",
    ]
    if total + (application.requested_pence or 0) > subsidies.LIMIT_PENCE:
        return Finding("look", [*lines, "With this bid it would be more than the limit."])
    if form.needs_subsidy_check:
        return Finding("look", [*lines, f"{form.label}: the legal form asks for a closer look."])
    return Finding("clear", [*lines, "Nothing in the legal form points to a subsidy."])


def _assistance(application: Application, now: datetime) -> tuple[int, int]:
    """What we gave as Minimal Financial Assistance in the years that count, and what was last declared of others, in pence."""
    query = (
        select(Subsidy.pence, Subsidy.declared_pence, Subsidy.declared_at)
        .join(Award, Award.id == Subsidy.award_id)
        .where(Award.organisation_id == application.organisation_id, Subsidy.declared_at.is_not(None))
        .order_by(Subsidy.declared_at)
    )
    rows = [row for row in db.session.execute(query) if today(row.declared_at) >= subsidies.counted_from(now)]
    return sum(row.pence for row in rows), rows[-1].declared_pence if rows else 0


@check(
    100,
    "bank",
    "Bank account",
    "Does a statement show the name, and did somebody call back on a number of the register?",
)
def account(application: Application, now: datetime) -> Finding:
    award = award_of(application)
    detail = bank.current_detail(award) if award is not None else None
    if detail is None:
        return Finding("unknown", ["Not entered yet. The grantee gives it after the offer is accepted.", *_earlier_account(application)])  # fmt: skip
    lines = [f"{bank.shown(detail)}, entered {speak_day(detail.entered_at)}"]
    if detail.checked_at is not None:
        lines.append(f"Checked {speak_day(detail.checked_at)}: {detail.check_note}")
    if detail.confirmed_at is None:
        return Finding("look", [*lines, "It is not confirmed by two people yet."])
    return Finding("clear", [*lines, f"Confirmed by a further person, {speak_day(detail.confirmed_at)}."])


def _earlier_account(application: Application) -> list[str]:
    query = select(BankDetail).join(Award, Award.id == BankDetail.award_id).where(Award.organisation_id == application.organisation_id)  # fmt: skip
    known = db.session.scalar(query.order_by(BankDetail.id.desc()).limit(1))
    return [f"For an earlier grant: {bank.shown(known).lower()}"] if known is not None else []
