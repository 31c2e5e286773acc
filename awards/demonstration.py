"""Scenes 50 and 70 of the demonstration: awards of the finished round from decision to last payment, through the same acts.

In the round in scoring nothing is decided; two proposals wait for the second decision maker.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from applications import submission
from applications.applications import applications_of, leads_of
from applications.tables import Application
from applications.workflow import APPLICATION
from fund import ledger, retention
from fund.core import clock
from fund.core.clock import london_moment, stand_still
from fund.core.database import db
from fund.core.demonstration import World, scene
from fund.core.problems import Problem
from fund.core.years import year_of
from fund.tables import Person
from scoring.feedback import feedback_for
from scoring.ranking import ranked_list

from . import (
    acceptance,
    bank,
    conditions,
    decisions,
    delivery,
    limits,
    money,
    offers,
    parties,
    payments,
    tranches,
    unspent,
    withdrawals,
    years,
)
from .tables import Award

DAY = timedelta(days=1)
SMALL = 5_000  # pence: a sum that the group may keep
NOT_SPENT = "The award was for what it was spent on. This part of it was not spent."
UNSUCCESSFUL = 2  # the lowest of the finished round
CALLED_BACK = "Called the treasurer on the number in the public register; name, sort code and account agree."
EVIDENCE = {
    "Insurance": "Public liability certificate seen, cover of £5 million, in date for the whole period.",
    "Safeguarding and DBS": "Statement with numbers and dates seen for everybody who works with young people.",
}
CO_SIGNERS = ("Jean Oliver", "Malcolm Reay", "Sheila Potts", "Harpreet Gill", "Norman Swan", "Doreen Kell")
SCHEME = "Scheme of consent, invented for this demonstration, paragraph 4.2"
OWN_CONDITION = "Tell us the dates of your sessions before you begin, so that our evaluators can plan a visit."


@dataclass
class Cast:
    """Who does what in these scenes."""

    proposer: Person
    approver: Person
    finance: Person
    head: Person
    manager: Person


def cast_of(world: World) -> Cast:
    return Cast(world["decision_maker"], world["second_decision_maker"], world["finance"], world["head_of_fund"], world["grant_manager"])  # fmt: skip


@scene(50)
def awarding(world: World) -> None:
    cast, round = cast_of(world), world["round_finished"]
    ranked = [row.application_id for row in ranked_list(round)]
    bids = {bid.id: bid for bid in applications_of(round, "moderated")}
    order = [bids[key] for key in ranked if key in bids]
    with stand_still(round.opens_at):
        limits.set_limit(world["durham"], None, 4_000_000, SCHEME, by=cast.head, now=clock.now())
        for year, pence in _years(round):
            years.set_share(round, year, pence, by=cast.head, now=clock.now())
    _put_first(order, world.things.get("finished_001"))
    decided = round.closes_at + 60 * DAY - timedelta(hours=7)  # a morning
    for place, bid in enumerate(order):
        kind = "reject" if place >= len(order) - UNSUCCESSFUL else "offer"
        _decide(cast, bid, kind, decided + timedelta(minutes=10 * place))
    offered = [award for bid in order if (award := offers.award_of(bid))]
    for place, award in enumerate(offered):
        _answer(award, place)
    if len(offered) > 1:
        _withdraw(cast, offered.pop())
    kept = [award for award in offered if award.application.status == "accepted"]
    for place, award in enumerate(kept):
        _make_ready(cast, award, place)
    _leave_waiting(cast, world)
    db.session.flush()


def _years(round) -> list[tuple[int, int]]:
    """The pot by financial year, in proportion to the months of delivery that lie in each."""
    first, last = round.delivery_start_on, round.delivery_end_on
    months = [(first.year * 12 + first.month - 1 + each) for each in range((last.year - first.year) * 12 + last.month - first.month + 1)]  # fmt: skip
    counted = Counter(year_of(date(each // 12, each % 12 + 1, 1)) for each in months)
    pot = ledger.fresh_pot(round).total_pence
    return [(year, pot * count // len(months)) for year, count in sorted(counted.items())]


def _put_first(order: list[Application], bid: Application | None) -> None:
    """The cast's own bid is funded wherever it was ranked, so that its lead has a grant to report on."""
    if bid in order:
        order.remove(bid)
        order.insert(0, bid)


def _reasons(bid: Application, kind: str) -> str:
    """Publishable reasons from what the panel said, without a name in them."""
    said = feedback_for(bid)
    most = max((line.mark or 0 for line in said.criteria), default=0)
    best = [line.title.lower() for line in said.criteria if line.mark == most]
    worst = min(said.criteria, key=lambda line: 9 if line.mark is None else line.mark, default=None)
    if kind == "offer":
        liked = f"gave its highest marks for this: {'; '.join(best)}" if len(best) <= 3 else "found every part sound"
        return f"The panel {liked}. The cost is fair for what it brings, and the work answers the strategy."
    return f"Other bids answered the strategy more strongly. What held this one back most: {worst.title.lower() if worst else 'the plan'}."  # fmt: skip


def _decide(cast: Cast, bid: Application, kind: str, moment: datetime) -> None:
    with stand_still(moment - 2 * DAY):
        decision = decisions.propose_decision(
            bid, kind, reasons=_reasons(bid, kind), amount_pence=bid.requested_pence, conditions=[OWN_CONDITION] if bid.id % 3 == 0 else [],
            by=cast.proposer, now=clock.now(),
        )  # fmt: skip
    with stand_still(moment):
        decisions.approve_decision(decision, by=cast.approver, now=clock.now())


def _answer(award: Award, place: int) -> None:
    """Every signatory signs some days after the letter."""
    with stand_still(award.offered_at + (3 + place % 5) * DAY) as standing:
        lead = leads_of(award.application)[0]
        signers = [lead]
        if parties.signatures_needed(award.organisation) > 1:
            name = CO_SIGNERS[place % len(CO_SIGNERS)]
            email = f"{name.lower().replace(' ', '.')}.{award.id}@example.org"
            signers.append(acceptance.name_signatory(award, 2, name, email, by=lead, now=clock.now()).person)
        for signer, role in zip(signers, ("Chair", "Treasurer"), strict=False):
            standing.move(hours=2)
            acceptance.sign_offer(award, name=signer.name, role=role, terms_read=True, by=signer, now=clock.now())


def _withdraw(cast: Cast, award: Award) -> None:
    """The group whose offer was the last gives the grant back before it was paid, and gets a letter about it."""
    with stand_still(award.accepted_at + 9 * DAY) as standing:
        lead = leads_of(award.application)[0]
        submission.withdraw(award.application, "Another funder pays for the whole project.", by=lead, now=clock.now())
        standing.move(days=1)
        letter = withdrawals.propose_letter(award, "Thank you for telling us early.", by=cast.manager, now=clock.now())
        standing.move(hours=3)
        withdrawals.approve_letter(letter, by=cast.approver, now=clock.now())


def _make_ready(cast: Cast, award: Award, place: int) -> None:
    """Account, conditions, start, first payment."""
    with stand_still(award.accepted_at + 2 * DAY) as standing:
        detail = bank.enter_detail(
            award, account_name=award.organisation.name[:40], sort_code=f"20-45-{60 + place % 40}",
            account_number=f"{70_000_000 + award.id * 137}", by=leads_of(award.application)[0], now=clock.now(),
        )  # fmt: skip
        standing.move(days=1)
        bank.check_detail(detail, CALLED_BACK, by=cast.finance, now=clock.now())
        standing.move(hours=3)
        bank.confirm_detail(detail, by=cast.manager, now=clock.now())
        for each in tranches.open_conditions(award):
            conditions.clear_condition(each, EVIDENCE.get(each.title, "Seen."), by=cast.manager, now=clock.now())
    first = tranches.tranches_of(award)[0]
    with stand_still(_morning(first.due_on)):
        try:
            delivery.start_delivery(award, by=cast.manager, now=clock.now())
        except Problem:
            return  # a baseline is still missing: the next scene sets it
    _pay(cast, first)


def _morning(day: date) -> datetime:
    return london_moment(datetime.combine(day, time(9)))


def _pay(cast: Cast, tranche, *, is_released: bool = True) -> None:
    """Prepared one morning, released the next day by another person; not later than now."""
    begins = max(_morning(tranche.due_on), tranche.cleared_at or _morning(tranche.due_on)) + 2 * DAY
    with stand_still(begins) as standing:
        payment = payments.prepare_payment(tranche, by=cast.finance, now=clock.now())
        standing.move(hours=25)
        if is_released:
            payments.release_payments([payment], by=cast.head, now=clock.now())


@scene(70)
def paying(world: World) -> None:
    """Every later instalment whose return was accepted, then closing what is settled.

    Two last instalments stay for visitors: the cast's own is to be prepared, the next award's is to be released.
    """
    cast = cast_of(world)
    awards = db.session.query(Award).filter_by(round_id=world["round_finished"].id).order_by(Award.id).all()
    in_delivery = [award for award in awards if award.application.status == "in_delivery"]
    to_prepare, to_release = in_delivery[:1], in_delivery[1:2]
    for award in in_delivery:
        instalments = tranches.tranches_of(award)
        for tranche in instalments:
            if award in to_prepare and tranche is instalments[-1]:
                continue
            due = max(_morning(tranche.due_on), tranche.cleared_at or world.now) + 3 * DAY
            if tranche.status == "planned" and due < world.now and not payments.holds(tranche, due):
                _pay(cast, tranche, is_released=award not in to_release or tranche is not instalments[-1])
        _close(cast, award, world.now)
    db.session.flush()


def _close(cast: Cast, award: Award, moment: datetime) -> None:
    """Close what has its last return accepted and its money settled; the others stay in delivery.

    What was not spent comes back first, or stays with the group where it is a few pounds.
    """
    if award.committed_pence:
        return
    try:
        APPLICATION.needs["final_return_accepted"](award.application, by=cast.manager, now=moment)
    except Problem:
        return
    left = unspent.unspent_of(award)
    if left > SMALL:
        with stand_still(moment - 10 * DAY):
            row = unspent.ask_for_it(award, left, NOT_SPENT, by=cast.manager, now=clock.now())
        with stand_still(moment - 6 * DAY):
            money.receive_back(row, by=cast.finance, now=clock.now())
    with stand_still(moment - DAY), db.session.begin_nested() as kept:
        try:
            if 0 < left <= SMALL:
                unspent.let_them_keep_it(award, "It costs more to collect than it is.", by=cast.head, now=clock.now())
            else:
                delivery.close_award(award, by=cast.manager, now=clock.now())
        except Problem:
            kept.rollback()


@scene(80)
def keeping(world: World) -> None:
    """A bid that was turned down and complained about: it is not erased while the complaint is open."""
    turned_down = applications_of(world["round_finished"], "unsuccessful")[:1]
    with stand_still(world.now - 3 * DAY):
        for bid in turned_down:
            reason = "Complaint 2026/14 is open until the commissioner has answered."
            retention.place_hold(bid, reason, by=world["head_of_fund"], now=clock.now())


def _leave_waiting(cast: Cast, world: World) -> None:
    """Two bids of the round in scoring wait for the second decision maker."""
    round = world["round_scoring"]
    with stand_still(world.now - timedelta(hours=20)):
        for bid, kind in zip(applications_of(round, "moderated")[:2], ("offer", "reserve"), strict=False):
            most, _why = decisions.offer_limit(bid)
            decisions.propose_decision(bid, kind, reasons=_reasons(bid, "offer"), amount_pence=most, by=cast.proposer, now=clock.now())  # fmt: skip
