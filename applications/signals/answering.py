"""Reading and answering signals. A bid with an unanswered account or listed name, or with a signal answered "held", is held."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased, joinedload

from fund.core import audit, withholding
from fund.core.database import db
from fund.core.problems import Forbidden, Problem, WrongMoment
from fund.members import is_member_of
from fund.tables import Fund, Person, Round

from ..applications import role_of
from ..tables import Application, Signal, SignalAnswer
from ..tables.signals import SIGNAL_ANSWERS
from .kinds import KINDS, Kind
from .standing import standing

LEAST_REASON = 10  # letters


@dataclass(frozen=True)
class Shown:
    """A signal as staff see it, with what was said of the same facts last."""

    signal: Signal
    answer: SignalAnswer | None

    @property
    def kind(self) -> Kind:
        return KINDS[self.signal.kind]

    @property
    def holds(self) -> bool:
        """Whether the bids stand still because of it."""
        return self.kind.holds if self.answer is None else self.answer.answer == "held"

    @property
    def is_open(self) -> bool:
        """Whether a person has still something to say."""
        return self.answer is None or self.answer.answer == "held"

    @property
    def state(self) -> str:
        """Where it stands, in words."""
        if self.answer is not None:
            return SIGNAL_ANSWERS[self.answer.answer]
        if self.holds:
            return "Holds both bids" if self.signal.other_id else "Holds the bid"
        return "To answer"

    def lines_of(self, application: Application | None) -> list[str]:
        """The facts of one side; of the list itself for None."""
        return self.signal.facts["sides"].get(str(application.id if application else 0), [])

    def sides(self) -> list[tuple[Application | None, list[str]]]:
        """Both sides with their facts; None stands for a list."""
        both = (self.signal.application, self.signal.other)
        return [(each, self.lines_of(each)) for each in both]


def _shown(*wanted) -> list[Shown]:
    """Signals that are found now, between bids that stand as sent, open ones first; one statement."""
    shown = [Shown(signal, answer) for signal, answer in db.session.execute(standing(*wanted))]
    return sorted(shown, key=lambda each: (not each.holds, not each.is_open, each.signal.id))


def _answers(digests: Collection[str]) -> dict[str, SignalAnswer]:
    """The latest answer about the same facts, wherever it was given, also where no signal stands any more."""
    if not digests:
        return {}
    query = select(Signal.digest, SignalAnswer).join(Signal, Signal.id == SignalAnswer.signal_id)
    query = query.where(Signal.digest.in_(digests)).options(joinedload(SignalAnswer.answered_by)).order_by(SignalAnswer.id)  # fmt: skip
    return {row[0]: row[1] for row in db.session.execute(query)}


def signals_of(application: Application) -> list[Shown]:
    """The signals of one bid, on whichever side it stands."""
    return _shown(or_(Signal.application_id == application.id, Signal.other_id == application.id))


def signal_of(application: Application, key: int) -> Shown | None:
    """One signal of this bid, or None; also None when it is gone or kept from the reader."""
    return next((each for each in signals_of(application) if each.signal.id == key), None)


def signals_about(digests: Collection[str]) -> tuple[dict[str, SignalAnswer], dict[str, Signal]]:
    """The latest answer and one open signal of each of these facts, by digest. It sees everything, whoever asks."""
    with withholding.whole():
        shown = _shown(Signal.digest.in_(digests))
        return _answers(digests), {each.signal.digest: each.signal for each in reversed(shown)}


def answer_signal(shown: Shown, answer: str, reason: str, *, by: Person, now: datetime) -> SignalAnswer:
    """Say that a signal is no problem, or that the bids are held, and why. It holds wherever the same facts meet again.

    Raises Problem without a reason, WrongMoment for what was said already, Forbidden for people of either side.
    """
    signal = shown.signal
    if answer not in SIGNAL_ANSWERS:
        raise Problem("Choose “not a problem” or “held”", "answer")
    if len(reason.strip()) < LEAST_REASON:
        raise Problem("Say why, in a few words that another officer understands", "reason")
    if any(_belongs(by, each) for each in (signal.application, signal.other) if each is not None):
        raise Forbidden("This is about a bid of your own organisation. Somebody else must answer.")
    if shown.answer is not None and shown.answer.answer == answer:
        raise WrongMoment(f"{shown.answer.answered_by.name} has answered this already.")
    row = SignalAnswer(signal_id=signal.id, answer=answer, reason=reason.strip(), answered_at=now, answered_by_id=by.id)
    db.session.add(row)
    db.session.flush()
    audit.record("signal.answer", signal, by=by, now=now, kind=signal.kind, answer=answer)
    return row


def history_of(shown: Shown) -> list[SignalAnswer]:
    """Everything that was said of the same facts, oldest first."""
    query = select(SignalAnswer).join(Signal, Signal.id == SignalAnswer.signal_id)
    query = query.where(Signal.digest == shown.signal.digest).options(joinedload(SignalAnswer.answered_by))
    return list(db.session.scalars(query.order_by(SignalAnswer.id)))


def _belongs(person: Person, application: Application) -> bool:
    return role_of(person, application) is not None or is_member_of(person, application.organisation)


def holding(application: Application, *kinds: str) -> list[Shown]:
    """The signals that hold a bid now, of these kinds or of all. It sees everything, whoever asks."""
    with withholding.whole():
        return [each for each in signals_of(application) if each.holds and (not kinds or each.signal.kind in kinds)]


def check_nothing_held(application: Application, *kinds: str) -> None:
    """Raises Problem while a signal holds this bid (rule 3). The sentence says nothing about the other side."""
    for each in holding(application, *kinds):
        if each.answer is None:
            raise Problem(f"{application.reference} is held: “{each.kind.title}” has to be answered first.")
        raise Problem(f"{application.reference} is held: “{each.kind.title}”. {each.answer.answered_by.name} held it.")


def to_answer(*rounds) -> list[tuple[int, str, int]]:
    """(key, title, how many) of the rounds under these conditions whose signals nobody has answered; one statement."""
    side, same = aliased(Application), aliased(Signal)
    answered = select(SignalAnswer.id).join(same, same.id == SignalAnswer.signal_id).where(same.digest == Signal.digest)
    query = (
        select(Round.id, Round.title, func.count(func.distinct(Signal.id)))
        .join(Fund, Fund.id == Round.fund_id)
        .join(side, side.round_id == Round.id)
        .join(Signal, or_(Signal.application_id == side.id, Signal.other_id == side.id))
        .where(Signal.gone_at.is_(None), side.submitted_at.is_not(None), ~answered.exists(), *rounds)
        .group_by(Round.id, Round.title)
        .order_by(Round.id)
    )
    return [(key, title, count) for key, title, count in db.session.execute(query)]
