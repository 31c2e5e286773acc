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
NEAR = 0.75  # of the kept runs of the shorter text: a light rewording of five words or so keeps as much
SURE = 0.9  # so much of one answer alone is a signal
FEW_ANSWERS = 2  # otherwise two answers are
FEWEST = 5  # kept runs that both have: some twenty words
MANY = 5  # organisations; what more of them write is taken from somewhere that all may take from
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
    """Bids with one long answer that is the same, or two that are nearly so. A text taken over from the organisation's own
    last bid is none, and words that more than five organisations use are nobody's."""
    met = {pair: places for pair, places in _meeting(scope).items() if _is_enough(places)}
    if not met:
        return
    read = {key: (form_id, answers) for key, form_id, answers in _texts_of({key for pair in met for key in pair})}
    for pair, places in sorted(met.items()):
        alike = [_alike(read[pair[0]], read[pair[1]], *each) for each in places]
        yield _told(scope.bids[pair[0]], scope.bids[pair[1]], sorted(filter(None, alike), reverse=True))


Near = tuple[float, str, str]  # the part of the shorter text, and the question of each bid


def _is_enough(places: list[Near]) -> bool:
    return len(places) >= FEW_ANSWERS or places[0][0] >= SURE


def _meeting(scope: Scope) -> dict[tuple[int, int], list[Near]]:
    """Pairs of bids, one of them in question, with the answers that are near, nearest first; each answer once."""
    sizes, holders = _holders(scope)
    counts: Counter[tuple[Place, Place]] = Counter()
    for places in holders.values():
        if len(places) > 1:
            counts.update(pair for pair in combinations(places, 2) if _are_compared(scope, pair))
    near: dict[tuple[int, int], list[Near]] = defaultdict(list)
    for (first, second), count in counts.items():
        part = count / min(sizes[first], sizes[second])
        if count >= FEWEST and part >= NEAR:
            near[first[0], second[0]].append((part, first[1], second[1]))
    return {pair: _each_once(sorted(places, reverse=True)) for pair, places in near.items()}


def _holders(scope: Scope) -> tuple[dict[Place, int], dict[int, list[Place]]]:
    """How many kept runs each answer has, and who has each run of the bids in question; both without what many organisations use.

    Only runs of the bids in question are looked up, so that one bid that was just sent costs little.
    """
    rows = db.session.execute(select(BidPrint.application_id, BidPrint.prints))
    prints: dict[Place, list[int]] = {
        (key, question): kept for key, found in rows if key in scope.bids for question, kept in found.items()
    }
    asked = {run for (key, _question), kept in prints.items() if key in scope.focus for run in kept}
    holders: dict[int, list[Place]] = defaultdict(list)
    for place, kept in prints.items():
        for run in asked.intersection(kept):
            holders[run].append(place)
    sizes = {place: len(kept) for place, kept in prints.items()}
    for run, places in list(holders.items()):
        if len(places) > MANY and len({scope.bids[key].organisation_id for key, _question in places}) > MANY:
            del holders[run]
            for place in places:
                sizes[place] -= 1
    return sizes, holders


def _each_once(places: list[Near]) -> list[Near]:
    """The nearest partner of each answer of the first bid."""
    found: dict[str, Near] = {}
    for each in places:
        found.setdefault(each[1], each)
    return list(found.values())


def _are_compared(scope: Scope, pair: tuple[Place, Place]) -> bool:
    (first, _), (second, _) = pair
    return (first in scope.focus or second in scope.focus) and scope.bids[first].organisation_id != scope.bids[second].organisation_id  # fmt: skip


Alike = tuple[float, str, str, str, str]


def _alike(first, second, part: float, question: str, other: str) -> Alike | None:
    """(part shared, question, other question, passage, digest of both texts), from the texts themselves."""
    if question not in first[1] or other not in second[1]:
        return None
    (title, text), (other_title, other_text) = first[1][question], second[1][other]
    passage = texts.passage(text, other_text, form_runs(first[0]) | form_runs(second[0]))
    both = "".join(sorted(hashlib.sha256(each.encode()).hexdigest() for each in (text, other_text)))
    return part, title, other_title, passage, both


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
