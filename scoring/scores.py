"""Scores: saved criterion by criterion, sealed when all are in, and hidden from others until then (rule 6)."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select

from applications.workflow import APPLICATION
from fund.core import audit
from fund.core.database import db
from fund.core.problems import Problem, Stale, WrongMoment
from fund.tables import Person

from .criteria import criteria_of, is_not_asked, may_not_apply
from .tables import Assignment, Criterion, Score, Seal
from .totals import weighted_total
from .workflow import move_assignment

MOST_LETTERS = 4000


def scores_of(assignment: Assignment) -> dict[int, Score]:
    """What a member gave so far, by criterion; void scores are not among them."""
    wanted = (Score.assignment_id == assignment.id, Score.voided_at.is_(None))
    return {each.criterion_id: each for each in db.session.scalars(select(Score).where(*wanted))}


def marks_of(assignment: Assignment) -> dict[str, int | None]:
    """A member's marks by criterion code, as `totals` takes them; None is "does not apply"."""
    query = select(Criterion.code, Score.mark, Score.not_applicable).join(Score, Score.criterion_id == Criterion.id)
    rows = db.session.execute(query.where(Score.assignment_id == assignment.id, Score.voided_at.is_(None)))
    return {code: mark for code, mark, not_applicable in rows if mark is not None or not_applicable}


def check_open(assignment: Assignment) -> None:
    """Raises WrongMoment when this member cannot change scores of this bid now."""
    if assignment.application.status != "in_scoring":
        raise WrongMoment("This bid is not being scored now.")
    if assignment.status != "assigned":
        raise WrongMoment("You have finished this bid. The chair can open your scores again.")


def save_score(
    assignment: Assignment, criterion: Criterion, *, mark: int | None, reason: str, by: Person, now: datetime,
    not_applicable: bool = False, seen_version: int | None = None, stored: Mapping[int, Score] | None = None,
) -> Score | None:  # fmt: skip
    """Keep what a member gave for one criterion so far; half of it is enough until the seal.

    `seen_version` is the version that the page was opened on (0: none yet). Raises Stale with both texts when another
    window saved this criterion meanwhile, Problem for a mark outside 0 to 5 or a "does not apply" that is not allowed.
    `stored` are the scores by criterion of a caller who has read them; without it they are asked for.
    """
    score, changed = _keep(assignment, criterion, mark, reason, not_applicable, seen_version, stored, now)
    if changed:
        audit.record("score.save", score, by=by, now=now, assignment=assignment.id, criterion=criterion.code)
    return score


def save_scores(assignment: Assignment, given: list[tuple[Criterion, int, str]], *, by: Person, now: datetime) -> None:
    """Keep a whole reading at once, (criterion, mark, reason) for each, with one line in the log: for what arrives whole."""
    stored = scores_of(assignment)
    for criterion, mark, reason in given:
        _keep(assignment, criterion, mark, reason, False, None, stored, now)
    codes = [criterion.code for criterion, _, _ in given]
    audit.record("scores.save", assignment, by=by, now=now, criteria=codes)


def _keep(
    assignment: Assignment, criterion: Criterion, mark: int | None, reason: str, not_applicable: bool,
    seen_version: int | None, stored: Mapping[int, Score] | None, now: datetime,
) -> tuple[Score | None, bool]:  # fmt: skip
    """The score as it is kept, and whether that changed anything."""
    check_open(assignment)
    _check_shape(assignment, criterion, mark, reason, not_applicable)
    score = (scores_of(assignment) if stored is None else stored).get(criterion.id)
    given = (None if not_applicable else mark, not_applicable, reason)
    if score is not None and (score.mark, score.not_applicable, score.reason or "") == given:
        return score, False
    if score is None:
        if mark is None and not reason and not not_applicable:
            return None, False
        score = Score(assignment_id=assignment.id, criterion_id=criterion.id, version=0)
        db.session.add(score)
    elif seen_version is not None and seen_version != score.version:
        raise Stale(
            f"You changed “{criterion.title}” in another window. Both texts are shown: choose what to keep, then save.",
            f"reason-{criterion.id}", theirs=score, yours=given,
        )  # fmt: skip
    score.mark, score.not_applicable, score.reason = given
    score.saved_at = now
    score.touch()
    return score, True


def _check_shape(assignment, criterion, mark, reason, not_applicable) -> None:
    if mark is not None and not 0 <= mark <= 5:
        raise Problem("Choose a mark from 0 to 5", f"mark-{criterion.id}")
    if len(reason) > MOST_LETTERS:
        raise Problem(f"Shorten this reason to {MOST_LETTERS:,} characters or fewer", f"reason-{criterion.id}")
    priority = assignment.application.priority
    optional = may_not_apply(criterion, priority.code if priority else None)
    if not_applicable and not optional and not is_not_asked(criterion, assignment.application):
        raise Problem("This criterion applies to every bid. Choose a mark from 0 to 5.", f"mark-{criterion.id}")


def missing(criteria: list[Criterion], scores: dict[int, Score]) -> list[tuple[str, str]]:
    """What stands between a member and the seal: (field, sentence) in page order."""
    found = []
    for each in criteria:
        score = scores.get(each.id)
        if score is None or (score.mark is None and not score.not_applicable):
            found.append((f"mark-{each.id}", f"Choose a mark for “{each.title}”"))
        if score is None or not (score.reason or "").strip():
            found.append((f"reason-{each.id}", f"Give your reason for “{each.title}”"))
    return found


class NotFinished(Problem):
    """The bid cannot be sealed yet; `missing` are (field, sentence) in page order."""

    def __init__(self, missing: list[tuple[str, str]]):
        super().__init__(missing[0][1], missing[0][0])
        self.missing = missing


def seal(assignment: Assignment, *, by: Person, now: datetime) -> Seal:
    """Finish a bid: every mark and reason is in, and from now on nothing changes. Raises NotFinished with what is missing."""
    check_open(assignment)
    criteria, scores = criteria_of(assignment.application.round_id), scores_of(assignment)
    if left := missing(criteria, scores):
        raise NotFinished(left)
    last = db.session.scalar(select(func.max(Seal.number)).where(Seal.assignment_id == assignment.id)) or 0
    marks = {
        each.code: {
            "mark": scores[each.id].mark, "not_applicable": scores[each.id].not_applicable, "reason": scores[each.id].reason,
        }
        for each in criteria
    }  # fmt: skip
    total = weighted_total({code: facts["mark"] for code, facts in marks.items()}, criteria)
    row = Seal(assignment_id=assignment.id, number=last + 1, marks=marks, total=str(total), sealed_at=now)
    db.session.add(row)
    db.session.flush()
    move_assignment(assignment, "seal", sealed_at=now, by=by, now=now)
    return row


def unseal(assignment: Assignment, reason: str, *, by: Person, now: datetime) -> None:
    """The chair lets a member change scores again, until the panel has agreed. What was sealed stays on record."""
    if assignment.application.status != "in_scoring":
        raise WrongMoment("The panel has agreed this bid. Send it back to scoring first.")
    if not reason.strip():
        raise Problem("Say why these scores are opened again", "reason")
    move_assignment(assignment, "unseal", sealed_at=None, by=by, now=now, reason=reason)


@APPLICATION.check("needs", "all_scores_in")
def all_scores_are_in(application, *, by, now, **_) -> None:
    """Raises Problem while a member who is neither recused nor excused has not finished, or too few have."""
    rows = db.session.execute(
        select(Assignment.status, func.count())
        .where(Assignment.application_id == application.id)
        .group_by(Assignment.status)
    )
    count = dict(rows.all())
    if count.get("assigned"):
        done, whole = count.get("sealed", 0), count.get("sealed", 0) + count["assigned"]
        raise Problem(
            f"{done} of {whole} members have finished {application.reference}. Wait for the others, or excuse them."
        )
    quorum = application.round.panel_quorum
    if count.get("sealed", 0) < quorum:
        raise Problem(
            f"{application.reference} has {count.get('sealed', 0)} members' scores without those recused; the panel needs {quorum}."
        )
