"""How a round's bids are scored, as a file to take away: what each part counts for, what we read, and what each mark means."""

from collections.abc import Sequence

from applications.forms import AskedForm
from fund.core.pdf import blocks
from fund.core.pdf.document import Document
from fund.tables import Round

from .criteria import MARK_WORDS
from .tables import Criterion


def reads_words(criterion: Criterion, asked: AskedForm | None) -> str:
    """Which answers count here, by the questions' own words: applicants see no codes. Of a short form's pair, the full one."""
    found = [question.text for key in criterion.reads if asked and (question := asked.question(key))]
    if not found:
        return ""
    first = "We read your answer to this question" if len(found) == 1 else "We read your answers to these questions"
    return f"{first}: {' '.join(found)}"


def criteria_document(round: Round, criteria: Sequence[Criterion], asked: AskedForm | None = None) -> Document:
    """The words of the public page. The criteria stand still once the round is published, and so does the file."""
    found: list[blocks.Block] = [
        blocks.Heading(1, "How we score bids"),
        blocks.Paragraph(
            f"{round.title}. At least {round.panel_quorum} people read each bid on their own. They give each part a mark from 0 "
            "to 5 and say why. Then they meet and agree."
        ),
        blocks.Paragraph("Some parts count for more. All weights together make 100."),
    ]
    if round.view_weight:
        found.append(blocks.Paragraph(
            "Young people and people with lived experience on the panel also say what they think: would this make people safer "
            f"where they live? They choose one of four pictures. Their view counts for {round.view_weight} of 100 in the total, "
            "and the parts below for the rest."
        ))  # fmt: skip
    for each in criteria:
        found += _criterion(each, asked)
    return Document(
        title=f"How we score bids: {round.title}", blocks=found, created_at=round.opens_at, reference=round.prefix,
        author=round.fund.partnership.funder_name,
    )  # fmt: skip


def _criterion(each: Criterion, asked: AskedForm | None) -> list[blocks.Block]:
    words = [each.guidance or "", reads_words(each, asked)]
    if each.minimum_mark is not None:
        words.append(f"A bid needs at least {each.minimum_mark} here.")
    if each.optional_for:
        words.append(
            f"If your bid is for priority {' or '.join(each.optional_for)}, you can explain why this does not apply. Then the "
            "other parts count for 100."
        )
    marks = [(f"{mark} ({MARK_WORDS[mark]})", descriptor) for mark, descriptor in enumerate(each.descriptors)]
    return [
        blocks.Heading(2, f"{each.title}: counts for {each.weight} of 100"),
        blocks.Paragraph(" ".join(filter(None, words))),
        blocks.KeyValue(marks),
    ]
