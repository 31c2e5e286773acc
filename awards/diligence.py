"""What awarding knows for due diligence: past grants, other funders, subsidy, and the bank account."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from applications.diligence.checks import Finding, check
from applications.diligence.facts import Facts
from applications.workflow import APPLICATION
from fund.core.clock import speak_day, today
from fund.core.database import db
from fund.core.money import pounds
from fund.strategies.legal_form import legal_form
from fund.tables import Fund, Round

from . import bank, other_grants, subsidies
from .tables import Award, BankDetail, Recovery, Subsidy


@dataclass(frozen=True)
class Granted:
    """One award to the organisation of a bid, also from another partnership. `back` was asked back, `owed` of it has not come, in pence."""

    award: Award
    partnership_id: int
    back: int
    owed: int
    account: BankDetail | None  # the last one entered
    assistance: Subsidy | None


def granted(facts: Facts) -> list[Granted]:
    """Every award to the organisation, that of the bid itself too, the latest first; one statement."""
    application = facts.application
    back = select(func.sum(Recovery.amount_pence)).where(Recovery.award_id == Award.id).correlate(Award)
    owed = back.where(Recovery.received_at.is_(None))
    last = select(func.max(BankDetail.id)).where(BankDetail.award_id == Award.id).correlate(Award).scalar_subquery()
    query = (
        select(Award, Fund.partnership_id, back.scalar_subquery(), owed.scalar_subquery(), BankDetail, Subsidy)
        .join(Round, Round.id == Award.round_id)
        .join(Fund, Fund.id == Round.fund_id)
        .outerjoin(BankDetail, BankDetail.id == last)
        .outerjoin(Subsidy, Subsidy.award_id == Award.id)
        .where(Award.organisation_id == application.organisation_id)
        .options(joinedload(Award.application))
    )
    rows = db.session.execute(query.order_by(Award.offered_at.desc(), Award.id))
    return [Granted(award, of, int(back or 0), int(owed or 0), *more) for award, of, back, owed, *more in rows]


def earlier(facts: Facts) -> list[Granted]:
    """Other awards of this partnership to the same organisation, the latest first."""
    partnership = facts.application.round.fund.partnership_id
    others = [each for each in facts.ask(granted) if each.award.application_id != facts.application.id]
    return [each for each in others if each.partnership_id == partnership]


@check(70, "past_grants", "Past grants from this fund", "How did they go? Was money asked back, and did it come?")
def past_grants(facts: Facts) -> Finding:
    found = facts.ask(earlier)
    if not found:
        return Finding("clear", ["None that is kept here."])
    lines, worry = [], False
    for each in found:
        award, state = each.award, APPLICATION.state(each.award.application.status)
        lines.append(f"{award.reference}, offered {speak_day(award.offered_at)}: {state.staff.lower()}, {pounds(award.paid_pence)} paid")  # fmt: skip
        if each.back:
            lines[-1] += f", {pounds(each.back)} asked back" + (f", of which {pounds(each.owed)} has not come" if each.owed else ", all of it came")  # fmt: skip
        worry = worry or bool(each.owed) or state.key == "terminated"
    return Finding("look" if worry else "clear", lines, frozenset(each.award.application_id for each in found))


@check(80, "other_funders", "Other funders", "Does another funder pay for the same cost? Ask what each grant is for.", is_early=True)  # fmt: skip
def other_funders(facts: Facts) -> Finding:
    application = facts.application
    found, funders = other_grants.looked_up(application.organisation, application.round.fund.partnership_id)
    if found:
        return Finding("look", [f"{pounds(each.grant.pence)} from {each.grant.funder}, {speak_day(each.grant.awarded_on)}: {each.grant.title} ({each.words})" for each in found])  # fmt: skip
    if not funders:
        return Finding("unknown", ["No file of another funder was read yet."])
    return Finding("clear", [f"Nothing in the files of {', '.join(funders)}."])


@check(90, "subsidy", "Subsidy", "Is the work an economic activity? If so the award is Minimal Financial Assistance, with a notice and a confirmation.")  # fmt: skip
def subsidy(facts: Facts) -> Finding:
    application, since = facts.application, subsidies.counted_from(facts.now)
    form = legal_form(application.organisation.legal_form)
    ours, declared = _assistance(facts)
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


def _assistance(facts: Facts) -> tuple[int, int]:
    """What we gave as Minimal Financial Assistance in the years that count, and what was last declared of others, in pence."""
    since = subsidies.counted_from(facts.now)
    all_of_it = [each.assistance for each in facts.ask(granted) if each.assistance is not None]
    rows = [(row.declared_at, row.pence, row.declared_pence or 0) for row in all_of_it if row.declared_at is not None]
    rows = sorted((at, pence, declared) for at, pence, declared in rows if today(at) >= since)
    return sum(pence for _at, pence, _declared in rows), rows[-1][2] if rows else 0


@check(
    100,
    "bank",
    "Bank account",
    "Does a statement show the name, and did somebody call back on a number of the register?",
)
def account(facts: Facts) -> Finding:
    mine = (each for each in facts.ask(granted) if each.award.application_id == facts.application.id)
    detail = next((each.account for each in mine), None)
    if detail is None or detail.replaced_at is not None:
        return Finding("unknown", ["Not entered yet. The grantee gives it after the offer is accepted.", *_earlier_account(facts)])  # fmt: skip
    lines = [f"{bank.shown(detail)}, entered {speak_day(detail.entered_at)}"]
    if detail.checked_at is not None:
        lines.append(f"Checked {speak_day(detail.checked_at)}: {detail.check_note}")
    if detail.confirmed_at is None:
        return Finding("look", [*lines, "It is not confirmed by two people yet."])
    return Finding("clear", [*lines, f"Confirmed by a further person, {speak_day(detail.confirmed_at)}."])


def _earlier_account(facts: Facts) -> list[str]:
    known = [each.account for each in facts.ask(granted) if each.account is not None]
    last = max(known, key=lambda each: each.id, default=None)
    return [f"For an earlier grant: {bank.shown(last).lower()}"] if last is not None else []
