"""A round's money by financial year: what each year has, what is paid, what is planned, and what would be lost on 31 March."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from applications.tables import Application
from fund import ledger
from fund.core import audit
from fund.core.clock import today
from fund.core.database import db
from fund.core.money import pounds
from fund.core.problems import Problem
from fund.core.years import last_day, year_of, year_words
from fund.tables import LedgerEntry, Person, Round

from .tables import Award, Tranche, YearShare
from .tables.payments import HOLDING_STATES

WARN_DAYS = 90  # from the last quarter on, money without a use is worth a warning
MOST_YEARS = 10


@dataclass(frozen=True)
class Year:
    """One financial year of a round, in pence. `slipped` was due in an earlier year and is forecast here; it is part of `planned`."""

    year: int
    share: int | None
    paid: int
    recovered: int
    planned: int
    slipped: int
    offered: int

    @property
    def words(self) -> str:
        return year_words(self.year)

    @property
    def forecast(self) -> int:
        """What leaves the pot in this year if everything goes as planned, in pence."""
        return self.paid - self.recovered + self.planned + self.offered

    @property
    def left(self) -> int | None:
        """What the year has beyond its forecast; negative when it has too little."""
        return None if self.share is None else self.share - self.forecast


def years_of(round: Round, day: date) -> list[Year]:
    """Each financial year in which this round has or moves money, the earliest first. Four statements."""
    shares = {
        row.year: row.pence for row in db.session.scalars(select(YearShare).where(YearShare.round_id == round.id))
    }
    paid, recovered = _moved(round, "pay"), _moved(round, "recover")
    planned, slipped, offered = _to_come(round, year_of(day))
    delivery = range(year_of(round.delivery_start_on), year_of(round.delivery_end_on) + 1)
    known = sorted({*shares, *paid, *recovered, *planned, *offered, *delivery[:MOST_YEARS]})
    return [
        Year(year, shares.get(year), paid[year], recovered[year], planned[year], slipped[year], offered[year])
        for year in known
    ]


def _moved(round: Round, kind: str) -> dict[int, int]:
    """{year: pence} of one kind of the ledger's entries."""
    sums: dict[int, int] = defaultdict(int)
    wanted = (LedgerEntry.round_id == round.id, LedgerEntry.kind == kind)
    for at, pence in db.session.execute(select(LedgerEntry.at, LedgerEntry.amount_pence).where(*wanted)):
        sums[year_of(today(at))] += pence
    return sums


def _to_come(round: Round, now_year: int) -> tuple[dict[int, int], dict[int, int], dict[int, int]]:
    """Instalments that are not paid: planned, of which slipped from an earlier year, and of offers nobody has accepted."""
    planned: dict[int, int] = defaultdict(int)
    slipped: dict[int, int] = defaultdict(int)
    offered: dict[int, int] = defaultdict(int)
    query = (
        select(Tranche.due_on, Application.status, func.sum(Tranche.amount_pence))
        .join(Award, Award.id == Tranche.award_id)
        .join(Application, Application.id == Award.application_id)
        .where(Award.round_id == round.id, Tranche.status.in_(HOLDING_STATES))
        .group_by(Tranche.due_on, Application.status)
    )
    for due, status, pence in db.session.execute(query):
        year = max(year_of(due), now_year)
        (offered if status == "offered" else planned)[year] += int(pence)
        if status != "offered" and year_of(due) < now_year:
            slipped[year] += int(pence)
    return planned, slipped, offered


def warnings(years: list[Year], day: date) -> list[str]:
    """What somebody should act on, as sentences: too much promised, money that would be lost, payments that slipped."""
    found = []
    for each in years:
        ends = last_day(each.year)
        if each.slipped:
            found.append(
                f"{pounds(each.slipped)} was due before 1 April {each.year} and is not paid. The money of that year cannot be carried over: agree with the Home Office, or pay it from {each.words}."
            )
        if each.left is None:
            continue
        if each.left < 0:
            found.append(f"{each.words}: {pounds(-each.left)} more is paid or planned than the year has.")
        elif each.left > 0 and ends < day:
            found.append(f"{each.words}: {pounds(each.left)} was not used before 31 March {each.year + 1}.")
        elif each.left > 0 and (ends - day).days <= WARN_DAYS:
            found.append(
                f"{each.words}: {pounds(each.left)} has no use yet. It is lost after 31 March {each.year + 1}."
            )
        if day <= ends and (ends - day).days <= WARN_DAYS and each.planned:
            found.append(f"{each.words}: {pounds(each.planned)} must still be paid before 31 March {each.year + 1}.")
    return found


def set_share(round: Round, year: int, pence: int, *, by: Person, now: datetime) -> YearShare:
    """Say how much of the pot belongs to a year. Raises Problem when the years together would have more than the pot."""
    pot = ledger.pot_of(round)
    others = db.session.scalar(select(func.coalesce(func.sum(YearShare.pence), 0)).where(YearShare.round_id == round.id, YearShare.year != year))  # fmt: skip
    room = (pot.total_pence if pot else 0) - int(others or 0)
    if pence > room:
        raise Problem(f"The pot has {pounds(max(room, 0))} left for this year. Enter that or less", "amount")
    row = db.session.scalar(select(YearShare).where(YearShare.round_id == round.id, YearShare.year == year))
    if row is None:
        row = YearShare(round_id=round.id, year=year, pence=pence, set_at=now, set_by_id=by.id)
        db.session.add(row)
    else:
        row.pence, row.set_at, row.set_by_id = pence, now, by.id
        row.touch()
    db.session.flush()
    audit.record("year.set", round, by=by, now=now, year=year, pence=pence)
    return row
