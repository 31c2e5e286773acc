"""What came of a round, as a paper to take into a meeting: the public page's figures and words, as a PDF or a Word file."""

from datetime import date, datetime

from fund.core.clock import speak_day
from fund.core.pdf import blocks
from fund.core.pdf.document import Document

from .figures import number, whole_pounds
from .outcomes import Facts
from .shown import Headline, Release, Table

ORDER = ("priority", "quarter", "rate-quarter", "place", "strand", "level", "counted", "other", "rate")
CANNOT_SAY = (
    "Groups count the people themselves. Each person is counted once by a group, but somebody helped by two groups is counted twice.",
    "There was no comparison group. The figures show what happened, not that the money made it happen.",
)


def outcomes_paper(facts: Facts, release: Release, threshold: int, today: date, now: datetime) -> Document:
    """The release of a round with its tables instead of charts. Small numbers are hidden as on the page: it is the same release."""
    round, partnership = facts.round, facts.round.fund.partnership
    many = len(facts.awards)
    tables = [table for key in ORDER if (table := release.tables.get(key)) and table.rows]
    return Document(
        title=f"What came of {round.title}",
        blocks=[
            blocks.Heading(1, f"What came of {round.title}"),
            blocks.Paragraph(
                f"{many} project{'' if many == 1 else 's'}, {speak_day(round.delivery_start_on)} to "
                f"{speak_day(round.delivery_end_on)}. As known on {speak_day(today)}."
            ),
            blocks.KeyValue(_headline(release.headline)),
            blocks.Heading(2, "The figures"),
            *(block for table in tables for block in _figures(table)),
            blocks.Heading(2, "In their words"),
            *_stories(facts),
            blocks.Heading(2, "How sure are we?"),
            blocks.BulletList(_sure(facts, release.headline, threshold, today)),
        ],
        created_at=now,
        letterhead=blocks.Letterhead(partnership.name, [partnership.funder_name]),
        reference=f"{round.prefix}, outcomes",
        author=partnership.funder_name,
        subject=f"What came of {round.title}",
    )


def _headline(top: Headline) -> list[tuple[str, str]]:
    rows = [
        ("People reached", f"{number(top.reached)} of {number(top.promised)} promised"),
        ("Money spent", f"{whole_pounds(top.spent_pence)} of {whole_pounds(top.awarded_pence)} awarded"),
    ]
    if top.pence_a_person:
        rows.append(("Cost", f"{whole_pounds(top.pence_a_person)} for each person reached"))
    if top.rate is not None and not isinstance(top.rate, str):
        answered = f" (of {top.response} % who answered)" if top.response is not None else ""
        rows.append((f"{top.rate_measure[0].upper()}{top.rate_measure[1:]}", f"{number(top.rate, 0)} %{answered}"))
    return rows


def _figures(table: Table) -> list[blocks.Block]:
    words = table.words
    wide = [2.5, *(1.7 if at in table.money else 1.2 for at in range(1, len(words.headers)))]
    found: list[blocks.Block] = [
        blocks.Heading(3, table.title),
        blocks.Table(words.headers, words.rows, widths=wide, numeric=range(1, len(words.headers)), row_headers=True),
    ]
    return [*found, blocks.Paragraph(table.note)] if table.note else found


def _stories(facts: Facts) -> list[blocks.Block]:
    if not facts.stories:
        return [blocks.Paragraph("No stories have been published yet.")]
    named = [", ".join(filter(None, (story.organisation, story.title))) for story in facts.stories]
    return [blocks.BulletList([f"“{story.text}” {name}" for story, name in zip(facts.stories, named, strict=True)])]


def _sure(facts: Facts, top: Headline, threshold: int, today: date) -> list[str]:
    said = [
        f"{facts.accepted_count} of {facts.due_count(today)} returns that were due have been read and accepted. Only these count here."
    ]
    if top.response is not None:
        said.append(
            f"{top.response} % of the people asked answered the question about “{top.rate_measure}”. The others may feel differently."
        )
    hidden = f"Small numbers could point at a person: a count from 1 to {threshold - 1} is shown as <{threshold}, and [c] hides a number that would give another one away."
    return [*said, *CANNOT_SAY, hidden]
