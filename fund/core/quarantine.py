"""Files that wait for the virus scanner: the job that asks again, and what follows when one is found infected.

The row of an infected file stays with the fact and loses its bytes. Who is told is for the packages that use files: they
give a function to `when_infected`.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select

from . import audit, scanning
from .database import db
from .files import CLEAN, INFECTED, WAITING, StoredFile, fetch, the_store
from .jobs import job
from .stores import StoreAway

log = structlog.get_logger(__name__)
AT_A_TIME = 50  # files in one run; what is left waits for the next
_FOLLOWS: list[Callable[..., None]] = []


def when_infected(function: Callable[..., None]) -> Callable[..., None]:
    """Have this called with (file, now=) for every file that the scanner finds infected after it was kept."""
    if function not in _FOLLOWS:
        _FOLLOWS.append(function)
    return function


@job("scan_files", second="*/30")
def scan_files(now: datetime) -> str | None:
    """Ask the virus scanner about files that wait for it."""
    if not scanning.is_scanned():
        return None
    _drop_what_is_left(now)
    waiting = select(StoredFile.id).where(StoredFile.scan_state == WAITING).order_by(StoredFile.id).limit(AT_A_TIME)
    counts = check_files(list(db.session.scalars(waiting)), now)
    said = [f"{number} {words}" for words, number in counts.items() if number]
    return ", ".join(said) or None


def check_files(keys: list[int], now: datetime) -> dict[str, int]:
    """Ask about each of these files, committing after each: how many are clean, infected, and not answered for."""
    counts = {"clean": 0, "infected": 0, "still waiting": 0}
    for place, key in enumerate(keys):
        file = db.session.get_one(StoredFile, key)
        try:
            verdict = scanning.scan(fetch(the_store(), file.sha256), seconds=scanning.IN_JOB_SECONDS)
        except (scanning.ScannerAway, StoreAway) as away:
            log.warning("file_waits", file=key, why=str(away))
            counts["still waiting"] += 1
            if getattr(away, "is_silent", True):  # nobody answers: asking for the others would take as long
                counts["still waiting"] += len(keys) - place - 1
                break
            continue
        except (OSError, ValueError) as gone:
            log.error("file_cannot_be_read", file=key, error=type(gone).__name__)
            counts["still waiting"] += 1
            continue
        counts["clean" if settle(file, verdict, now) else "infected"] += 1
        db.session.commit()
        if not verdict.is_clean:
            _drop(file.sha256)
    return counts


def settle(file: StoredFile, verdict: scanning.Verdict, now: datetime) -> bool:
    """Write down what the scanner said; True when the file is clean. The same bytes under another name are infected too."""
    if verdict.is_clean:
        file.scan_state, file.scanned_at = CLEAN, now
        db.session.flush()
        return True
    for each in db.session.scalars(select(StoredFile).where(StoredFile.sha256 == file.sha256).order_by(StoredFile.id)):
        if each.is_infected:
            continue
        each.scan_state, each.scanned_at, each.scan_found = INFECTED, now, verdict.found
        db.session.flush()
        audit.record("file.infected", each, by=None, now=now, found=verdict.found)
        for follow in _FOLLOWS:
            follow(each, now=now)
    return False


def _drop(digest: str) -> None:
    """Take the bytes away, after the row says why; when the store cannot be reached the next run does it."""
    try:
        the_store().drop(digest)
    except StoreAway:
        log.warning("infected_bytes_left", sha256=digest)


def _drop_what_is_left(now: datetime) -> None:
    wanted = (StoredFile.scan_state == INFECTED, StoredFile.scanned_at > now - timedelta(days=1))
    for digest in db.session.scalars(select(StoredFile.sha256).where(*wanted).distinct()):
        _drop(digest)


def never_checked() -> list[int]:
    """Files that were kept before there was a scanner, oldest first."""
    return list(
        db.session.scalars(select(StoredFile.id).where(StoredFile.scan_state.is_(None)).order_by(StoredFile.id))
    )
