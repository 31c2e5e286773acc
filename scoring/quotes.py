"""Quotes: an assessor holds a sentence of the bid beside a criterion, and the panel reads it there."""

from collections import defaultdict
from datetime import datetime

from sqlalchemy import func, select

from applications.answers import values_of
from applications.tables import Application
from applications.voices import notes_of, transcripts, with_spoken
from fund.core import audit
from fund.core.database import db
from fund.core.problems import Problem
from fund.tables import Person

from .blind import is_blind, mask, names_in
from .scores import check_open
from .tables import Assignment, Criterion, Quote, Seat

LONGEST = 600
MOST = 6  # for one criterion of one reading


def plain(words: str) -> str:
    """Words with single spaces: what a browser selects differs from what was typed only in these."""
    return " ".join(words.split())


def add_quote(
    assignment: Assignment, criterion: Criterion, question_key: str, words: str, *, by: Person, now: datetime
) -> Quote:
    """Hold words of one answer beside a criterion. Raises Problem for words that do not stand there; twice is once."""
    check_open(assignment)
    words = plain(words)
    if not words:
        raise Problem("Select or type a sentence of the bid", f"quote-{criterion.id}")
    if len(words) > LONGEST:
        raise Problem(f"Choose {LONGEST} characters or fewer", f"quote-{criterion.id}")
    application = assignment.application
    values = with_spoken(values_of(application), transcripts(notes_of(application)))
    if is_blind(assignment.seat, application.round):
        values = mask(values, names_in(application))
    answers = {question_key: values[question_key]} if question_key in values else values
    key = next((key for key, text in answers.items() if isinstance(text, str) and words in plain(text)), None)
    if key is None:
        raise Problem("These words do not stand in the bid. Copy them exactly.", f"quote-{criterion.id}")
    mine = (Quote.assignment_id == assignment.id, Quote.criterion_id == criterion.id)
    old = db.session.scalar(select(Quote).where(*mine, Quote.words == words))
    if old is not None:
        return old
    if db.session.scalar(select(func.count()).select_from(Quote).where(*mine)) >= MOST:
        raise Problem(f"A criterion holds {MOST} quotes. Remove one first.", f"quote-{criterion.id}")
    row = Quote(assignment_id=assignment.id, criterion_id=criterion.id, question_key=key, words=words, added_at=now)
    db.session.add(row)
    db.session.flush()
    audit.record("quote.add", row, by=by, now=now, criterion=criterion.code, question=key)
    return row


def remove_quote(quote: Quote, assignment: Assignment, *, by: Person, now: datetime) -> None:
    check_open(assignment)
    audit.record("quote.remove", quote, by=by, now=now, question=quote.question_key)
    db.session.delete(quote)
    db.session.flush()


def quote_of(assignment: Assignment, key: int) -> Quote | None:
    """One quote of this reading and of no other."""
    return db.session.scalar(select(Quote).where(Quote.id == key, Quote.assignment_id == assignment.id))


def quotes_about(application: Application) -> dict[int, list[tuple[str, str]]]:
    """{criterion key: [(member's label, words)]} of finished readings, each quote once. One statement."""
    query = select(Quote.criterion_id, Seat.label, Quote.words).join(Assignment, Assignment.id == Quote.assignment_id)
    wanted = (Assignment.application_id == application.id, Assignment.status == "sealed")
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for criterion, label, words in db.session.execute(query.join(Seat).where(*wanted).order_by(Quote.id)):
        if words not in [each for _, each in found[criterion]]:
            found[criterion].append((label, words))
    return found
