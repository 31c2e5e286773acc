"""Jobs: fixed times, one elected process, and each run claimed in a row, so that nothing runs twice.

A package registers a job with `@job`; the function takes `now`, commits what it did, and answers a sentence for the record.
Nothing is scheduled between 1am and 2am in London, an hour that comes twice in October and not at all in March.
"""

import fcntl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import UniqueConstraint, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped

from .clock import LONDON, now
from .database import Key, Model, Moment, db

log = structlog.get_logger(__name__)
_LEADER = 7_201_002


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
    if cron.get("hour") == 1:
        raise ValueError("no job runs between 1am and 2am: the clock change doubles or drops that hour")

    def keep(function):
        JOBS[name] = Job(name, cron, function, (function.__doc__ or "").strip().split("\n")[0])
        return function

    return keep


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
        self.held = None

    def win(self) -> bool:
        """Whether this process leads from now on (until it ends)."""
        with self.app.app_context():
            if db.engine.dialect.name == "postgresql":
                self.held = db.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
                return bool(self.held.scalar(text("select pg_try_advisory_lock(:key)"), {"key": _LEADER}))
        self.held = Path(self.app.instance_path, "jobs.lock").open("w")  # noqa: SIM115 - held for the life of the process
        try:
            fcntl.flock(self.held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


def scheduler_for(app) -> BlockingScheduler:
    """An APScheduler with every registered job at its times, each running in an app context of its own."""
    scheduler = BlockingScheduler(
        timezone=LONDON, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": 300}
    )

    def start(name: str):
        with app.app_context():
            run_job(name, now().replace(microsecond=0))

    for each in JOBS.values():
        scheduler.add_job(start, CronTrigger(timezone=LONDON, **each.cron), args=[each.name], id=each.name)
    return scheduler


def last_runs() -> list[JobRun]:
    """The latest run of each job, for the administrator's page."""
    seen: dict[str, JobRun] = {}
    for run in db.session.scalars(select(JobRun).order_by(JobRun.id.desc()).limit(500)):
        seen.setdefault(run.job, run)
    return [seen[name] for name in sorted(seen)]
