"""The calibration bid: one bid that everybody scores before the others, and then sees beside the marks meant for it.

It is made up or copied from an old round without its names, and lives in tables of its own: nothing of it is an assignment
or a score, so no total, ranking, load or statistic can count it. What members give it stands in `calibration_readings`.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import and_, or_, select

from applications.tables import Application
from fund.core import audit
from fund.core.database import db
from fund.core.problems import Problem, WrongMoment
from fund.tables import Fund, Person, Round

from . import bid
from .blind import mask, names_in
from .criteria import criteria_of
from .panels import seat_in
from .tables import Calibration, CalibrationAnchor, CalibrationReading, Conflict, Panel, Seat
from .visibility import AFTER_PANEL

MOST_LETTERS = 20_000
MOST_REASON = 4000


def waiting_for(round_id, seat_id) -> tuple:
    """What holds for the calibration bid while a seat has to score it before other bids open. Takes keys or parameters.

    A member who declared a conflict with the old bid that it was copied from does not read it here either.
    """
    finished = select(CalibrationReading.id).where(
        CalibrationReading.calibration_id == Calibration.id, CalibrationReading.seat_id == seat_id,
        CalibrationReading.finished_at.is_not(None),
    )  # fmt: skip
    same = select(Seat.person_id).where(Seat.id == seat_id).scalar_subquery()
    recused = (
        select(Conflict.application_id)
        .join(Seat, Seat.id == Conflict.seat_id)
        .where(Seat.person_id == same, Conflict.conflicted, Conflict.application_id == Calibration.application_id)
    )
    return (
        Calibration.round_id == round_id, Calibration.comes_first, Calibration.opened_at.is_not(None),
        ~finished.exists(), ~recused.exists(),
    )  # fmt: skip


def comes_first_for(seat: Seat) -> bool:
    """Whether no other bid of this member is open before the calibration bid is scored."""
    wanted = waiting_for(seat.panel.round_id, seat.id)
    return db.session.scalar(select(Calibration.id).where(*wanted)) is not None


def calibration_of(round: Round | int) -> Calibration | None:
    key = round if isinstance(round, int) else round.id
    return db.session.scalar(select(Calibration).where(Calibration.round_id == key))


def anchors_of(calibration: Calibration) -> dict[int, CalibrationAnchor]:
    """By criterion."""
    wanted = CalibrationAnchor.calibration_id == calibration.id
    return {each.criterion_id: each for each in db.session.scalars(select(CalibrationAnchor).where(wanted))}


# Choosing it --------------------------------------------------------------------------------------------------------


def write_calibration(round: Round, title: str, words: str, *, by: Person, now: datetime) -> Calibration:
    """Use a made-up bid. An empty line parts one answer from the next; the first line of each is its question."""
    if not title.strip():
        raise Problem("Give the bid a title", "title")
    if not words.strip():
        raise Problem("Write the bid", "words")
    if len(words) > MOST_LETTERS:
        raise Problem(f"Shorten the bid to {MOST_LETTERS:,} characters or fewer", "words")
    parts = []
    for block in words.replace("\r\n", "\n").split("\n\n"):
        question, _, answer = block.strip().partition("\n")
        if question:
            parts.append({"section": "", "question": question if answer else "", "words": answer.strip() or question})
    return _put(round, title.strip(), parts, None, by, now)


def copy_calibration(round: Round, reference: str, *, by: Person, now: datetime) -> Calibration:
    """Use an old bid of the partnership, decided and without its names. Raises Problem when there is none of that reference."""
    wanted = (
        Application.reference == reference.strip().upper(), Application.round_id != round.id,
        Application.status.in_(AFTER_PANEL), Round.fund.has(Fund.partnership_id == round.fund.partnership_id),
    )  # fmt: skip
    old = db.session.scalar(select(Application).join(Round, Round.id == Application.round_id).where(*wanted))
    if old is None:
        raise Problem("Enter the reference of a bid from an earlier round that the panel has agreed", "reference")
    names = names_in(old)
    parts = [
        {"section": each.section, "question": each.text, "words": mask(_plain(each), names)}
        for each in bid.answers_of(old)
    ]
    return _put(round, mask(old.title or "An earlier bid", names), parts, old.id, by, now)


def _plain(answer: bid.Answered) -> str:
    if isinstance(answer.value, str) and answer.kind in bid.TEXT_KINDS:
        return answer.value
    shown = answer.shown
    return shown.striptags() if hasattr(shown, "striptags") else str(shown)


def _put(
    round: Round, title: str, parts: list[dict], application_id: int | None, by: Person, now: datetime
) -> Calibration:
    row = calibration_of(round)
    if row is None:
        row = Calibration(round_id=round.id, comes_first=True, version=0)
        db.session.add(row)
    else:
        _check_not_open(row)
    row.title, row.parts, row.application_id, row.set_at, row.set_by_id = title, parts, application_id, now, by.id
    row.touch()
    db.session.flush()
    audit.record("calibration.choose", row, by=by, now=now, copied=application_id is not None)
    return row


def _check_not_open(row: Calibration) -> None:
    if row.opened_at is not None:
        raise WrongMoment("Members have the calibration bid before them, so it cannot change. Take it away first.")


def set_anchors(
    calibration: Calibration, given: Mapping[int, tuple[int | None, str]], *, comes_first: bool, by: Person, now: datetime,
) -> None:  # fmt: skip
    """Keep the marks meant for it, each with its note: {criterion: (mark, note)}. What has neither is left for later."""
    _check_not_open(calibration)
    standing = anchors_of(calibration)
    for criterion in criteria_of(calibration.round_id):
        mark, note = given.get(criterion.id, (None, ""))
        if mark is None and not note.strip():
            continue
        if mark is None or not 0 <= mark <= 5:
            raise Problem(f"Choose a mark for “{criterion.title}”", f"mark-{criterion.id}")
        if not note.strip():
            raise Problem(f"Say why “{criterion.title}” deserves {mark}", f"reason-{criterion.id}")
        row = standing.get(criterion.id)
        if row is None:
            row = CalibrationAnchor(calibration_id=calibration.id, criterion_id=criterion.id)
            db.session.add(row)
        row.mark, row.note = mark, note.strip()[:MOST_REASON]
    calibration.comes_first = comes_first
    calibration.touch()
    db.session.flush()
    audit.record("calibration.anchors", calibration, by=by, now=now, comes_first=comes_first)


def open_calibration(calibration: Calibration, *, by: Person, now: datetime) -> None:
    """Put it before the members. Raises Problem while a criterion has no anchor."""
    _check_not_open(calibration)
    anchors = anchors_of(calibration)
    for criterion in criteria_of(calibration.round_id):
        if criterion.id not in anchors:
            raise Problem(f"Choose a mark for “{criterion.title}” first", f"mark-{criterion.id}")
    calibration.opened_at = now
    calibration.touch()
    audit.record("calibration.open", calibration, by=by, now=now)


def take_away(calibration: Calibration, *, by: Person, now: datetime) -> None:
    """Take the calibration bid out of the round. Raises WrongMoment once a member has finished it."""
    readings = list(db.session.scalars(select(CalibrationReading).where(_of(calibration))))
    if any(each.finished_at is not None for each in readings):
        raise WrongMoment("A member has scored the calibration bid, so it stays.")
    audit.record("calibration.take_away", calibration, by=by, now=now)
    for row in (*readings, *anchors_of(calibration).values()):
        db.session.delete(row)
    db.session.flush()
    db.session.delete(calibration)
    db.session.flush()


def _of(calibration: Calibration):
    return CalibrationReading.calibration_id == calibration.id


# Who scores it -------------------------------------------------------------------------------------------------------


def calibration_for(person: Person, round: Round) -> tuple[Calibration | None, Seat | None]:
    """The open calibration bid and the seat with which this person scores it; None for what is not there for them."""
    seat = seat_in(person, round.id)
    wanted = (Calibration.round_id == round.id, Calibration.opened_at.is_not(None), _not_recused(person))
    return db.session.scalar(select(Calibration).where(*wanted)), seat


def calibrations_for(person: Person) -> dict[int, tuple[bool, bool]]:
    """{round: (whether it comes before other bids, whether this person has finished it)} of the open ones. One statement."""
    mine = and_(CalibrationReading.calibration_id == Calibration.id, CalibrationReading.seat_id == Seat.id)
    query = (
        select(Calibration.round_id, Calibration.comes_first, CalibrationReading.finished_at)
        .join(Panel, Panel.round_id == Calibration.round_id)
        .join(Seat, Seat.panel_id == Panel.id)
        .outerjoin(CalibrationReading, mine)
        .where(
            Seat.person_id == person.id,
            Seat.left_at.is_(None),
            Calibration.opened_at.is_not(None),
            _not_recused(person),
        )
    )
    return {round: (first, finished is not None) for round, first, finished in db.session.execute(query)}


def _not_recused(person: Person):
    recused = select(Conflict.application_id).join(Seat, Seat.id == Conflict.seat_id)
    recused = recused.where(Seat.person_id == person.id, Conflict.conflicted)
    return or_(Calibration.application_id.is_(None), Calibration.application_id.not_in(recused))


def finished_in(calibration: Calibration) -> int:
    """How many members have finished it."""
    rows = db.session.scalars(select(CalibrationReading).where(_of(calibration)))
    return sum(each.finished_at is not None for each in rows)
