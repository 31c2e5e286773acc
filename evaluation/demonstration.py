"""Scene 60 of the demonstration: what the awards of the finished round reported, month by month, some better than others.

Four awards of the round stand for what a grant manager meets: one return late, one sent back and sent again, one sent
and waiting to be read, one with more time. The rest reported everything.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from applications.tables import Application
from awards.tables import Award
from fund.core.clock import london_moment, stand_still, today
from fund.core.database import db
from fund.core.demonstration import World, scene
from fund.core.money import share
from fund.tables import Person

from .demonstration_stories import story_for
from .indicators import is_percentage, is_rate
from .people import people_who_report
from .periods import ROUND_OF_AWARD, give_more_time, periods_of
from .promises import promises_of, set_baseline
from .returns import Measured, Report, accept_return, save_return, send_back_return, send_return
from .stories import publish_story
from .tables import BudgetHeading, MonitoringReturn, Promise, ReturnPeriod

# People and money against plan, in per cent: one pair for each award, again and again. All of it made up.
PACES = ((104, 98), (91, 100), (72, 86), (110, 101), (98, 97), (63, 78), (100, 100), (87, 95))
WHY = "Our worker started seven weeks later than planned, so wages and hall hire were lower. We have caught up since."
UNCLEAR = (
    "Thank you. The trip in the middle of the period is not under any budget heading. Please say where it belongs."
)


LATE, SENT_BACK, TO_READ, DUE_SOON = 1, 2, 3, 4  # which award stands for what


@dataclass(frozen=True)
class Tale:
    """One award, the people who act in it, and how well it does."""

    award: Award
    lead: Person
    manager: Person
    number: int
    headings: list[BudgetHeading]
    promises: list[Promise]

    @property
    def pace(self) -> tuple[int, int]:
        return PACES[self.number % len(PACES)]


@scene(60)
def what_came_of_it(world: World) -> None:
    """Returns of the finished round: read and accepted, one late, one in its second version, one waiting to be read."""
    round = world.things.get("round_finished")
    if round is None:
        return
    wanted = select(Award).join(Application).where(Award.round_id == round.id, Application.status == "in_delivery")
    awards = list(db.session.scalars(wanted.options(*ROUND_OF_AWARD).order_by(Award.reference)))
    leads = people_who_report([award.id for award in awards])
    _let_the_cast_have_work(awards, leads)
    for number, award in enumerate(awards):
        if leads[award.id]:
            headings = db.session.scalars(select(BudgetHeading).where(BudgetHeading.award_id == award.id))
            tale = Tale(award, leads[award.id][0], world["grant_manager"], number, list(headings), promises_of(award))
            _tell(world, tale)
    world["awards_reporting"] = awards


def _let_the_cast_have_work(awards: list[Award], leads: dict[int, list[Person]]) -> None:
    """The lead whom visitors can be has the award whose return is due soon."""
    own = next((award for award in awards if any(each.cast_as == "lead" for each in leads[award.id])), None)
    if own is not None and len(awards) > DUE_SOON:
        at = awards.index(own)
        awards[at], awards[DUE_SOON] = awards[DUE_SOON], own


def _tell(world: World, tale: Tale) -> None:
    periods = periods_of(tale.award)
    for period in periods:
        is_last = period is periods[-1]
        if period.starts_on > today(world.now):
            return
        if tale.number == LATE and is_last:
            return  # late
        if tale.number == DUE_SOON and is_last:
            _give_until_soon(world, tale, period)
            return
        _report(world, tale, period, is_last)


def _give_until_soon(world: World, tale: Tale, period: ReturnPeriod) -> None:
    """More time for a group whose treasurer was ill: its last return is due in nine days."""
    soon = today(world.now) + timedelta(days=9)
    if soon > period.due_on:
        moment = _at(min(period.due_on, today(world.now)), 11)
        why = "The treasurer was ill at the end of the project."
        give_more_time(period, soon, why, by=tale.manager, now=moment)


def _report(world: World, tale: Tale, period: ReturnPeriod, is_last: bool) -> None:
    moment = min(_at(period.due_on - timedelta(days=4), 14), world.now - timedelta(days=3))
    with stand_still(moment) as standing:
        if period.number == 1:
            _set_baselines(tale, moment)
        row = _send(tale, period, moment)
        if tale.number == TO_READ and is_last:
            return  # waits to be read
        moment = standing.move(hours=27)
        if tale.number == SENT_BACK and period.number == 2:
            send_back_return(row, UNCLEAR, by=tale.manager, now=moment)
            moment = standing.move(hours=20)
            row = _send(tale, period, moment, changes="The trip on the second Saturday was paid from Activities.")
            moment = standing.move(hours=6)
        accept_return(row, by=tale.manager, now=moment)
        if row.story_consent:
            publish_story(row, row.story, by=tale.manager, now=moment)


def _set_baselines(tale: Tale, moment: datetime) -> None:
    """What people said when they started, known by the first return."""
    for promise in tale.promises:
        if promise.baseline is None:
            start = round(promise.target * 0.6) if promise.target > 0 else 0
            set_baseline(promise, start, "Asked when people started", by=tale.manager, now=moment)


def _send(tale: Tale, period: ReturnPeriod, moment: datetime, **changes) -> MonitoringReturn:
    row = save_return(period, _typed(tale, period, **changes), by=tale.lead, now=moment)
    return send_return(row, by=tale.lead, now=moment)


def _typed(tale: Tale, period: ReturnPeriod, **changes) -> Report:
    people, money = tale.pace
    sway = (97, 104, 99, 102, 98)[period.number % 5]
    spent = period.profile_pence * money * sway // 10_000
    is_told = period.number == 2 + tale.number % 3 and tale.number % 2 == 0
    flagged = abs(spent - period.profile_pence) * 10 > period.profile_pence
    reached = (period.people_expected or 0) * people * sway // 10_000
    spend = dict(zip([each.heading for each in tale.headings], share(spent, len(tale.headings) or 1), strict=False))
    return Report(
        people_count=reached, sessions_count=10 + reached // 4, spent_pence=spent, spend=spend,
        variance_why=WHY if flagged else None, story=story_for(tale.award.application.title or "", tale.number) if is_told else None,
        story_consent=is_told, worries="Fewer referrals from schools than we hoped for." if people < 80 else None,
        measured={each.id: _measured(tale, period, each, reached) for each in tale.promises}, **changes,
    )  # fmt: skip


def _measured(tale: Tale, period: ReturnPeriod, promise: Promise, reached: int) -> Measured:
    people, _ = tale.pace
    if not is_rate(promise.unit):
        if promise.measure.endswith(" starting"):
            return Measured(reached)  # whoever starts is reached: the two questions of a return have one answer
        parts = share(int(abs(promise.target)) * people // 100, max(len(periods_of(tale.award)), 1))
        return Measured(parts[period.number - 1])
    asked = reached + 4
    if period.number == 1 or asked < 3:
        return Measured()  # nobody has finished yet
    value = round(promise.target * (90 + people // 10 + 2 * period.number) / 100, 1)
    return Measured(min(value, 96) if is_percentage(promise.unit) else value, asked, asked * 61 // 100 or 1)


def _at(day: date, hour: int) -> datetime:
    return london_moment(datetime.combine(day, time(hour)))
