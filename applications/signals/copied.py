"""Near-same text in bids of different organisations: fingerprints first, then the few texts that meet are read."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import combinations

from sqlalchemy import delete, func, insert, or_, select

from fund.core.database import db

from ..forms import asked_form
from ..tables import Answer, Application, BidPrint, Form, Question
from . import texts
from .found import Found
from .hooks import finders
from .scope import Bid, Scope

TEXT = "long_text"
SOME = 0.3  # of the kept runs of the shorter text: worth reading both
FEWEST = 3
Place = tuple[int, str]  # a bid and one of its questions


def keep_prints(keys: Iterable[int], now: datetime) -> int:
    """Make the fingerprints of these bids anew; returns of how many."""
    rows = []
    for key, form_id, answers in _texts_of(keys):
        common = form_runs(form_id)
        found = {
            question: kept for question, (_title, text) in answers.items() if (kept := texts.print_of(text, common))
        }
        rows.append({"application_id": key, "prints": found, "made_at": now})
    if rows:
        db.session.execute(delete(BidPrint).where(BidPrint.application_id.in_([row["application_id"] for row in rows])))
        db.session.execute(insert(BidPrint), rows)
    return len(rows)


def stale_prints(partnership_bids: Iterable[int]) -> list[int]:
    """The bids among these that have no fingerprints, or answers that were saved since."""
    saved = (
        select(Answer.application_id, func.max(Answer.saved_at).label("at")).group_by(Answer.application_id).subquery()
    )
    wanted = (
        select(Application.id)
        .outerjoin(BidPrint, BidPrint.application_id == Application.id)
        .outerjoin(saved, saved.c.application_id == Application.id)
        .where(Application.submitted_at.is_not(None), or_(BidPrint.id.is_(None), saved.c.at > BidPrint.made_at))
    )
    among = frozenset(partnership_bids)
    return [key for key in db.session.scalars(wanted.order_by(Application.id)) if key in among]


_runs: dict[tuple[int, str | None], frozenset[int]] = {}


def form_runs(form_id: int) -> frozenset[int]:
    """The runs of a form's own words, kept in the process once it is frozen."""
    form = db.session.get_one(Form, form_id)
    key = (form_id, form.content_sha256)
    if key not in _runs or form.frozen_at is None:
        if len(_runs) > 64:
            _runs.clear()
        asked = asked_form(form).questions
        _runs[key] = texts.common_runs(
            words for each in asked for words in (each.text, each.why, each.help, each.example)
        )
    return _runs[key]


def _texts_of(keys: Iterable[int]) -> Iterator[tuple[int, int, dict[str, tuple[str, str]]]]:
    """(bid, its form, {question key: (question, text)}) of each bid, in one statement."""
    wanted = (
        select(Application.id, Application.form_id, Question.key, Question.text, Answer.value)
        .outerjoin(Answer, Answer.application_id == Application.id)
        .outerjoin(Question, (Question.id == Answer.question_id) & (Question.kind == TEXT))
        .where(Application.id.in_(list(keys)))
        .order_by(Application.id, Question.position)
    )
    found: dict[tuple[int, int], dict[str, tuple[str, str]]] = {}
    for key, form_id, question, title, value in db.session.execute(wanted):
        answers = found.setdefault((key, form_id), {})
        if question is not None and isinstance(value, str):
            answers[question] = (title, value)
    for (key, form_id), answers in found.items():
        yield key, form_id, answers


@finders
def near_texts(scope: Scope) -> Iterator[Found]:
    """Bids that share half of a long answer or more. A text taken over from the organisation's own last bid is none."""
    met = _meeting(scope)
    if not met:
        return
    read = {key: (form_id, answers) for key, form_id, answers in _texts_of({key for pair in met for key in pair})}
    for first, second in sorted(met):
        found = _alike(read[first], read[second])
        if found:
            yield _told(scope.bids[first], scope.bids[second], found)


def _meeting(scope: Scope) -> set[tuple[int, int]]:
    """Pairs of bids, one of them in question, whose fingerprints meet often enough to read both."""
    rows = db.session.execute(select(BidPrint.application_id, BidPrint.prints))
    prints = {key: found for key, found in rows if key in scope.bids}
    asked = {run for key in scope.focus & prints.keys() for kept in prints[key].values() for run in kept}
    holders: dict[int, list[Place]] = defaultdict(list)
    for key, found in prints.items():
        for question, kept in found.items():
            for run in asked.intersection(kept):
                holders[run].append((key, question))
    counts: Counter[tuple[Place, Place]] = Counter()
    for places in holders.values():
        if len(places) > 1:
            counts.update(pair for pair in combinations(places, 2) if _are_compared(scope, pair))
    return {
        (first[0], second[0])
        for (first, second), count in counts.items()
        if count >= max(FEWEST, SOME * min(len(prints[key][question]) for key, question in (first, second)))
    }


def _are_compared(scope: Scope, pair: tuple[Place, Place]) -> bool:
    (first, _), (second, _) = pair
    return (first in scope.focus or second in scope.focus) and _two(scope, first, second)


def _two(scope: Scope, first: int, second: int) -> bool:
    return scope.bids[first].organisation_id != scope.bids[second].organisation_id


Alike = tuple[float, str, str, str, str]


def _alike(first, second) -> list[Alike]:
    """(part shared, question, other question, passage, digest of both texts) for each answer that is near another, nearest first."""
    common = form_runs(first[0]) | form_runs(second[0])
    found: list[Alike] = []
    for title, text in first[1].values():
        best: Alike | None = None
        for other_title, other_text in second[1].values():
            share = texts.compare(text, other_text, common)
            if share is not None and (best is None or share.part > best[0]):
                both = "".join(sorted(hashlib.sha256(each.encode()).hexdigest() for each in (text, other_text)))
                best = (share.part, title, other_title, share.passage, both)
        if best is not None:
            found.append(best)
    return sorted(found, reverse=True)


MOST_TOLD = 5


def _told(bid: Bid, other: Bid, found: list[Alike]) -> Found:
    parts = ", ".join(f"{round(100 * each[0])} per cent" for each in found[:MOST_TOLD])
    many = "One answer reads" if len(found) == 1 else f"{len(found)} answers read"
    return Found(
        "text", bid, other, f"{many} nearly the same: {parts} of the shorter text.",
        [f"{title} “{passage}”" for _part, title, _other, passage, _both in found[:MOST_TOLD]],
        [f"{title} “{passage}”" for _part, _title, title, passage, _both in found[:MOST_TOLD]],
        [sorted([bid.organisation_id, other.organisation_id]), sorted({each[4] for each in found})],
    )  # fmt: skip
