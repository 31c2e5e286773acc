"""Reminders: two weeks before, the day before, when late; each once, at eight in the morning, to who leads the bid."""

from datetime import date

import pytest

from applications.workflow import APPLICATION
from evaluation.reminders import remind, reminder_for
from fund.core import clock
from fund.core.jobs import JOBS, run_job
from fund.core.outbox import OutboxMessage
from tests.factories import evaluation as make
from tests.factories import fund as people

pytestmark = pytest.mark.usefixtures("letters_undrawn")

DUE = date(2025, 4, 14)


@pytest.mark.parametrize(
    ("day", "kind"),
    [(30, None), (31, "first"), (1, "first"), (12, "first"), (13, "last"), (14, "last"), (15, "late"), (20, "late")],
)
def test_which_reminder_belongs_to_a_day(day, kind):
    month = 3 if day > 20 else 4
    assert reminder_for(DUE, date(2025, month, day)) == kind


def subjects(database):
    return [each.subject for each in database.session.query(OutboxMessage).filter_by(template="return_reminder")]


def test_each_reminder_goes_out_once(database):
    award = make.award()
    name = f"Return 1 for {award.reference}"
    expected = []
    for day, subject in [((2025, 3, 30), None), ((2025, 3, 31), f"{name} is due on 14 April 2025"), ((2025, 4, 1), None),
                         ((2025, 4, 13), f"{name} is due on 14 April 2025"), ((2025, 4, 14), None),
                         ((2025, 4, 15), f"{name} is late"), ((2025, 4, 16), None)]:  # fmt: skip
        remind(make.on(*day))
        expected += [subject] if subject else []
        assert subjects(database) == expected, day
    mail = database.session.query(OutboxMessage).filter_by(template="return_reminder").first()
    assert mail.recipient == make.lead(award).email
    assert f"/returns/{make.period(award, 1).id}" in mail.body


def test_a_return_that_is_sent_is_not_asked_for_and_one_sent_back_is(database):
    award = make.award()
    make.sent(make.period(award, 1))
    remind(make.on(2025, 4, 15))
    assert subjects(database) == []
    other = make.award(award.round)
    make.sent_back(make.period(other, 1))
    remind(make.on(2025, 4, 15))
    assert subjects(database) == [f"Return 1 for {other.reference} is late"]


def test_awards_that_are_not_in_delivery_are_left_alone(database):
    award = make.award()
    people.put(award.application, "terminated", APPLICATION)
    assert remind(make.on(2025, 4, 15)) == 0


def test_the_job_runs_at_eight_in_london(database):
    assert JOBS["remind_of_returns"].cron == {"hour": 8}
    make.award()
    run = run_job("remind_of_returns", clock.now())
    assert run.result == "3 reminders"
