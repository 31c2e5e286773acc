"""What lies on an assessor's desk, in two statements: the bid's papers with the bids beside it, and the score sheet."""

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Integer, Text, and_, bindparam, cast, func, literal_column, null, or_, select, union_all
from sqlalchemy.orm import aliased

from applications.forms import form_of
from applications.question_types import show
from applications.tables import Answer, Application, ApplicationPlace, ChangeRequest, Document, VoiceNote
from applications.voices import notes_of, transcripts, with_spoken
from applications.workflow import AWARDED
from fund.core.database import Json, UtcMoment, db
from fund.core.files import StoredFile
from fund.tables import Area, Round

from .bid import Answered, answered
from .blind import is_blind, mask, names_in
from .calibration import waiting_for
from .desk import Neighbour, Neighbours
from .evidence import NO_STRAND
from .moderation import Reading
from .tables import (
    Assignment,
    Calibration,
    Conflict,
    Criterion,
    EvidenceCard,
    JudgedCard,
    Quote,
    Score,
    Seat,
    SectionRead,
)
from .totals import weighted_total

APPLICATION, ASSIGNMENT, SEAT, ROUND = map(bindparam, ("application", "assignment", "seat", "round"))
STRAND, FUND = map(bindparam, ("strand", "fund"))
NONE, NUMBER, NOTHING, NEVER = cast(null(), Text), cast(null(), Integer), cast(null(), Json), cast(null(), UtcMoment)


@dataclass
class Papers:
    """One bid's answers in the form's order, its documents (id, name, what the virus scanner said), the seat's bids, and quotes by criterion key.

    `changed`: by question key, what the fund asked to have changed after the bid was sent, and what it said before.
    `read` are the keys of sections opened, `sealed` when each of the seat's bids was finished; `calibration` says that the
    calibration bid comes first. `funded` counts the fund's other awards in each of the bid's places, under "" all of them.
    """

    answers: list[Answered]
    documents: list[Any]
    bids: Neighbours
    quotes: dict[int, list[Any]] = field(default_factory=dict)
    changed: dict[str, tuple[str, Any]] = field(default_factory=dict)
    read: list[str] = field(default_factory=list)
    sealed: list[Any] = field(default_factory=list)
    calibration: bool = False
    funded: dict[str, int] = field(default_factory=dict)
    spoken: dict[str, VoiceNote] = field(default_factory=dict)  # recordings by question key; none for who reads blind


def papers_of(assignment: Assignment) -> Papers:
    """Everything of this reading that is a row of its own, in one statement; in another one the recordings, where the form
    allows them."""
    application = assignment.application
    kinds = ("answer", "document", "bid", "quote", "change", "read", "first", "funded")
    found: dict[str, list[Any]] = {kind: [] for kind in kinds}
    asked = {
        "application": application.id, "seat": assignment.seat_id, "assignment": assignment.id,
        "round": application.round_id, "fund": application.round.fund_id,
    }  # fmt: skip
    for row in db.session.execute(_papers(), asked):
        found[row[0]].append(row)
    by_id = form_of(application).by_id
    values = {by_id[row.id].key: row.value for row in found["answer"] if row.id in by_id}
    spoken = notes_of(application)
    values = with_spoken(values, transcripts(spoken))
    bids = [Neighbour(key, words, status, about) for _, key, words, status, about, *_ in found["bid"]]
    if is_blind(assignment.seat, application.round):
        values, found["document"], spoken = mask(values, names_in(application)), [], {}
    undeclared = any(status == "assigned" and answer is None for _, _, _, status, _, answer, *_ in found["bid"])
    changed = {
        by_id[row.other].key: (row.words, show(by_id[row.other], row.value))
        for row in found["change"]
        if row.other in by_id
    }
    quotes: dict[int, list[Any]] = {}
    for row in found["quote"]:
        quotes.setdefault(row.other, []).append(row)
    return Papers(
        answered(application, values), found["document"], Neighbours(bids, undeclared), quotes, changed,
        [row.words for row in found["read"]], [row.at for row in found["bid"]], bool(found["first"]),
        {row.words: row.id for row in found["funded"]}, spoken,
    )  # fmt: skip


@cache
def _papers():
    """Built once: putting such a statement together takes as long as asking it."""
    parts = union_all(
        _answers(), _documents(), _bids(), _quotes(), _changes(), _read(), _first(), _funded(), _all_funded()
    ).subquery()
    return select(parts).order_by(parts.c.kind, parts.c.id)


def _part(kind: str, key, *, words=NONE, status=NONE, about=NONE, other=NUMBER, value=NOTHING, at=NEVER):
    return select(
        literal_column(f"'{kind}'", Text).label("kind"), key.label("id"), words.label("words"), status.label("status"),
        about.label("about"), other.label("other"), value.label("value"), at.label("at"),
    )  # fmt: skip


def _answers():
    return _part("answer", Answer.question_id, value=Answer.value).where(Answer.application_id == APPLICATION)


def _documents():
    part = _part("document", Document.id, words=StoredFile.name, status=StoredFile.scan_state).join(
        StoredFile, StoredFile.id == Document.file_id
    )
    return part.where(Document.application_id == APPLICATION, Document.removed_at.is_(None))


def _bids():
    """The seat's bids in the order given, with whether each has its yes or no about conflicts."""
    said = and_(Conflict.application_id == Application.id, Conflict.seat_id == Assignment.seat_id)
    part = _part("bid", Assignment.id, words=Application.reference, status=Assignment.status, about=Application.status, other=Conflict.id, at=Assignment.sealed_at)  # fmt: skip
    part = part.join(Application, Application.id == Assignment.application_id).outerjoin(Conflict, said)
    wanted = (Assignment.seat_id == SEAT, Assignment.status.in_(("assigned", "sealed")))
    return part.where(*wanted, Application.status != "withdrawn")


def _quotes():
    part = _part("quote", Quote.id, words=Quote.words, status=Quote.question_key, other=Quote.criterion_id)
    return part.where(Quote.assignment_id == ASSIGNMENT)


def _changes():
    part = _part("change", ChangeRequest.id, words=ChangeRequest.sentence, other=ChangeRequest.question_id, value=ChangeRequest.before)  # fmt: skip
    sent = ChangeRequest.asked_at >= Application.submitted_at
    part = part.join(Application, Application.id == ChangeRequest.application_id)
    return part.where(ChangeRequest.application_id == APPLICATION, ChangeRequest.answered_at.is_not(None), sent)


def _read():
    return _part("read", SectionRead.id, words=SectionRead.section).where(SectionRead.assignment_id == ASSIGNMENT)


def _first():
    """The calibration bid, while this seat has to score it before all others."""
    return _part("first", Calibration.id).where(*waiting_for(ROUND, SEAT))


def _awarded():
    wanted = (Round.fund_id == FUND, Application.status.in_(AWARDED), Application.id != APPLICATION)
    return select(Application.id).join(Round, Round.id == Application.round_id).where(*wanted)


def _funded():
    """How many of the fund's other awards are for each place that this bid is for."""
    other, here = aliased(ApplicationPlace), aliased(ApplicationPlace)
    count = func.count(func.distinct(other.application_id))
    part = _part("funded", count, words=Area.name).select_from(here).join(other, other.area_id == here.area_id)
    part = part.join(Area, Area.id == here.area_id).where(here.application_id == APPLICATION)
    return part.where(other.application_id.in_(_awarded())).group_by(Area.name)


def _all_funded():
    every = _awarded().subquery()
    return _part("funded", func.count(), words=literal_column("''", Text)).select_from(every)


@dataclass
class Sheet:
    """The criteria in order, what this member gave for each so far, the claimed strand's card, and others' readings.

    `undeclared`: a bid of this seat waits for its yes or no, or the calibration bid comes first, so no bid is open yet.
    """

    criteria: list[Criterion] = field(default_factory=list)
    stored: dict[int, Score] = field(default_factory=dict)
    card: EvidenceCard | None = None
    others: list[Reading] = field(default_factory=list)
    undeclared: bool = False

    def criterion(self, key: int) -> Criterion | None:
        return next((each for each in self.criteria if each.id == key), None)

    def total(self) -> Decimal | None:
        """The weighted total so far."""
        given = {key: row for key, row in self.stored.items() if row.mark is not None or row.not_applicable}
        return weighted_total({each.code: given[each.id].mark for each in self.criteria if each.id in given}, self.criteria)  # fmt: skip


def sheet_of(assignment: Assignment, *, others: bool = False) -> Sheet:
    """The score sheet, in one statement; with `others`, also what the other members who finished gave."""
    sheet, readings = Sheet(), {}
    application = assignment.application
    asked = {
        "application": application.id, "assignment": assignment.id, "seat": assignment.seat_id,
        "round": application.round_id, "strand": application.strand_id,
    }  # fmt: skip
    for criterion, card, score, label, undeclared in db.session.execute(_sheet(others), asked):
        sheet.card = card if card is not None and card.strand_id != NO_STRAND else None
        sheet.undeclared = bool(undeclared)
        if criterion not in sheet.criteria[-1:]:
            sheet.criteria.append(criterion)
        if score is None:
            continue
        if score.assignment_id == assignment.id:
            sheet.stored[criterion.id] = score
            continue
        reading = readings.setdefault(score.assignment_id, Reading(score.assignment_id, label, "sealed"))
        reading.marks[criterion.code], reading.reasons[criterion.code] = score.mark, score.reason or ""
    sheet.others = [readings[key] for key in sorted(readings)]
    return sheet


@cache
def _sheet(others: bool):
    reader = Score.assignment_id == ASSIGNMENT
    finished = aliased(Assignment)
    if others:
        done = select(finished.id).where(finished.application_id == APPLICATION, finished.status == "sealed")
        reader = or_(reader, Score.assignment_id.in_(done))
    kept = select(JudgedCard.evidence_card_id).where(JudgedCard.application_id == APPLICATION).scalar_subquery()
    now = and_(EvidenceCard.toolkit == "yef", EvidenceCard.strand_id == STRAND, EvidenceCard.superseded_at.is_(None))
    card = or_(EvidenceCard.id == kept, and_(kept.is_(None), now))  # the version that the bid is judged with
    return (
        select(Criterion, EvidenceCard, Score, Seat.label, _undeclared())
        .select_from(Criterion)
        .outerjoin(EvidenceCard, card)
        .outerjoin(Score, and_(Score.criterion_id == Criterion.id, Score.voided_at.is_(None), reader))
        .outerjoin(Assignment, Assignment.id == Score.assignment_id)
        .outerjoin(Seat, Seat.id == Assignment.seat_id)
        .where(Criterion.round_id == ROUND)
        .order_by(Criterion.position, Criterion.id, Seat.id)
    )


def _undeclared():
    waiting = aliased(Assignment)
    answered = select(Conflict.application_id).where(Conflict.seat_id == SEAT)
    wanted = (waiting.seat_id == SEAT, waiting.status == "assigned", waiting.application_id.not_in(answered))
    return or_(
        select(waiting.id).where(*wanted).exists(), select(Calibration.id).where(*waiting_for(ROUND, SEAT)).exists()
    )
