"""Moderation: where members disagree, what the panel agrees and why, and its words for the applicant."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cache

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import joinedload

from applications.tables import Application
from applications.workflow import APPLICATION, WITH_THE_PANEL
from fund.core import audit
from fund.core.database import db
from fund.core.problems import Problem, Stale, WrongMoment
from fund.tables import Person, Round

from .criteria import criteria_of, is_not_asked, may_not_apply
from .opinions import view_marks, view_marks_in, views_about
from .tables import AgreedChange, AgreedScore, Assignment, Criterion, Moderation, Score, Seat, ViableAt
from .totals import mean_total, spread, to_moderate, weighted_total, with_views


@dataclass
class Reading:
    """One member's finished reading of a bid: marks by code, reasons by code, and the total."""

    assignment_id: int
    label: str
    status: str
    marks: dict[str, int | None] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    total: Decimal | None = None


@dataclass
class BidOnTheTable:
    """One row of the moderation list; a bid is `ready` when everybody left has finished and they are enough."""

    application: Application
    readings: list[Reading]
    mean: Decimal | None
    widest: int
    apart: Decimal
    talk_about: list[str]
    finished: int
    expected: int
    recused: int

    def is_ready(self, quorum: int) -> bool:
        return self.finished == self.expected and self.finished >= quorum


def bids_on_the_table(round: Round) -> list[BidOnTheTable]:
    """The bids with the panel, the most disagreed about first; only finished readings are counted. Three statements."""
    wanted = (Application.round_id == round.id, Application.status.in_(WITH_THE_PANEL))
    query = (
        select(Application)
        .where(*wanted)
        .options(joinedload(Application.organisation), joinedload(Application.priority))
    )
    bids = {each.id: each for each in db.session.scalars(query)}
    criteria = criteria_of(round)
    readings = _readings(criteria, Application.round_id == round.id, Application.status.in_(WITH_THE_PANEL))
    views = view_marks_in(round)
    found = [_on_the_table(bid, readings.get(key, []), round, views.get(key, ())) for key, bid in bids.items()]
    return sorted(found, key=lambda each: (-each.widest, -each.apart, each.application.reference))


def readings_of(application: Application, criteria: list[Criterion]) -> list[Reading]:
    """Every member's reading of one bid; marks only of those who finished. One statement."""
    return _readings(criteria, Application.id == application.id).get(application.id, [])


def on_the_table(application: Application, criteria: list[Criterion], round: Round) -> BidOnTheTable:
    """One bid as the moderation list shows it. Two statements."""
    return _on_the_table(application, readings_of(application, criteria), round, view_marks(views_about(application)))


def _readings(criteria: list[Criterion], *wanted) -> dict[int, list[Reading]]:
    """One statement. Marks and reasons come along only for readings that are finished."""
    counted = and_(Score.assignment_id == Assignment.id, Assignment.status == "sealed", Score.voided_at.is_(None))
    query = (
        select(
            Assignment.id, Assignment.application_id, Assignment.status, Seat.label,
            Score.criterion_id, Score.mark, Score.reason,
        )
        .join(Seat, Seat.id == Assignment.seat_id)
        .join(Application, Application.id == Assignment.application_id)
        .outerjoin(Score, counted)
    )  # fmt: skip
    codes = {each.id: each.code for each in criteria}
    found: dict[int, Reading] = {}
    by_bid = defaultdict(list)
    rows = db.session.execute(query.where(*wanted).order_by(Seat.id, Assignment.id))
    for key, bid, status, label, criterion, mark, reason in rows:
        if key not in found:
            found[key] = Reading(key, label, status)
            by_bid[bid].append(found[key])
        if criterion is not None:
            found[key].marks[codes[criterion]], found[key].reasons[codes[criterion]] = mark, reason or ""
    for each in found.values():
        each.total = weighted_total(each.marks, criteria) if each.status == "sealed" else None
    return by_bid


def _on_the_table(
    bid: Application, readings: list[Reading], round: Round, views: Collection[int] = ()
) -> BidOnTheTable:
    done = [each for each in readings if each.status == "sealed"]
    totals = [each.total for each in done if each.total is not None]
    by_code = {code: [each.marks.get(code) for each in done] for code in (done[0].marks if done else ())}
    return BidOnTheTable(
        application=bid, readings=readings, mean=with_views(mean_total(totals), views, round.view_weight),
        widest=max((spread(marks) for marks in by_code.values()), default=0),
        apart=max(totals) - min(totals) if totals else Decimal(0),
        talk_about=sorted(to_moderate(by_code, round.spread_flag)),
        finished=len(done), expected=sum(each.status in ("assigned", "sealed") for each in readings),
        recused=sum(each.status == "recused" for each in readings),
    )  # fmt: skip


def agreed_scores_of(application: Application) -> dict[int, AgreedScore]:
    rows = db.session.scalars(select(AgreedScore).where(AgreedScore.application_id == application.id))
    return {each.criterion_id: each for each in rows}


def criteria_with_agreed(application: Application) -> tuple[list[Criterion], dict[int, AgreedScore]]:
    """The round's criteria in order, and what was agreed for each so far, by its key. One statement."""
    asked = {"application": application.id, "round": application.round_id}
    rows = db.session.execute(_criteria_with_agreed(), asked).all()
    return [criterion for criterion, _ in rows], {row.criterion_id: row for _, row in rows if row is not None}


@cache
def _criteria_with_agreed():
    """Built once, as the next: putting such a statement together takes as long as asking it."""
    agreed = and_(AgreedScore.criterion_id == Criterion.id, AgreedScore.application_id == bindparam("application"))
    query = select(Criterion, AgreedScore).outerjoin(AgreedScore, agreed)
    return query.where(Criterion.round_id == bindparam("round")).order_by(Criterion.position)


def words_and_viable(application: Application) -> tuple[Moderation | None, ViableAt | None]:
    """What the panel said of a bid, and the least it works with. One statement."""
    words, viable = db.session.execute(_words_and_viable(), {"application": application.id}).one()
    return words, viable


@cache
def _words_and_viable():
    query = (
        select(Moderation, ViableAt)
        .select_from(Application)
        .outerjoin(Moderation, Moderation.application_id == Application.id)
        .outerjoin(ViableAt, ViableAt.application_id == Application.id)
    )
    return query.where(Application.id == bindparam("application"))


def words_of(application: Application) -> Moderation | None:
    return db.session.scalar(select(Moderation).where(Moderation.application_id == application.id))


def agreed_scores_of_all(round: Round) -> dict[int, dict[int, AgreedScore]]:
    """{bid: {criterion: what was agreed}} of a whole round. One statement."""
    query = select(AgreedScore).join(Application, Application.id == AgreedScore.application_id)
    found: dict[int, dict[int, AgreedScore]] = defaultdict(dict)
    for row in db.session.scalars(query.where(Application.round_id == round.id)):
        found[row.application_id][row.criterion_id] = row
    return found


def marks_given_in(round: Round) -> dict[int, dict[int, list[int]]]:
    """{bid: {criterion: the finished members' marks}} of a whole round. One statement."""
    query = select(Assignment.application_id, Score.criterion_id, Score.mark).join(Assignment, Assignment.id == Score.assignment_id).join(Application)  # fmt: skip
    here = (Application.round_id == round.id, Assignment.status == "sealed", Score.voided_at.is_(None), Score.mark.is_not(None))  # fmt: skip
    found: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for bid, criterion, mark in db.session.execute(query.where(*here)):
        found[bid][criterion].append(mark)
    return found


def words_in(round: Round) -> dict[int, str]:
    """{bid: the note of the talk} of a whole round. One statement."""
    query = select(Moderation.application_id, Moderation.note).join(Application, Application.id == Moderation.application_id)  # fmt: skip
    return {bid: note for bid, note in db.session.execute(query.where(Application.round_id == round.id)) if note}


def check_on_the_table(application: Application) -> None:
    if application.status != "in_scoring":
        raise WrongMoment("This bid is not being moderated now. Send it back to scoring to change what was agreed.")


def agree_score(
    application: Application, criterion: Criterion, *, mark: int | None, reason: str, by: Person, now: datetime,
    not_applicable: bool = False, seen_version: int | None = None, stored: AgreedScore | None = None,
) -> AgreedScore | None:  # fmt: skip
    """Keep the panel's mark for one criterion with its why; the members' own marks stay as they are.

    Raises Problem for a mark outside 0 to 5, Stale when it was changed elsewhere since `seen_version` (0: none yet).
    """
    check_on_the_table(application)
    who = by.id  # read now: to read it below could flush a row that is half filled in
    if mark is not None and not 0 <= mark <= 5:
        raise Problem("Choose a mark from 0 to 5", f"mark-{criterion.id}")
    optional = may_not_apply(criterion, application.priority.code if application.priority else None)
    if not_applicable and not optional and not is_not_asked(criterion, application):
        raise Problem("This criterion applies to every bid. Choose a mark from 0 to 5.", f"mark-{criterion.id}")
    given = (None if not_applicable else mark, not_applicable, reason.strip())
    if stored is not None and (stored.mark, stored.not_applicable, stored.reason) == given:
        return stored
    if stored is None:
        if mark is None and not not_applicable and not reason.strip():
            return None
        stored = AgreedScore(application_id=application.id, criterion_id=criterion.id, version=0)
        db.session.add(stored)
    elif seen_version is not None and seen_version != stored.version:
        raise Stale(f"“{criterion.title}” was changed in another window. Look at what is there now, then save again.", f"reason-{criterion.id}")  # fmt: skip
    before, was_agreed = stored.mark, bool(stored.version)
    stored.mark, stored.not_applicable, stored.reason = given
    stored.agreed_at, stored.agreed_by_id = now, who
    stored.touch()
    change = AgreedChange(
        application_id=application.id, criterion_id=criterion.id, was_agreed=was_agreed, before=before, after=stored.mark,
        reason=stored.reason, at=now, by_id=who,
    )  # fmt: skip
    db.session.add(change)
    audit.record("agreed.save", stored, by=by, now=now, criterion=criterion.code, before=before, after=stored.mark)
    return stored


def save_words(
    application: Application, *, strengths: str, improvements: str, note: str, by: Person, now: datetime,
    seen_version: int | None = None,
) -> Moderation:  # fmt: skip
    """Keep the panel's words: strengths and improvements go to the applicant, the note stays with the panel."""
    check_on_the_table(application)
    row = words_of(application)
    if row is None:
        row = Moderation(application_id=application.id, saved_at=now, saved_by_id=by.id, version=0)
        db.session.add(row)
    elif (row.strengths or "", row.improvements or "", row.note or "") == (strengths, improvements, note):
        return row
    else:
        row.check_version(seen_version)
    row.strengths, row.improvements, row.note = strengths, improvements, note
    row.saved_at, row.saved_by_id = now, by.id
    row.touch()
    audit.record("moderation.save", row, by=by, now=now, application=application.reference)
    return row


def not_agreed_yet(application: Application) -> list[tuple[str, str]]:
    """(field, sentence) for each criterion that has no agreed mark with its reason, in their order."""
    agreed, found = agreed_scores_of(application), []
    for each in criteria_of(application.round_id):
        row = agreed.get(each.id)
        if row is None or (row.mark is None and not row.not_applicable):
            found.append((f"mark-{each.id}", f"Agree a mark for “{each.title}”"))
        elif not row.reason.strip():
            found.append((f"reason-{each.id}", f"Give the panel's reason for “{each.title}”"))
    return found


@APPLICATION.check("needs", "agreed_with_reasons")
def everything_is_agreed(application: Application, *, by, now, **_) -> None:
    """Raises Problem while a criterion has no agreed mark with its reason."""
    if missing := not_agreed_yet(application):
        place, sentence = missing[0]
        raise Problem(sentence, place)
