"""Moments and days: kept in UTC, read and written in Europe/London."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from .problems import Problem

LONDON = ZoneInfo("Europe/London")
_frozen: list[datetime] = []


def now() -> datetime:
    """The present moment in UTC, to the microsecond; a test may have it stand still (see `stand_still`)."""
    return _frozen[-1] if _frozen else datetime.now(UTC)


class stand_still:
    """`with stand_still(moment):` makes `now()` answer that moment. Used by tests and by demonstration data."""

    def __init__(self, moment: datetime):
        self.moment = require_utc(moment)

    def __enter__(self) -> "stand_still":
        _frozen.append(self.moment)
        return self

    def move(self, **delta) -> datetime:
        """Move the standing clock by timedelta arguments (`hours=1`); returns the new moment."""
        self.moment += timedelta(**delta)
        _frozen[-1] = self.moment
        return self.moment

    def __exit__(self, *_):
        _frozen.pop()


def require_utc(moment: datetime) -> datetime:
    """The same moment in UTC. Raises ValueError for a datetime without a time zone: it names no moment."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone")
    return moment.astimezone(UTC)


def in_london(moment: datetime) -> datetime:
    return require_utc(moment).astimezone(LONDON)


def today(moment: datetime | None = None) -> date:
    """The day it is in London."""
    return in_london(moment or now()).date()


def london_moment(local: datetime, *, earlier: bool | None = None, field: str | None = None) -> datetime:
    """The UTC moment of a wall-clock time in London (design rule 4).

    Raises Problem when that time does not exist (clocks go forward) or happens twice (clocks go back) and
    `earlier` does not say which of the two is meant.
    """
    first, second = (local.replace(tzinfo=LONDON, fold=fold) for fold in (0, 1))
    if first.astimezone(UTC).astimezone(LONDON).replace(tzinfo=None) != local:
        raise Problem(
            f"{speak_time(local)} on {speak_day(local)} does not exist: the clocks go forward. Choose another time.",
            field,
        )
    if first.utcoffset() != second.utcoffset() and earlier is None:
        raise Problem(
            f"{speak_time(local)} on {speak_day(local)} happens twice, because the clocks go back. "
            "Say whether you mean the first or the second.",
            field,
        )
    return (first if earlier or earlier is None else second).astimezone(UTC)


def speak_time(moment: datetime) -> str:
    """ "5pm", "1:30am", as GOV.UK writes times. Takes a local (wall-clock) datetime."""
    if (moment.hour, moment.minute) == (12, 0):
        return "midday"
    if (moment.hour, moment.minute) == (0, 0):
        return "midnight"
    hour = moment.hour % 12 or 12
    minutes = f":{moment.minute:02d}" if moment.minute else ""
    return f"{hour}{minutes}{'am' if moment.hour < 12 else 'pm'}"


def speak_day(day: date | datetime | None, *, weekday: bool = False) -> str:
    """ "30 August 2024", or "Friday 30 August 2024"."""
    if day is None:
        return ""
    if isinstance(day, datetime) and day.tzinfo is not None:
        day = in_london(day)
    return f"{day:%A} {day.day} {day:%B %Y}" if weekday else f"{day.day} {day:%B %Y}"


def speak_moment(moment: datetime | None) -> str:
    """ "Friday 30 August 2024, 5pm" in London time. Midnight says at which end of the day: it may be a deadline."""
    if moment is None:
        return ""
    local = in_london(moment)
    words = f"{speak_day(local.replace(tzinfo=None), weekday=True)}, {speak_time(local)}"
    return f"{words} (the start of that day)" if words.endswith("midnight") else words


def speak_until(moment: datetime, at: datetime) -> str:
    """How long until `moment`: "12 days left", "3 hours left", "closed"."""
    seconds = (moment - at).total_seconds()
    if seconds <= 0:
        return "closed"
    for size, word in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {word}{'' if count == 1 else 's'} left"
    return "less than a minute left"


def speak_since(moment: datetime, at: datetime) -> str:
    """How long ago `moment` was, within the last hour: "3 seconds ago", "4 minutes ago"; before that the day and time."""
    seconds = int((at - moment).total_seconds())
    if seconds >= 3600:
        return f"on {speak_moment(moment)}"
    if seconds < 2:
        return "just now"
    count, word = (seconds, "second") if seconds < 60 else (seconds // 60, "minute")
    return f"{count} {word}{'' if count == 1 else 's'} ago"


def add_months(day: date, months: int) -> date:
    """The same day of another month, or that month's last day when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    month += 1
    last = (date(year + (month == 12), month % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month, min(day.day, last))
