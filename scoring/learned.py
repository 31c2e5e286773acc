"""What a round taught, for everybody: how many bids, and by criterion where they were strong and what held them back.

It is made of what panels agreed, in words and never in counts by criterion, and only from ten bids on: nothing on the page
says how one group did. It opens when every bid is decided and a person has signed the words above it.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from applications.tables import Application
from applications.tables.applications import SUBMITTED_STATES
from fund.core import audit
from fund.core.database import db
from fund.core.problems import Problem, WrongMoment
from fund.tables import Person, Round

from .criteria import criteria_of
from .moderation import agreed_scores_of_all
from .tables import Criterion, LearnedNote

UNDECIDED = ("submitted", "eligible", "in_scoring", "moderated")
FUNDED = ("offered", "accepted", "in_delivery", "closed", "terminated")
FEWEST_BIDS = 10  # below that, words like "most" would be about groups that people can name
SMALL = 5
STRONG, WEAK = 4, 2
SELDOM = ("some", "few or none")
LEAST_WORDS, MOST_WORDS = 40, 4000  # letters


@dataclass(frozen=True)
class ByCriterion:
    """One criterion over all agreed bids: `strong` and `weak` are words for how many, `better` what a 4 asks."""

    title: str
    strong: str
    weak: str
    better: str
    mean: float


@dataclass(frozen=True)
class Learned:
    """`counts` are (what, how many) with small differences hidden; `criteria` the best first, empty for too few bids."""

    counts: list[tuple[str, str]]
    criteria: list[ByCriterion]

    @property
    def strengths(self) -> list[ByCriterion]:
        """The best two, as far as a good share of the bids did them well."""
        return [each for each in self.criteria[:2] if each.strong not in SELDOM]

    @property
    def gaps(self) -> list[ByCriterion]:
        return self.criteria[:1:-1][:2]


def is_decided(round: Round) -> bool:
    """Whether every bid that was sent is decided, and there was one."""
    counts = _states(round)
    return bool(sum(counts.values())) and not any(counts.get(state) for state in UNDECIDED)


def _states(round: Round) -> dict[str, int]:
    wanted = (Application.round_id == round.id, Application.status.in_(SUBMITTED_STATES))
    query = select(Application.status, func.count()).where(*wanted).group_by(Application.status)
    return dict(db.session.execute(query).all())


def learned_from(round: Round) -> Learned:
    """The figures and words of the page; three statements."""
    states, criteria = _states(round), criteria_of(round)
    received, funded = sum(states.values()), sum(states.get(state, 0) for state in FUNDED)
    judged = received - states.get("ineligible", 0)
    counts = [("Bids that came in", _beside(received, funded)), ("Bids offered money", str(funded))]
    if not any(_is_small(step) for step in (received - judged, judged - funded, received - funded)):
        counts.insert(1, ("Bids that the panel judged", str(judged)))
    marks: dict[int, list[int]] = defaultdict(list)
    for agreed in agreed_scores_of_all(round).values():
        for key, row in agreed.items():
            if row.mark is not None:
                marks[key].append(row.mark)
    found = [_about(each, marks[each.id]) for each in criteria if len(marks[each.id]) >= FEWEST_BIDS]
    return Learned(counts, sorted(found, key=lambda each: (-each.mean, each.title)))


def _beside(count: int, next_count: int) -> str:
    """The count, unless the step to the next one would tell of fewer than five groups."""
    return f"{next_count} or a few more" if _is_small(count - next_count) else str(count)


def _is_small(step: int) -> bool:
    return 0 < step < SMALL


def _about(criterion: Criterion, marks: list[int]) -> ByCriterion:
    strong, weak = (
        sum(mark >= STRONG for mark in marks) / len(marks),
        sum(mark <= WEAK for mark in marks) / len(marks),
    )
    return ByCriterion(criterion.title, share_in_words(strong), share_in_words(weak), criterion.descriptors[STRONG], sum(marks) / len(marks))  # fmt: skip


def share_in_words(share: float) -> str:
    """A share as a word, wide enough to tell of nobody."""
    for least, word in ((0.9, "nearly all"), (0.6, "most"), (0.4, "about half"), (0.15, "some")):
        if share >= least:
            return word
    return "few or none"


def note_of(round: Round) -> LearnedNote | None:
    return db.session.scalar(select(LearnedNote).where(LearnedNote.round_id == round.id))


def public_note(round: Round) -> LearnedNote | None:
    """The signed words, once everything is decided; None while the page is not public."""
    note = note_of(round)
    return note if note is not None and note.signed_at is not None and is_decided(round) else None


def write_note(round: Round, words: str, *, seen_version: int | None, by: Person, now: datetime) -> LearnedNote:
    """Keep the words. A signature under other words goes. Raises Problem for too few or too many, Stale when changed elsewhere."""
    if not LEAST_WORDS <= len(words.strip()) <= MOST_WORDS:
        raise Problem(f"Write between {LEAST_WORDS} and {MOST_WORDS:,} characters", "words")
    note = note_of(round)
    if note is None:
        note = LearnedNote(round_id=round.id, words="", version=0)
        db.session.add(note)
    elif note.words == words.strip():
        return note
    else:
        note.check_version(seen_version)
    note.words, note.signed_at, note.signed_by_id, note.signed_as = words.strip(), None, None, None
    note.touch()
    db.session.flush()
    audit.record("learned.write", note, by=by, now=now, round=round.id)
    return note


def sign_note(round: Round, role: str, *, by: Person, now: datetime) -> LearnedNote:
    """Sign the words as they stand: the page is public from then on. Raises WrongMoment before everything is decided."""
    note = note_of(round)
    if note is None:
        raise Problem("Write what the round taught first", "words")
    if not is_decided(round):
        raise WrongMoment("Some bids of this round are not decided yet. Sign when they are.")
    if not role.strip():
        raise Problem("Enter what you sign as, such as head of fund", "role")
    note.signed_at, note.signed_by_id, note.signed_as = now, by.id, role.strip()[:80]
    note.touch()
    db.session.flush()
    audit.record("learned.sign", note, by=by, now=now, round=round.id)
    return note


def take_signature_back(round: Round, *, by: Person, now: datetime) -> None:
    note = note_of(round)
    if note is not None and note.signed_at is not None:
        note.signed_at = note.signed_by_id = note.signed_as = None
        note.touch()
        db.session.flush()
        audit.record("learned.take_back", note, by=by, now=now, round=round.id)
