"""The Easy Read page of a round: short sentences, one idea each, beside pictures, for people who find reading hard.

A round has one from the start: the first draft is made of the round's own facts. An officer may write it better; then those
words hold. How it is written follows "Making written information easier to understand", Department of Health, 2010.
"""

import re
from datetime import datetime

from sqlalchemy import select

from fund.caps import caps_of
from fund.core import audit
from fund.core.clock import speak_day, speak_moment
from fund.core.database import db
from fund.core.money import short_pounds
from fund.core.problems import Problem
from fund.rounds import priorities_of
from fund.tables import Person, Round

from .reading_age import verdict
from .tables import EasyRead

PICTURES = {
    "money": "Pound coins", "people": "A group of people", "safe": "A shield with a tick", "calendar": "A calendar", "clock": "A clock",
    "form": "A form and a pen", "telephone": "A telephone", "email": "An envelope", "help": "A person with a question",
    "place": "A house where people meet", "yes": "A tick", "no": "A cross", "read": "An open book", "speak": "A person who speaks",
    "decide": "Two people who talk",
}  # fmt: skip
MOST_LINES, MOST_LETTERS = 24, 300
MOST_WORDS = 15  # in one sentence
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")

Line = dict[str, str]


def written_for(round: Round) -> EasyRead | None:
    """What an officer wrote; None while the first draft holds."""
    return db.session.scalar(select(EasyRead).where(EasyRead.round_id == round.id))


def lines_for(round: Round) -> list[Line]:
    """The lines to show: {"picture", "words"}."""
    written = written_for(round)
    return written.lines if written else first_draft(round)


def first_draft(round: Round) -> list[Line]:
    """The page as the round's own facts say it: what the money is for, how much, who can ask, by when, and who helps."""
    partnership, caps = round.fund.partnership, caps_of(round)
    return [
        _line("money", f"We are {partnership.funder_name}.\nWe have money to give to groups."),
        _line("safe", "The money is for work that keeps people safe from violence."),
        *(_line("people", f"You can ask for money for this:\n{each.priority.title.strip().rstrip('.')}.") for each in priorities_of(round)),
        *(_line("money", f"{_upper(cap.plural)} can ask for up to {short_pounds(cap.most_pence)}.") for cap in caps),
        _line("no", "One person alone cannot ask.\nYou must be a group."),
        _line("place", f"The work must be in {partnership.short_name}."),
        _line("calendar", f"You can start on {speak_moment(round.opens_at)}."),
        _line("clock", f"You must send your form before {speak_moment(round.closes_at)}.\nA form that comes later is too late."),
        _line("calendar", f"The work can be from {speak_day(round.delivery_start_on)} to {speak_day(round.delivery_end_on)}."),
        _line("form", "You fill in a form.\nYou can do it online or on paper.\nYou can stop and go on another day."),
        _line("help", "Someone you trust can help you fill it in."),
        _line("decide", "People read what you wrote.\nThen we say yes or no.\nWe tell you why."),
        *([_line("calendar", f"You hear from us by {speak_day(round.decisions_by)}.")] if round.decisions_by else []),
        _line("telephone", f"Do you want to ask something?\nCall us on {partnership.phone}."),
        _line("email", f"Or write to us:\n{partnership.email}"),
    ]  # fmt: skip


def _line(picture: str, words: str) -> Line:
    return {"picture": picture, "words": words}


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]


def write_easy_read(
    round: Round, lines: list[Line], seen_version: int | None, *, by: Person, now: datetime
) -> EasyRead:
    """Keep an officer's own words; they hold from now on. Raises Problem beside the line, Stale when a colleague was quicker."""
    kept = [_checked(place, line) for place, line in enumerate(lines, start=1) if line["words"].strip()]
    if not kept:
        raise Problem("Write at least one line", "words_1")
    if len(kept) > MOST_LINES:
        raise Problem(f"Keep it to {MOST_LINES} lines")
    written = written_for(round)
    if written is None:
        written = EasyRead(round_id=round.id, saved_at=now, saved_by_id=by.id, lines=kept, version=1)
        db.session.add(written)
    else:
        written.check_version(seen_version)
        written.lines, written.saved_at, written.saved_by_id = kept, now, by.id
        written.touch()
    db.session.flush()
    audit.record("easy_read.write", written, by=by, now=now, round=round.id, lines=len(kept), version=written.version)
    return written


def _checked(place: int, line: Line) -> Line:
    words = "\n".join(each.strip() for each in line["words"].splitlines() if each.strip())
    if line["picture"] not in PICTURES:
        raise Problem(f"Line {place}: choose a picture", f"picture_{place}")
    if len(words) > MOST_LETTERS:
        raise Problem(f"Line {place}: keep it to one idea, at most {MOST_LETTERS} letters", f"words_{place}")
    return {"picture": line["picture"], "words": words}


def hints_for(words: str | None) -> list[tuple[str, str]]:
    """What an officer could mend in a line, as (sentence, colour of the tag): its reading age and its longest sentence."""
    found = [hint for hint in (verdict(words),) if hint]
    longest = max((len(each.split()) for each in _SENTENCE.split(words or "")), default=0)
    if longest > MOST_WORDS:
        found.append((f"A sentence of {longest} words: make two", "yellow"))
    return found
