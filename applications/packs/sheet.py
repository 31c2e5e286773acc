"""A pack of a round or of one draft, as blocks: what is asked, with a box for every answer."""

from typing import Any

from fund.core.clock import speak_moment
from fund.tables import Round

from ..forms import AskedForm, AskedQuestion
from ..question_types.dates import window_sentence
from ..tables import Application
from .blocks import Block, Grid, Heading, Pack, Words
from .boxes import grid_of, hints_of
from .codes import pack_code

HOW = (
    "Write your answers in the boxes. Each box can grow. You can do it in any order and in many sittings.",
    "Leave the codes in the first column as they are. They show us which box is which.",
    "In a list, put an X in the small box beside what you choose.",
    "In a table, use one line for each thing. You can add lines at the end.",
    "Save the file as Word (docx) or OpenDocument (odt). On the website, open your bid, choose “Work offline” and put the file there.",
    "You will see every answer before anything is saved. A bid counts only when it is sent on the website.",
)


def pack_of(
    round: Round, asked: AskedForm, values: dict[str, Any] | None = None, application: Application | None = None
) -> Pack:
    """A blank pack, or one for a draft with what it says already. The round comes with its fund and partnership."""
    values = values or {}
    blocks: list[Block] = [Heading(0, "Application form"), *_opening(round, asked, application)]
    for number, section in enumerate(asked.sections, 1):
        blocks.append(Heading(1, f"{number}. {section.title}"))
        for question in section.questions:
            blocks += _question(round, asked, question, values.get(question.key))
    blocks.append(Words(f"End of the form. Keep this code: {pack_code(round, asked)}", "quiet"))
    return Pack(f"Application form: {round.title}", round.fund.partnership.name, blocks)


def _opening(round: Round, asked: AskedForm, application: Application | None) -> list[Block]:
    rows = [
        ["Round", round.title],
        ["Closes", f"{speak_moment(round.closes_at)} (London time)"],
        ["Form", f"Version {asked.number}"],
        ["Code of this pack", str(pack_code(round, asked))],
    ]
    if application is not None:
        rows += [["Your bid", application.reference], ["Organisation", application.organisation.name]]
    return [Grid(rows, [30, 70]), Heading(1, "How to fill this in"), *(Words(each, "bullet") for each in HOW)]


def _question(round: Round, asked: AskedForm, question: AskedQuestion, value: Any) -> list[Block]:
    found: list[Block] = [Heading(2, question.text)]
    about = [
        question.why,
        question.help,
        window_sentence(round.delivery_start_on, round.delivery_end_on) if question.kind == "dates" else "",
    ]
    about.append(f"Up to {question.word_limit} words." if question.word_limit else "")
    about += ["" if question.required else "You can leave this out.", asked.who_is_asked(question)]
    about.append("You can also say your answer: record it on the website." if question.may_be_spoken else "")
    if words := " ".join(filter(None, about)):
        found.append(Words(words))
    if question.example:
        found.append(Words(f"Example: {question.example}", "example"))
    grid = grid_of(asked, question, value)
    if grid is None:
        return [*found, Words("Answer this one on the website. It cannot be done on paper.", "quiet")]
    return [*found, *(Words(hint, "bullet") for hint in _hints(question)), grid]


def _hints(question: AskedQuestion) -> list[str]:
    """What the choices mean, and what may be written in the columns of a table."""
    choices = question.settings.get("choices") or []
    explained = question.kind in ("level", "radios", "checkboxes") and isinstance(choices, list)
    meanings = [f"{row[1]}: {row[2]}" for row in choices if len(row) > 2 and row[2]] if explained else []
    return [*meanings, *hints_of(question)]
