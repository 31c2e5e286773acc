"""How an assessor's evening goes: "9 of 15, on time for 21:40", worked out from the bids they have finished. It never nags.

The pace is the mean time between the latest finished bids, breaks left out; before there are two it is 11.5 minutes a bid.
"""

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from fund.core import audit
from fund.core.clock import in_london, london_moment, speak_day
from fund.core.database import db
from fund.core.problems import Problem
from fund.tables import Person, Round

from .tables import Seat

USUAL = timedelta(minutes=11, seconds=30)
BREAK = timedelta(minutes=45)  # longer than this between two bids is no reading time
LATEST = 5  # how many gaps between finished bids make the pace
FORGOTTEN = timedelta(hours=6)  # a time to finish that is this long past says nothing about today


@dataclass(frozen=True)
class Pace:
    """`words` follow "9 of 15"; empty when there is nothing to say. `wished` is the time set, as "21:40"."""

    done: int
    whole: int
    words: str
    wished: str = ""


def pace_of(finish_at: datetime | None, round: Round, sealed: Iterable[datetime | None], now: datetime) -> Pace:
    """Where a member stands who wants to be done at `finish_at`; `sealed` says for each bid when it was finished, or None."""
    moments = list(sealed)
    done = sorted(each for each in moments if each is not None)
    left = len(moments) - len(done)
    wished = finish_at if finish_at is not None and now - finish_at < FORGOTTEN else None
    clock = _hour(wished) if wished else ""
    if not left:
        return Pace(len(done), len(moments), "", clock)
    if wished is None:
        return Pace(len(done), len(moments), _by_the_round(round.decisions_by, now), clock)
    ends = now + left * minutes_a_bid(done)
    if ends <= wished:
        words = f"on time for {clock}"
    elif wished <= now:
        words = ""
    else:
        words = f"at this pace until {_hour(ends)}"
    return Pace(len(done), len(moments), words, clock)


def minutes_a_bid(done: list[datetime]) -> timedelta:
    """The mean of the latest gaps between finished bids, without breaks."""
    gaps = [later - earlier for earlier, later in itertools.pairwise(done)]
    gaps = [each for each in gaps if each <= BREAK][-LATEST:]
    return sum(gaps, timedelta(0)) / len(gaps) if gaps else USUAL


def _by_the_round(day: date | None, now: datetime) -> str:
    return f"decisions by {speak_day(day)}" if day is not None and day >= in_london(now).date() else ""


def _hour(moment: datetime) -> str:
    return f"{in_london(moment):%H:%M}"


def wish_to_finish(seat: Seat, typed: str, *, by: Person, now: datetime) -> None:
    """Keep the time a member wants to be done by, written like 21:40; empty takes it away. A time that is past means tomorrow."""
    typed = typed.strip()
    if not typed:
        seat.finish_at = None
    else:
        found = re.fullmatch(r"([01]?\d|2[0-3])[:.]([0-5]\d)(?::\d\d)?", typed, re.ASCII)
        if found is None:
            raise Problem("Write the time like 21:40", "finish")
        local = in_london(now).replace(hour=int(found[1]), minute=int(found[2]), second=0, microsecond=0, tzinfo=None)
        if local <= in_london(now).replace(tzinfo=None):
            local += timedelta(days=1)
        seat.finish_at = london_moment(local, earlier=False, field="finish")
    audit.record("seat.finish_at", seat, by=by, now=now)
    db.session.flush()
