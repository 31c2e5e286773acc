"""Jobs: fixed times, one elected process, and each run claimed in a row, so that nothing runs twice.

A package registers a job with `@job`; the function takes `now`, commits what it did, and answers a sentence for the record.
Nothing is scheduled between 1am and 2am in London, an hour that comes twice in October and not at all in March.
"""

import fcntl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import Connection, UniqueConstraint, delete, func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Mapped

from .clock import LONDON, now
from .database import Key, Model, Moment, db

log = structlog.get_logger(__name__)
_LEADER = 7_201_002
LATE_SECONDS = 300  # how late a job may still start; later it waits for its next time


class JobRun(Model):
    """One run of one job at one planned moment."""

    __tablename__ = "job_run"
    __table_args__ = (UniqueConstraint("job", "planned_at"),)

    id: Mapped[Key]
    job: Mapped[str]
    planned_at: Mapped[Moment]
    started_at: Mapped[Moment]
    finished_at: Mapped[Moment | None]
    result: Mapped[str | None]
    failed: Mapped[bool]


@dataclass(frozen=True)
class Job:
    name: str
    cron: dict
    run: Callable[[datetime], str | None]
    doc: str


JOBS: dict[str, Job] = {}


def job(name: str, **cron):
    """Register a job under a name with APScheduler cron fields in London time, such as `hour=6, minute=15`."""
    if _runs_in_the_doubled_hour(cron):
        raise ValueError("no job runs between 1am and 2am: the clock change doubles or drops that hour")

    def keep(function):
        JOBS[name] = Job(name, cron, function, (function.__doc__ or "").strip().split("\n")[0])
        return function

    return keep


def _runs_in_the_doubled_hour(cron: dict) -> bool:
    """Whether the hours named include the one from 1am; a job that runs every hour or more often names none."""
    if "hour" not in cron:
        return False
    hours = next(field for field in CronTrigger(timezone=UTC, **cron).fields if field.name == "hour")
    return hours.get_next_value(datetime(2024, 1, 1, 1, tzinfo=UTC)) == 1


def planned_moment(cron: dict, moment: datetime) -> datetime:
    """The latest planned time at or before this moment: what two processes that woke a little apart agree upon."""
    trigger, earlier = CronTrigger(timezone=LONDON, **cron), None
    planned = trigger.get_next_fire_time(None, moment - timedelta(seconds=LATE_SECONDS))
    while planned is not None and planned <= moment:
        earlier = planned
        planned = trigger.get_next_fire_time(planned, planned + timedelta(microseconds=1))
    return (earlier or moment).astimezone(UTC)


def run_job(name: str, planned_at: datetime) -> JobRun | None:
    """Run one job for one planned moment; None when another process has claimed that moment."""
    started = now()
    run = JobRun(job=name, planned_at=planned_at, started_at=started, failed=False)
    db.session.add(run)
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        return None
    key = run.id
    try:
        result, failed = JOBS[name].run(started), False
    except Exception as error:  # a job that fails is recorded and tried at its next time; the others go on
        db.session.rollback()
        log.exception("job_failed", job=name)
        result, failed = type(error).__name__, True
    run = db.session.get_one(JobRun, key)
    run.finished_at, run.result, run.failed = now(), result, failed
    db.session.commit()
    return run


class Election:
    """One process leads. A held lock file decides on SQLite, a held advisory lock on PostgreSQL."""

    def __init__(self, app):
        self.app = app
        self.held: Any = None

    def win(self) -> bool:
        """Whether this process leads from now on (until it ends)."""
        with self.app.app_context():
            return self._win_on_postgres() if db.engine.dialect.name == "postgresql" else self._win_by_file()

    def _win_on_postgres(self) -> bool:
        connection = db.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        if connection.scalar(text("select pg_try_advisory_lock(:key)"), {"key": _LEADER}):
            self.held = connection
            return True
        connection.close()
        return False

    def _win_by_file(self) -> bool:
        file = Path(self.app.instance_path, "jobs.lock").open("w")  # noqa: SIM115 - held for the life of the process
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            return False
        self.held = file
        return True

    def still_leads(self) -> bool:
        """False when the database connection that held the lead is gone: then another process may lead by now."""
        if not isinstance(self.held, Connection):
            return self.held is not None
        try:
            self.held.scalar(text("select 1"))
        except DBAPIError:
            return False
        return True


def scheduler_for(app) -> BackgroundScheduler:
    """An APScheduler with every registered job at its times, each running in an app context of its own."""
    scheduler = BackgroundScheduler(
        timezone=LONDON, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": LATE_SECONDS}
    )

    def start(name: str):
        with app.app_context():
            run_job(name, planned_moment(JOBS[name].cron, now()))

    for each in JOBS.values():
        scheduler.add_job(start, CronTrigger(timezone=LONDON, **each.cron), args=[each.name], id=each.name)
    return scheduler


def last_runs() -> list[JobRun]:
    """The latest run of each job, for the administrator's page."""
    latest = select(func.max(JobRun.id)).group_by(JobRun.job)
    return list(db.session.scalars(select(JobRun).where(JobRun.id.in_(latest)).order_by(JobRun.job)))


def tidy_runs(moment: datetime) -> int:
    """Delete the rows of runs that did nothing (after two days) and of all runs (after a year); answers how many.

    Mail is looked for every ten seconds: kept for ever, those rows would be three million a year.
    """
    dull = (JobRun.result.is_(None)) & (JobRun.failed.is_(False)) & (JobRun.planned_at < moment - timedelta(days=2))
    latest = select(func.max(JobRun.id)).group_by(JobRun.job)
    old = (dull | (JobRun.planned_at < moment - timedelta(days=366))) & JobRun.id.not_in(latest)
    return db.session.execute(delete(JobRun).where(old)).rowcount
