"""What a member gives the calibration bid: kept criterion by criterion while they write, finished, then beside the anchors."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from fund.core import audit
from fund.core.database import db
from fund.core.problems import Problem, Stale, WrongMoment
from fund.tables import Person

from .calibration import MOST_REASON, anchors_of
from .tables import Calibration, CalibrationReading, Criterion, Seat


@dataclass(frozen=True)
class Kept:
    """What is kept of one criterion. `version` is 0 while nothing is; each save raises it."""

    mark: int | None = None
    reason: str = ""
    version: int = 0


def reading_of(calibration: Calibration, seat: Seat) -> CalibrationReading | None:
    return db.session.scalar(_reading(calibration, seat))


def _reading(calibration: Calibration, seat: Seat):
    wanted = (CalibrationReading.calibration_id == calibration.id, CalibrationReading.seat_id == seat.id)
    return select(CalibrationReading).where(*wanted)


def kept_of(row: CalibrationReading | None, criterion: Criterion) -> Kept:
    """What a member gave one criterion so far. What was kept before each criterion had its own version counts as the first."""
    given = row.marks.get(str(criterion.id)) if row is not None else None
    if given is None:
        return Kept()
    return Kept(given.get("mark"), given.get("reason") or "", given.get("version", 1))


def open_reading(calibration: Calibration, seat: Seat, *, now: datetime) -> CalibrationReading:
    """The member's reading, begun when there is none. Raises WrongMoment once it is finished.

    Until the transaction ends no other window of theirs has it: two that save queue for their turn, and the second reads
    what the first has kept. The seat is what they queue for, because at first there is no reading.
    """
    db.session.execute(select(Seat.id).where(Seat.id == seat.id).with_for_update())
    row = db.session.scalar(_reading(calibration, seat).execution_options(populate_existing=True))
    if row is None:
        row = CalibrationReading(calibration_id=calibration.id, seat_id=seat.id, version=0, marks={}, saved_at=now)
        db.session.add(row)
        db.session.flush()
    elif row.finished_at is not None:
        raise WrongMoment("You have finished the calibration bid.")
    return row


def save_mark(
    row: CalibrationReading, criterion: Criterion, mark: int | None, reason: str, *, seen_version: int | None, by: Person,
    now: datetime,
) -> Kept:  # fmt: skip
    """Keep what a member gave one criterion; half of it is enough until it is finished. Answers what is kept now.

    `seen_version` is the version of this criterion that the page was opened on. Raises Stale with both when another window
    saved it meanwhile, Problem for a reason that is too long.
    """
    if len(reason) > MOST_REASON:
        raise Problem(f"Shorten this reason to {MOST_REASON:,} characters or fewer", f"reason-{criterion.id}")
    kept = kept_of(row, criterion)
    if (kept.mark, kept.reason) == (mark, reason):
        return kept
    if kept.version and seen_version is not None and seen_version != kept.version:
        raise Stale(
            f"You changed “{criterion.title}” in another window. Both texts are shown: choose what to keep, then save.",
            f"reason-{criterion.id}", theirs=kept, yours=(mark, reason),
        )  # fmt: skip
    kept = Kept(mark, reason, kept.version + 1)
    row.marks = {**row.marks, str(criterion.id): {"mark": mark, "reason": reason, "version": kept.version}}
    row.saved_at = now
    row.touch()
    db.session.flush()
    audit.record("calibration.save", row, by=by, now=now, criterion=criterion.code)
    return kept


def finish_calibration(
    row: CalibrationReading, criteria: list[Criterion], *, by: Person, now: datetime
) -> list[tuple[str, str]]:
    """Finish it when every criterion has its mark and reason; else (field, sentence) for each that has not."""
    missing = []
    for each in criteria:
        kept = kept_of(row, each)
        if kept.mark is None:
            missing.append((f"mark-{each.id}", f"Choose a mark for “{each.title}”"))
        if not kept.reason.strip():
            missing.append((f"reason-{each.id}", f"Give your reason for “{each.title}”"))
    if not missing:
        row.finished_at = now
        row.touch()
        db.session.flush()
        audit.record("calibration.finish", row, by=by, now=now)
    return missing


@dataclass(frozen=True)
class Beside:
    """One criterion of a finished calibration bid: the member's mark and reason beside the mark meant for it and its note."""

    criterion: Criterion
    mine: int
    reason: str
    anchor: int
    note: str

    @property
    def title(self) -> str:
        return self.criterion.title

    @property
    def words(self) -> str:
        apart = self.mine - self.anchor
        if not apart:
            return "the same"
        return f"{abs(apart)} {'higher' if apart > 0 else 'lower'}"


def beside_anchors(calibration: Calibration, row: CalibrationReading, criteria: list[Criterion]) -> list[Beside]:
    anchors = anchors_of(calibration)
    found: list[Beside] = []
    for each in criteria:
        kept, anchor = kept_of(row, each), anchors.get(each.id)
        if anchor is not None and kept.mark is not None:
            found.append(Beside(each, kept.mark, kept.reason, anchor.mark, anchor.note))
    return found
