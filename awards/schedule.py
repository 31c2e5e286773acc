"""Dates and instalments of an award: when a grantee reports, and what is paid when and waits for what."""

from datetime import date, datetime, timedelta

from fund.core.clock import add_months, in_london, london_moment, today
from fund.core.money import share

Period = tuple[int, date, date, date]
Instalment = tuple[int, date, int, str]

DAYS_TO_REPORT = 14  # a return is due two weeks after its period ends
ONE_PAYMENT_UP_TO = 500_000  # pence: small awards are paid at once (domain guide, section 9)
AGREEMENT = "agreement"


def return_periods(starts_on: date, ends_on: date, every_months: int) -> list[Period]:
    """The periods of an award as (number, first day, last day, day its return is due). The last may be shorter."""
    found, first = [], starts_on
    while first <= ends_on:
        following = add_months(starts_on, every_months * (len(found) + 1))
        last = min(following - timedelta(days=1), ends_on)
        found.append((len(found) + 1, first, last, last + timedelta(days=DAYS_TO_REPORT)))
        first = following
    return found


def tranches_for(
    amount_pence: int, registered: bool, periods: list[Period], *, pay_when: str = "advance", retention_percent: int = 0
) -> list[Instalment]:
    """The instalments as (number, day due, pence, what it waits for); their sum is the amount to the penny.

    Small awards and groups that are not registered are paid once, in advance. Others get equal shares, one for each period:
    in advance (from the second on each waits for the return of the period before) or in arrears (each waits for its own
    period's return). What is kept back is a last instalment that waits for the last return.
    """
    if amount_pence <= ONE_PAYMENT_UP_TO or not registered:
        return [(1, periods[0][1], amount_pence, AGREEMENT)]
    kept = kept_back(amount_pence, retention_percent)
    shares = share(amount_pence - kept, len(periods))
    rows = [
        (number, due, pence, f"return-{number}") if pay_when == "arrears"
        else (number, first, pence, AGREEMENT if number == 1 else f"return-{number - 1}")
        for (number, first, _last, due), pence in zip(periods, shares, strict=True)
    ]  # fmt: skip
    last = periods[-1]
    return rows + ([(len(rows) + 1, last[3], kept, f"return-{last[0]}")] if kept else [])


def kept_back(amount_pence: int, percent: int) -> int:
    """What is kept of an award until its last return is accepted, in whole pence, rounded down."""
    return amount_pence * percent // 100


def is_kept_back(number: int, gate: str, periods: int) -> bool:
    """Whether an instalment of `tranches_for` is the one that is kept back: the one after those of the periods."""
    return number == periods + 1 and gate == f"return-{periods}"


def as_kept(tranches: list[Instalment], periods: list[Period]) -> dict:
    """The schedule as JSON, days as text: what an award's version and its letter keep."""
    return {
        "tranches": [[number, day.isoformat(), pence, gate] for number, day, pence, gate in tranches],
        "returns": [[number, *(day.isoformat() for day in days)] for number, *days in periods],
    }


def end_of_day(now: datetime, days: int) -> datetime:
    """The end of the day that is so many days away: the moment of midnight in London, in UTC."""
    day = in_london(now).replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0)
    return london_moment(day + timedelta(days=days + 1))


def last_day(end: datetime) -> date:
    """The last whole day before such an end."""
    return today(end - timedelta(seconds=1))
