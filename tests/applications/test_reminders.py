"""Reminders of drafts: a week and a day before, at 8am in London across a clock change, to those who write, each once."""

from datetime import UTC, datetime

import pytest

from applications.deadlines import grant_extension
from applications.reminders import remind, reminder_for
from applications.submission import submit_application
from fund.core import clock
from fund.core.database import db
from fund.core.jobs import JOBS, planned_moment, run_job
from fund.core.outbox import OutboxMessage
from tests.factories import applications as make_bid
from tests.factories import fund as make
from tests.kept import kept

# The clocks go forward on Sunday 29 March 2026, between the two reminders.
CLOSES = datetime(2026, 4, 2, 16, 0, tzinfo=UTC)  # 5pm in London
WEEK, DAY = datetime(2026, 3, 26, 8, 0, tzinfo=UTC), datetime(2026, 4, 1, 7, 0, tzinfo=UTC)


@pytest.fixture
@kept
def draft(lead, database):
    round = make_bid.open_round(closes_at=CLOSES)
    return make_bid.complete_draft(lead, round)


def told() -> list[str]:
    return [
        each.recipient
        for each in db.session.query(OutboxMessage).filter_by(template="draft_reminder").order_by(OutboxMessage.id)
    ]


def test_both_mornings_are_8am_in_london_before_and_after_the_clock_change():
    cron = JOBS["remind_of_drafts"].cron
    for planned in (WEEK, DAY):
        assert planned_moment(cron, planned) == planned
        assert clock.in_london(planned).hour == 8


def test_both_mornings_are_8am_in_london_when_the_clocks_go_back_between_them(lead, database):
    """The clocks go back on Sunday 25 October 2026: 8am is 7:00 UTC before and 8:00 UTC after it."""
    closes = datetime(2026, 10, 29, 17, 0, tzinfo=UTC)  # 5pm in London
    week, day = datetime(2026, 10, 22, 7, 0, tzinfo=UTC), datetime(2026, 10, 28, 8, 0, tzinfo=UTC)
    for planned in (week, day):
        assert planned_moment(JOBS["remind_of_drafts"].cron, planned) == planned
        assert clock.in_london(planned).hour == 8
    make_bid.complete_draft(lead, make_bid.open_round(closes_at=closes))
    assert (remind(week), remind(week), remind(day), remind(day)) == (1, 0, 1, 0)


@pytest.mark.parametrize(
    ("moment", "kind"),
    [
        (datetime(2026, 3, 25, 8, tzinfo=UTC), None), (WEEK, "week"), (datetime(2026, 3, 27, 8, tzinfo=UTC), "week"),
        (datetime(2026, 3, 28, 8, tzinfo=UTC), None), (datetime(2026, 3, 31, 7, tzinfo=UTC), None), (DAY, "day"),
        (datetime(2026, 4, 2, 7, tzinfo=UTC), "day"), (CLOSES, None),
    ],
)  # fmt: skip
def test_which_reminder_belongs_to_a_morning(moment, kind):
    assert reminder_for(CLOSES, moment) == kind


def test_days_are_london_days():
    """Half past midnight in London on 2 April is still 1 April in UTC."""
    assert reminder_for(datetime(2026, 4, 1, 23, 30, tzinfo=UTC), datetime(2026, 4, 1, 7, tzinfo=UTC)) == "day"


def test_leads_and_editors_are_told_once_each_morning_and_nobody_else(draft, lead):
    editor, viewer, gone = make.person("Ed"), make.person("Vi"), make.person("Go")
    for person, role in ((editor, "editor"), (viewer, "viewer"), (gone, "editor")):
        row = make_bid.collaborator(draft, person, role)
    row.removed_at = clock.now()
    both = [lead.email, editor.email]
    assert remind(WEEK) == 2
    assert remind(WEEK) == 0
    assert told() == both
    assert remind(datetime(2026, 3, 27, 8, tzinfo=UTC)) == 0, "the week's reminder went out yesterday"
    assert remind(DAY) == 2
    assert remind(datetime(2026, 4, 2, 7, tzinfo=UTC)) == 0
    assert told() == both * 2
    mail = db.session.query(OutboxMessage).filter_by(template="draft_reminder").first()
    assert mail.subject == f"Your bid {draft.reference} is not sent yet"
    assert "Thursday 2 April 2026, 5pm (London time): 7 days left" in mail.body


def test_bids_that_are_sent_are_left_alone(draft, lead):
    submit_application(draft, "Ada", "Chair", by=lead, now=clock.now())
    assert remind(WEEK) + remind(DAY) == 0


def test_a_draft_started_after_the_week_is_told_only_the_day_before(lead, draft):
    draft.created_at = datetime(2026, 3, 26, 12, 0, tzinfo=UTC)
    assert remind(datetime(2026, 3, 27, 8, tzinfo=UTC)) == 0
    assert remind(DAY) == 1


def test_more_time_moves_the_reminder(draft):
    officer = make.staff("fund_officer", draft.round)
    assert remind(DAY) == 1
    until = datetime(2026, 4, 9, 16, 0, tzinfo=UTC)
    with clock.stand_still(DAY):
        grant_extension(draft, until, "The hall burnt down", by=officer, now=clock.now())
    assert remind(datetime(2026, 4, 2, 7, tzinfo=UTC)) == 1
    assert remind(datetime(2026, 4, 8, 7, tzinfo=UTC)) == 1


def test_the_job_runs_and_is_recorded(draft):
    with clock.stand_still(DAY):
        assert run_job("remind_of_drafts", DAY).result == "1 reminders"
        assert run_job("remind_of_drafts", DAY) is None
