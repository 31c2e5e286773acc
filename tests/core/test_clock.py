"""Moments are kept in UTC and said in London, on both sides of both clock changes (design rule 4)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fund.core import clock
from fund.core.problems import Problem


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def test_the_deadline_of_the_first_round():
    """Friday 30 August 2024, 5pm in London is 16:00 UTC."""
    assert clock.london_moment(datetime(2024, 8, 30, 17)) == utc(2024, 8, 30, 16)
    assert clock.speak_moment(utc(2024, 8, 30, 16)) == "Friday 30 August 2024, 5pm"


def test_a_time_that_comes_twice_is_asked_about():
    twice = datetime(2024, 10, 27, 1, 30)
    with pytest.raises(Problem, match=r"1:30am on 27 October 2024 happens twice.*first or the second") as refused:
        clock.london_moment(twice, field="closes_at")
    assert refused.value.field == "closes_at"
    assert clock.london_moment(twice, earlier=True) == utc(2024, 10, 27, 0, 30)
    assert clock.london_moment(twice, earlier=False) == utc(2024, 10, 27, 1, 30)


def test_a_time_that_never_comes_is_refused():
    for earlier in (None, True, False):
        with pytest.raises(Problem, match=r"1:30am on 31 March 2024 does not exist: the clocks go forward"):
            clock.london_moment(datetime(2024, 3, 31, 1, 30), earlier=earlier)


@pytest.mark.parametrize(
    ("local", "moment"),
    [
        (datetime(2024, 3, 31, 0, 59), utc(2024, 3, 31, 0, 59)),
        (datetime(2024, 3, 31, 2, 0), utc(2024, 3, 31, 1, 0)),
        (datetime(2024, 10, 27, 0, 59), utc(2024, 10, 26, 23, 59)),
        (datetime(2024, 10, 27, 2, 0), utc(2024, 10, 27, 2, 0)),
    ],
)
def test_times_beside_the_change_are_plain(local, moment):
    assert clock.london_moment(local) == moment


@given(st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)))
def test_every_moment_survives_london(moment):
    """Reading a moment in London and writing it back gives the same moment, when the doubled hour is told apart."""
    local = clock.in_london(moment)
    assert clock.london_moment(local.replace(tzinfo=None, fold=0), earlier=not local.fold) == moment


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="no time zone"):
        clock.require_utc(datetime(2024, 1, 1))


def test_the_column_gives_back_aware_moments(database):
    from fund.core.database import UtcMoment, db
    from tests.factories import fund as make

    who = make.person(created_at=datetime(2024, 8, 30, 17, tzinfo=clock.LONDON))
    db.session.flush()
    db.session.expire_all()
    assert who.created_at == utc(2024, 8, 30, 16)
    assert who.created_at.tzinfo is UTC
    with pytest.raises(ValueError, match="no time zone"):
        UtcMoment().process_bind_param(datetime(2024, 1, 1), None)


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (utc(2026, 2, 3, 12), "Tuesday 3 February 2026, midday"),
        (utc(2026, 2, 3, 0), "Tuesday 3 February 2026, midnight (the start of that day)"),
        (utc(2026, 7, 1, 23, 5), "Thursday 2 July 2026, 12:05am"),
        (utc(2026, 7, 1, 11, 59), "Wednesday 1 July 2026, 12:59pm"),
    ],
)
def test_how_moments_are_said(moment, said):
    assert clock.speak_moment(moment) == said
    assert clock.speak_moment(None) == clock.speak_day(None) == ""


@pytest.mark.parametrize(
    ("left", "said"),
    [
        ({"days": 12, "hours": 3}, "12 days left"), ({"days": 1}, "1 day left"), ({"hours": 23, "minutes": 59}, "23 hours left"),
        ({"minutes": 1}, "1 minute left"), ({"seconds": 1}, "less than a minute left"), ({}, "closed"), ({"seconds": -1}, "closed"),
    ],
)  # fmt: skip
def test_how_long_is_left(left, said):
    at = utc(2026, 2, 3, 12)
    assert clock.speak_until(at + timedelta(**left), at) == said


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        ({}, "just now"), ({"seconds": 3}, "3 seconds ago"), ({"seconds": 60}, "1 minute ago"), ({"minutes": 59, "seconds": 59}, "59 minutes ago"),
        ({"hours": 1}, "on Tuesday 3 February 2026, 11am"), ({"seconds": -5}, "just now"),
    ],
)  # fmt: skip
def test_how_long_ago(ago, said):
    at = utc(2026, 2, 3, 12)
    assert clock.speak_since(at - timedelta(**ago), at) == said


def test_today_is_londons_day():
    assert clock.today(utc(2026, 7, 1, 23, 30)) == date(2026, 7, 2)
    assert clock.today(utc(2026, 1, 1, 23, 30)) == date(2026, 1, 1)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)), (date(2024, 12, 1), 1, date(2025, 1, 1)), (date(2024, 3, 31), -1, date(2024, 2, 29)),
        (date(2024, 1, 15), 15, date(2025, 4, 15)), (date(2024, 11, 30), 1, date(2024, 12, 30)),
    ],
)  # fmt: skip
def test_months_later(day, months, then):
    assert clock.add_months(day, months) == then


def test_the_clock_stands_in_tests_and_goes_on_when_moved(time):
    before = clock.now()
    assert clock.now() == before
    assert time.move(hours=1) == clock.now() == before + timedelta(hours=1)
