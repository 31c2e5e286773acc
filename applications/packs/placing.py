"""What a pack would do to a draft, question by question: nothing here changes anything."""

from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from ..answers import answers_of
from ..caps import room_for
from ..completeness import facts_for, gaps_of, warnings_of
from ..forms import AskedQuestion, form_of
from ..question_types import show
from ..question_types.budget import total_of
from ..tables import Answer, Application, PackUpload
from .hearing import hear

STATES = {
    "new": ("New answer", "green"),
    "look": ("New answer, please look", "yellow"),
    "replaces": ("Would replace yours", "yellow"),
    "not_understood": ("Not understood", "red"),
    "same": ("The same already", "grey"),
    "stays": ("Not in the pack, stays as it is", "grey"),
    "empty": ("Not answered", "grey"),
}
CHOOSE = ("new", "look", "replaces")  # states in which there is something to take


@dataclass
class Placement:
    """One question. `value` is what would be saved, `there` what is saved now at `version` (0 for nothing)."""

    question: AskedQuestion
    state: str
    value: Any = None
    there: Any = None
    version: int = 0
    typed: str = ""
    sentences: list[str] = field(default_factory=list)

    @property
    def can_be_taken(self) -> bool:
        return self.state in CHOOSE

    @property
    def needs_a_choice(self) -> bool:
        """A fresh answer with nothing against it is taken unless somebody says no; everything else is asked about."""
        return self.state in ("look", "replaces")

    @property
    def shown(self) -> Markup | str:
        return show(self.question, self.value)

    @property
    def shown_there(self) -> Markup | str:
        return show(self.question, self.there)

    @property
    def words(self) -> tuple[str, str]:
        return STATES[self.state]


def placements_of(application: Application, upload: PackUpload) -> list[Placement]:
    """Every question of the form with what the pack says about it, in the order of the form. Settled ones are left out."""
    asked, rows, boxes = form_of(application), answers_of(application), upload.content.get("boxes", {})
    heard = {question.key: hear(question, boxes[question.key]) for question in asked.questions if question.key in boxes}
    now_there = {key: row.value for key, row in rows.items() if row.value is not None}
    together = {**now_there, **{key: each.value for key, each in heard.items() if each.value is not None}}
    found = []
    for question in asked.questions:
        if question.key not in upload.settled:
            found.append(_placed(application, question, rows.get(question.key), heard.get(question.key), together))
            if found[-1].state == "new" and not upload.content.get("is_current"):
                found[-1].state = "look"  # the question may have been another one when this was written
    return found


def _placed(application: Application, question: AskedQuestion, row: Answer | None, heard, together) -> Placement:
    there = row.value if row else None
    placed = Placement(question, "empty", there=there, version=row.version if row else 0)
    if heard is None or (heard.value is None and not heard.typed and not heard.sentences):
        placed.state = "empty" if there is None else "stays"
        return placed
    placed.value, placed.typed, placed.sentences = heard.value, heard.typed, list(heard.sentences)
    if heard.value is None:
        placed.state = "not_understood"
    elif heard.value == there and not heard.sentences:
        placed.state = "same"
    else:
        placed.sentences += sentences_against(application, question, heard.value, together)
        placed.state = "replaces" if there is not None else ("look" if placed.sentences else "new")
    return placed


def sentences_against(
    application: Application, question: AskedQuestion, value: Any, together: dict[str, Any]
) -> list[str]:
    """What the page would say about this answer: too long, not complete, over the cap (rules 1 and 3), outside the window."""
    facts = facts_for(application, {**together, question.key: value})
    found = [*gaps_of(question, facts), *warnings_of(question, facts)]
    if question.type.needs_cap and question.key in ("asked", "budget"):
        room = room_for(application, value if question.key == "asked" else total_of(value))
        found += [room.sentence] if room.is_over else []
    return found
