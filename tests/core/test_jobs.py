"""Each job runs at its time, once, in one process; the doubled hour in October has none."""

import os
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from apscheduler.triggers.cron import CronTrigger

from fund.core import clock, jobs
from fund.core.database import db
from fund.core.jobs import JOBS, Election, JobRun, job, last_runs, planned_moment, run_job, scheduler_for, tidy_runs
from tests import postgres
from tests.quick import create_tables
from wsgi import create_app

ROOT = Path(__file__).resolve().parents[2]
KEY = "a key for tests that is long enough"


@pytest.fixture
def registered(monkeypatch):
    monkeypatch.setattr(jobs, "JOBS", {})
    return jobs.JOBS


@pytest.fixture
def own(tmp_path):
    """An app with its own database, for threads and processes that commit for real."""
    server, name = os.environ.get("TEST_DATABASE_URL", ""), f"jobs_{os.getpid()}"
    url = postgres.new_database(server, name) if server else ""
    app = create_app(tmp_path, env="test", secret_key=KEY, database_url=url)
    with app.app_context():
        create_tables()
    yield app
    with app.app_context():
        db.engine.dispose()
    if server:
        postgres.drop_database(server, name)


def test_a_run_is_written_down(database, registered):
    @job("count", hour=6)
    def count(moment):
        """Count."""
        return f"at {moment:%H}"

    run = run_job("count", clock.now())
    assert (run.result, run.failed, run.planned_at) == ("at 12", False, clock.now())
    assert JOBS is not registered
    assert registered["count"].doc == "Count."


def test_a_job_that_fails_is_written_down_and_undone(database, registered, capsys):
    from tests.factories import fund as make

    @job("fail", hour=6)
    def fail(moment):
        make.person(email="half@example.org")
        raise ZeroDivisionError("secret 123")

    run = run_job("fail", clock.now())
    assert (run.failed, run.result) == (True, "ZeroDivisionError")
    from fund.people import find_person

    assert find_person("half@example.org") is None


def test_a_moment_is_claimed_once(own, registered):
    """Eight at once want the same planned moment: one runs."""
    ran = []

    @job("once", hour=6)
    def once(moment):
        ran.append(moment)

    barrier = threading.Barrier(8)

    def go():
        with own.app_context():
            barrier.wait()
            run_job("once", datetime(2026, 2, 3, 6, tzinfo=UTC))

    threads = [threading.Thread(target=go) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ran) == 1
    with own.app_context():
        assert db.session.query(JobRun).count() == 1


LEADER = """
import sys, time
from pathlib import Path
from fund.core.jobs import Election
from wsgi import create_app
app = create_app(Path(sys.argv[1]), env="test", secret_key="{key}", database_url=sys.argv[2])
election = Election(app)
print(election.win(), flush=True)
sys.stdin.read()
"""


def test_one_of_two_processes_leads_and_the_other_takes_over(own, tmp_path):
    url = own.config["SETTINGS"].database_url

    def start():
        return subprocess.Popen(
            [sys.executable, "-c", LEADER.format(key=KEY), str(tmp_path), url],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    with start() as first:
        assert first.stdout.readline().strip() == "True"
        with start() as second:
            assert second.stdout.readline().strip() == "False"
            mine = Election(own)
            assert not mine.win()
            first.kill()
            first.wait(10)
            assert any(mine.win() or threading.Event().wait(0.1) for _ in range(50)), "nobody could take over"
            assert mine.still_leads()
            mine.held.close()


@pytest.mark.parametrize("hour", [1, "1", "0-3", "*", "1,13", "*/1"])
def test_nothing_is_planned_in_the_doubled_hour(registered, hour):
    with pytest.raises(ValueError, match="between 1am and 2am"):
        job("night", hour=hour)(lambda moment: None)


@pytest.mark.parametrize("cron", [{"hour": "2-23"}, {"hour": 0, "minute": 59}, {"minute": 5}, {"second": "*/10"}])
def test_other_times_are_taken(registered, cron):
    job("day", **cron)(lambda moment: None)
    assert "day" in registered


@pytest.mark.parametrize("day", [datetime(2024, 10, 26, 12, tzinfo=UTC), datetime(2024, 3, 30, 12, tzinfo=UTC)])
def test_every_nightly_job_runs_once_over_a_clock_change(day):
    """Across the hour that comes twice and the hour that never comes, each daily job has exactly one time."""
    for each in JOBS.values():
        if (
            "hour" not in each.cron
            or not str(each.cron["hour"]).isdigit()
            or set(each.cron) & {"day", "day_of_week", "month"}
        ):
            continue
        trigger, times, at = CronTrigger(timezone=clock.LONDON, **each.cron), [], None
        at = trigger.get_next_fire_time(None, day)
        while at < day + timedelta(hours=24):
            times.append(at)
            at = trigger.get_next_fire_time(at, at + timedelta(microseconds=1))
        assert len(times) == 1, each.name


def test_two_that_wake_a_little_apart_mean_the_same_moment():
    cron = {"second": "*/10"}
    early, late = datetime(2026, 2, 3, 12, 0, 10, 3, tzinfo=UTC), datetime(2026, 2, 3, 12, 0, 13, 900_000, tzinfo=UTC)
    assert planned_moment(cron, early) == planned_moment(cron, late) == datetime(2026, 2, 3, 12, 0, 10, tzinfo=UTC)
    assert planned_moment({"hour": 6}, datetime(2026, 7, 1, 5, 2, tzinfo=UTC)) == datetime(2026, 7, 1, 5, tzinfo=UTC)


def test_every_job_is_scheduled_and_says_what_it_does(app):
    scheduler = scheduler_for(app)
    assert {each.id for each in scheduler.get_jobs()} == set(JOBS)
    assert not [each.name for each in JOBS.values() if not each.doc]


def test_uneventful_runs_are_forgotten_and_the_last_of_each_kept(database):
    moment = clock.now()

    def ran(name, days, result=None, failed=False):
        db.session.add(
            JobRun(job=name, planned_at=moment - timedelta(days=days), started_at=moment, result=result, failed=failed)
        )

    ran("mail", 5)
    ran("mail", 4, result="2 sent")
    ran("mail", 3, failed=True)
    ran("mail", 1)
    ran("yearly", 400, result="done")
    ran("yearly", 390, result="done")
    db.session.commit()
    assert tidy_runs(moment) == 2
    assert db.session.query(JobRun).count() == 4
    assert [run.job for run in last_runs()] == ["mail", "yearly"]
