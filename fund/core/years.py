"""Financial years: 1 April to 31 March, named by the year they begin in. Home Office money does not cross their end."""

from datetime import date, timedelta


def year_of(day: date) -> int:
    """The financial year of a day: 31 March 2026 is in 2025, 1 April 2026 in 2026."""
    return day.year if (day.month, day.day) >= (4, 1) else day.year - 1


def first_day(year: int) -> date:
    return date(year, 4, 1)


def last_day(year: int) -> date:
    """31 March of the following year."""
    return date(year + 1, 4, 1) - timedelta(days=1)


def year_words(year: int) -> str:
    """ "2025 to 2026", as public accounts write it."""
    return f"{year} to {year + 1}"
