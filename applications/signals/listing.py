"""The signals of a round as a list: which to show, how sorted, how many there are."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, case, func, not_, or_, select, true

from fund.core.clock import speak_moment
from fund.core.database import db
from fund.rounds import seen_by
from fund.tables import Fund, Organisation, Person, Round

from ..permissions import READERS
from ..tables import Application, Signal, SignalAnswer
from .answering import Shown
from .kinds import KINDS
from .standing import IS_HOLDING, IS_OPEN, OTHER, OTHERS, standing

FILTERS = {"open": "To answer", "held": "Holding a bid", "answered": "Answered", "all": "All"}
SHOWN = {"open": IS_OPEN, "held": IS_HOLDING, "answered": not_(IS_OPEN), "all": true()}
SORTS = {
    "state": case((IS_HOLDING, 0), (IS_OPEN, 1), else_=2),
    "kind": case({key: kind.title for key, kind in KINDS.items()}, value=Signal.kind),
    "bid": Application.reference,
    "organisation": func.lower(Organisation.name),
    "other": OTHER.reference,
    "found": Signal.found_at,
}


@dataclass(frozen=True)
class Wanted:
    """What the reader asked to see: a key of `FILTERS`, a kind or "", words of a reference or a name or ""."""

    show: str = "open"
    kind: str = ""
    words: str = ""

    def conditions(self) -> Iterator[Any]:
        yield SHOWN[self.show]
        if self.kind:
            yield Signal.kind == self.kind
        if self.words and "\x00" not in self.words:
            columns = (Application.reference, Organisation.name, OTHER.reference, OTHERS.name)
            yield or_(*(func.lower(column).contains(self.words.lower(), autoescape=True) for column in columns))


def in_round(round: Round, reader: Person, *, now: datetime) -> tuple[Any, ...]:
    """What holds for the signals of a round whose bids the reader may read, both of them: some staff have one round only."""
    readable = select(Round.id).join(Fund, Fund.id == Round.fund_id).where(seen_by(reader, *READERS, now=now))
    both = and_(Application.round_id.in_(readable), or_(Signal.other_id.is_(None), OTHER.round_id.in_(readable)))
    return or_(Application.round_id == round.id, OTHER.round_id == round.id), both


def listed(here: tuple[Any, ...], wanted: Wanted) -> Select:
    """The signals among these that were asked for, unsorted."""
    return standing(*here, *wanted.conditions())


def counted(here: tuple[Any, ...]) -> tuple[int, int]:
    """(how many signals there are among these, how many without an answer); one statement."""
    rows = standing(*here).with_only_columns(Signal.id, SignalAnswer.id.label("answer")).subquery()
    total, answered = db.session.execute(select(func.count(), func.count(rows.c.answer)).select_from(rows)).one()
    return total, total - answered


HEADERS = (
    "Signal", "State", "Bid", "Organisation", "Its facts", "Other bid", "Other organisation", "Facts of the other", "What was found",
    "Found", "Answered by", "Answered", "Because",
)  # fmt: skip


def line_of(shown: Shown) -> tuple[str, ...]:
    """One signal as a row of the export."""
    (bid, mine), (other, theirs) = shown.sides()
    answer = shown.answer
    return (
        shown.kind.title, shown.state, bid.reference if bid else "", bid.organisation.name if bid else "", " · ".join(mine),
        other.reference if other else "", other.organisation.name if other else "The list", " · ".join(theirs),
        shown.signal.facts["says"], speak_moment(shown.signal.found_at), answer.answered_by.name if answer else "",
        speak_moment(answer.answered_at) if answer else "", answer.reason if answer else "",
    )  # fmt: skip
