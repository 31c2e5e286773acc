"""The words of every kind of letter: facts in, a Document out. The PDF and the page are both made from that one Document.

What a letter says is its partnership's template, which the facts carry with them; who writes to whom, and the title, stand
here. Nothing asks the clock or the database: the same facts give the same Document on any day and any machine.
"""

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from fund.core.clock import speak_day
from fund.core.pdf import blocks
from fund.core.pdf.document import Attachment, Document

from .letter_fields import fields_of, lacking
from .letter_markdown import TemplateProblem, read

Facts = dict[str, Any]
FOLDER = Path(__file__).parent / "data" / "letters"

TITLES = {
    "award": "Award letter",
    "conditional": "Conditional award letter",
    "unsuccessful": "The decision about your bid",
    "ineligible": "Your bid is not eligible",
    "variation": "Changed award letter",
    "reminder": "Our offer waits for your answer",
    "closure": "Your grant is finished",
    "ending": "Your grant ends early",
    "withdrawal": "You withdrew from your grant",
}


@cache
def standard_words(kind: str) -> str:
    """The template that ships with the system."""
    return (FOLDER / f"{kind}.md").read_text(encoding="utf-8")


def document_of(facts: Facts) -> Document:
    """The letter that these facts make. Raises TemplateProblem when a fact is missing: a letter never has a blank."""
    title = TITLES[facts["kind"]]
    partnership = facts["partnership"]
    return Document(
        title=title,
        blocks=[*_opening(facts, title), *body_of(facts)],
        created_at=datetime.fromisoformat(facts["made_at"]),
        letterhead=blocks.Letterhead(partnership["name"], [partnership["funder"], *partnership["address"]]),
        reference=letter_reference(facts),
        author=partnership["funder"],
        subject=f"{title} {facts['reference']}",
        attachments=[_facts_as_file(facts)],
    )


def body_of(facts: Facts) -> list[blocks.Block]:
    """The template that the facts carry, filled with them. Raises TemplateProblem also when a part is not there that a
    letter of this kind must have."""
    kind = facts["kind"]
    fields = fields_of(kind, facts)
    found = read(words_of(facts), fields)
    if missing := lacking(kind, fields.used):
        names = ", ".join(f"“{name}”" for name in missing)
        raise TemplateProblem(
            f"This letter must have the {'field' if len(missing) == 1 else 'fields'} {names}. Put {'it' if len(missing) == 1 else 'them'} in."
        )
    return found


def words_of(facts: Facts) -> str:
    """The template that a letter was made with; letters older than templates were made with the standard words."""
    return facts["template"]["words"] if "template" in facts else standard_words(facts["kind"])


def letter_reference(facts: Facts) -> str:
    """ "VPF-2024-0042, letter 1": at the foot of each page."""
    return f"{facts['reference']}, letter {facts['number']}"


def _facts_as_file(facts: Facts) -> Attachment:
    shown = facts | {"template": facts["template"]["number"]} if "template" in facts else facts
    content = json.dumps(shown, sort_keys=True, ensure_ascii=False, indent=1).encode(errors="backslashreplace")
    return Attachment("facts.json", content, "application/json", "The facts of this letter, for machines")


def _opening(facts: Facts, title: str) -> list[blocks.Block]:
    to = [facts["contact"], facts["organisation"], *facts["address"]]
    return [
        blocks.Paragraph("\n".join(line for line in to if line)),
        blocks.Paragraph(f"{speak_day(datetime.fromisoformat(facts['made_at']))}\nReference {facts['reference']}"),
        blocks.Heading(1, f"{title}: {facts['project']}" if facts["project"] else title),
    ]
