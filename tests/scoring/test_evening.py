"""An evening of bids: the pace that never nags, the sections not opened, and nothing written by looking."""

from datetime import UTC, datetime, timedelta

import pytest

from fund.core import clock
from fund.core.problems import Problem
from scoring import pace
from scoring.evidence import load_cards
from scoring.tables import SectionRead
from tests.factories import scoring as make
from tests.kept import kept

AT = datetime(2026, 2, 3, 20, 0, tzinfo=UTC)  # 20:00 in London


def every(minutes: float, done: int, whole: int = 15):
    """`done` bids finished one after the other up to now, the others to do."""
    return [AT - timedelta(minutes=minutes * n) for n in range(done)] + [None] * (whole - done)


@pytest.mark.parametrize(
    ("minutes", "done", "finish", "words"),
    [
        (10, 9, "21:40", "on time for 21:40"),  # 6 bids of 10 minutes: done at 21:00
        (16, 9, "21:40", "on time for 21:40"),  # 21:36
        (17, 9, "21:40", "at this pace until 21:42"),
        (10, 0, "22:55", "on time for 22:55"),  # nothing finished yet: 15 of 11.5 minutes, done at 22:52
        (10, 0, "22:50", "at this pace until 22:52"),
        (10, 15, "21:40", ""),
    ],
)
def test_the_pace_says_whether_the_evening_ends_in_time(app, minutes, done, finish, words):
    hour, minute = map(int, finish.split(":"))
    found = pace.pace_of(AT.replace(hour=hour, minute=minute), _round(None), every(minutes, done), AT)
    assert (found.done, found.whole, found.words) == (done, 15, words)


def _round(day):
    return make.Round(decisions_by=day)


def test_a_break_is_no_reading_time_and_a_time_that_is_past_is_not_held_against_anybody(app):
    moments = [AT - timedelta(minutes=m) for m in (200, 190, 180, 10, 0)]
    assert pace.minutes_a_bid(sorted(moments)) == timedelta(minutes=10)
    assert pace.pace_of(AT - timedelta(minutes=5), _round(None), every(10, 9), AT).words == ""
    assert pace.pace_of(AT - timedelta(days=1), _round(None), every(10, 9), AT).words == ""


def test_without_a_time_of_ones_own_the_day_of_the_round_is_named(app):
    assert pace.pace_of(None, _round(AT.date()), every(10, 9), AT).words == "decisions by 3 February 2026"
    assert pace.pace_of(None, _round(AT.date() - timedelta(days=1)), every(10, 9), AT).words == ""


def test_a_time_is_today_or_when_it_is_past_tomorrow(database):
    seat = make.seat(make.round())
    moment = clock.now()  # midday
    pace.wish_to_finish(seat, "21:40", by=seat.person, now=moment)
    assert seat.finish_at == datetime(2026, 2, 3, 21, 40, tzinfo=UTC)
    pace.wish_to_finish(seat, "9.15", by=seat.person, now=moment)
    assert seat.finish_at == datetime(2026, 2, 4, 9, 15, tzinfo=UTC)
    for wrong in ("25:00", "later", "21"):
        with pytest.raises(Problem, match="Write the time like 21:40"):
            pace.wish_to_finish(seat, wrong, by=seat.person, now=moment)
    pace.wish_to_finish(seat, "", by=seat.person, now=moment)
    assert seat.finish_at is None


@pytest.fixture
@kept
def row(database):
    """One reading of a bid with an answer in two sections."""
    load_cards(clock.now())
    round = make.round()
    bid = make.bid(round)
    found = [make.reading(bid, make.seat(round)) for _ in range(3)]
    make.answer(bid, "Q1", "Young people are afraid after dark.")
    make.answer(bid, "Q5", "We follow the mentoring strand.")
    make.start(bid)
    return found[0]


def sections(row):
    return sorted(each.section for each in SectionRead.query.filter_by(assignment_id=row.id))


def keys(row):
    from scoring.bid import answers_for
    from scoring.reading import sections_of

    return [each.key for each in sections_of(answers_for(row), ())]


def test_the_time_is_set_on_my_bids_and_shown_on_every_bid(row, as_):
    client = as_(row.seat.person)
    client.post(f"/assessing/rounds/{row.application.round_id}/finish", data={"finish": "21:40"})
    assert "0 of 1</strong>, on time for 21:40" in client.get("/assessing").text
    assert "on time for 21:40" in client.get(f"/assessing/{row.id}").text
    answer = client.post(f"/assessing/rounds/{row.application.round_id}/finish", data={"finish": "soon"}, follow_redirects=True)  # fmt: skip
    assert "Write the time like 21:40." in answer.text


def test_sections_are_flagged_until_they_are_said_to_be_read_and_looking_writes_nothing(row, as_):
    client, known = as_(row.seat.person), keys(row)
    assert len(known) >= 2
    text = client.get(f"/assessing/{row.id}").text
    assert text.count(">not opened<") == len(known)
    assert "Not opened yet:" in text
    assert sections(row) == []
    mark = f"mark-{make.criteria.criteria_of(row.application.round_id)[0].id}"
    first = make.criteria.criteria_of(row.application.round_id)[0].id
    typed = {mark: "4", f"reason-{first}": "Half a thou", f"version-{first}": "0", "read": known[0]}
    answer = client.post(f"/assessing/{row.id}/sections", data=typed)
    assert answer.location.endswith(f"#section-{known[0]}")
    assert sections(row) == [known[0]]
    assert make.scores.scores_of(row)[first].reason == "Half a thou", "what was typed comes along"
    told = client.post(f"/assessing/{row.id}/sections", data={"read": [known[0], known[1], "no such"]}, headers={"Accept": "application/json"})  # fmt: skip
    assert told.status_code == 200
    assert sections(row) == sorted(known[:2])
    assert client.get(f"/assessing/{row.id}").text.count(">opened<") == 2


def test_nobody_else_says_what_was_read(row, as_):
    for who in (make.make.person(), make.seat(row.application.round).person):
        assert as_(who).post(f"/assessing/{row.id}/sections", data={"read": "need"}).status_code == 404
    assert sections(row) == []
