"""What is still missing before a bid can be sent: one list for the task list, the check page and the server."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from .forms import AskedForm, AskedQuestion, AskedSection
from .question_types import Facts
from .tables import Application
from .voices import counted

UNANSWERED = "Answer this question"


@dataclass(frozen=True)
class Gap:
    """One thing that stops the bid, with the question it belongs to."""

    question: AskedQuestion
    sentence: str


def facts_for(application: Application, values: dict[str, Any]) -> Facts:
    round = application.round
    window = (round.delivery_start_on.isoformat(), round.delivery_end_on.isoformat())
    return Facts(values, window, lambda: counted(application))


def gaps_of(question: AskedQuestion, facts: Facts) -> list[str]:
    """What is wrong with one answer; an empty answer is wrong only when it is required."""
    value = facts.values.get(question.key)
    if value is None:
        return [UNANSWERED] if question.required and question.key not in facts.spoken else []
    return question.type.gaps(question, value, facts)


def find_gaps(form: AskedForm, facts: Facts) -> Iterator[Gap]:
    for question in form.questions:
        if question.is_asked(facts.values):
            for sentence in gaps_of(question, facts):
                yield Gap(question, sentence)


def warnings_of(question: AskedQuestion, facts: Facts) -> list[str]:
    value = facts.values.get(question.key)
    return [] if value is None else question.type.warnings(question, value, facts)


@dataclass(frozen=True)
class SectionState:
    """How far a section is: `state` is done, started, not_started, or optional when nothing of it is asked of everybody and
    nothing is answered; `next_key` is the question to open."""

    section: AskedSection
    state: str
    answered: int
    asked: int
    next_key: str


def section_states(form: AskedForm, facts: Facts, stopped: Collection[str] = ()) -> list[SectionState]:
    """Every section that is asked. `stopped`: questions whose answer by itself is fine and yet stops the bid (the cap)."""
    found = []
    for section in form.sections:
        asked = [question for question in section.questions if question.is_asked(facts.values)]
        if not asked:
            continue
        open_ones = [question for question in asked if question.key in stopped or gaps_of(question, facts)]
        answered = sum(question.key in facts.values or question.key in facts.spoken for question in asked)
        state = "done" if not open_ones else ("started" if answered else "not_started")
        if not any(question.required for question in asked) and not answered:
            state = "optional"
        found.append(SectionState(section, state, answered, len(asked), (open_ones or asked)[0].key))
    return found
