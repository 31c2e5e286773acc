"""Moves the sample bids to another year, so that a demonstration is never out of date.

Whole months only. The last day of a month stays the last day of its month; any other day that the new month lacks
becomes its last. In the answers, a month named with its year moves too ("February 2024"); a bare month stays, because
there it is the season that is meant, and summer should stay summer.
"""

import calendar
import dataclasses
import datetime as dt
import re

from applications.sample.bid import SampleBid

MONTH_NAMES = tuple(calendar.month_name)[1:]
MONTH_AND_YEAR = re.compile(rf"\b({'|'.join(MONTH_NAMES)}) (20[0-9][0-9])\b")


def months_between(first: dt.date, second: dt.date) -> int:
    return (second.year - first.year) * 12 + second.month - first.month


def move_date(day: dt.date, months: int) -> dt.date:
    """The same day some months on (or back, when negative)."""
    year, month = _move_month(day.year, day.month, months)
    last = calendar.monthrange(year, month)[1]
    was_last = day.day == calendar.monthrange(day.year, day.month)[1]
    return dt.date(year, month, last if was_last else min(day.day, last))


def move_text(text: str, months: int) -> str:
    """The text with every month that is named with its year moved; the count of words stays."""

    def moved(match: re.Match[str]) -> str:
        year, month = _move_month(int(match[2]), MONTH_NAMES.index(match[1]) + 1, months)
        return f"{MONTH_NAMES[month - 1]} {year}"

    return MONTH_AND_YEAR.sub(moved, text)


def move_bid(bid: SampleBid, months: int) -> SampleBid:
    """The bid with its delivery, milestones and answers moved."""
    delivery = dataclasses.replace(
        bid.delivery, start=move_date(bid.delivery.start, months), end=move_date(bid.delivery.end, months)
    )
    milestones = tuple(dataclasses.replace(each, due=move_date(each.due, months)) for each in bid.milestones)
    answers = tuple(dataclasses.replace(each, text=move_text(each.text, months)) for each in bid.answers)
    return dataclasses.replace(bid, delivery=delivery, milestones=milestones, answers=answers)


def _move_month(year: int, month: int, months: int) -> tuple[int, int]:
    years, month_index = divmod(month - 1 + months, 12)
    return year + years, month_index + 1
