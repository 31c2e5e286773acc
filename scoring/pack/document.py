"""The pack as a document: its facts, gathered once, said in blocks, with the same facts attached as JSON."""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from fund.core.pdf.blocks import Block, Heading, KeyValue, NumberedList, PageBreak, Paragraph
from fund.core.pdf.document import Attachment, Document, draw
from fund.tables import Round

from . import chosen, judged, met, setting  # noqa: F401 - they add their chapters
from .names import Names
from .parts import in_order, said

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00")


def facts_of(round: Round, *, redacted: bool = False, strike: Iterable[str] = ()) -> dict[str, Any]:
    """What the pack says, as plain values. The same record gives the same facts, on any database and day."""
    names = Names(round, redacted, strike)
    facts = {part.key: part.facts(round, names) for part in in_order()}
    latest = max((moment for moment in _moments(facts) if moment), default=None)
    about = {"title": round.title, "reference": round.prefix, "partnership": round.fund.partnership.name, "redacted": redacted}  # fmt: skip
    return {"about": {**about, "record_until": latest}, **facts}


def _moments(value: Any) -> Iterator[str]:
    """Every moment at which something was done, wherever it stands; the dates that a round plans are no record."""
    if isinstance(value, dict):
        for key, each in value.items():
            if key != "rules":
                yield from _moments(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _moments(each)
    elif isinstance(value, str) and _MOMENT.fullmatch(value):
        yield value


def document_of(facts: dict[str, Any]) -> Document:
    """The document of these facts; its only date is that of the latest thing on record."""
    about = facts["about"]
    until = about["record_until"] or facts["rules"]["opens_at"]
    copy = "Copy for information requests: people's names, contacts and the reasons for conflicts are taken out." if about["redacted"] else "Full copy: it names people. Give out the redacted one."  # fmt: skip
    blocks: list[Block] = [
        Heading(1, f"Decision pack: {about['title']}"),
        Paragraph(copy),
        Paragraph(
            "The same record gives this same file, byte for byte, on any day and machine. What it says is attached as data too."
        ),
        KeyValue(
            [("Round", about["reference"]), ("On record until", said(until)), ("Bids judged", str(len(facts["bids"])))]
        ),
    ]
    chapters = [part for part in in_order() if part.key in facts]
    blocks += [Heading(2, "What is in it"), NumberedList([part.title for part in chapters])]
    for part in chapters:
        blocks += [PageBreak(), Heading(2, part.title), *part.words(facts[part.key])]
    return Document(
        f"Decision pack {about['reference']}", blocks, datetime.fromisoformat(until).astimezone(UTC),
        reference=f"{about['reference']}{', redacted' if about['redacted'] else ''}", author=about["partnership"],
        subject="How the bids of a round were judged and ranked", attachments=[_as_file(facts)],
    )  # fmt: skip


def _as_file(facts: dict[str, Any]) -> Attachment:
    content = json.dumps(facts, ensure_ascii=False, sort_keys=True, indent=1).encode()
    return Attachment("decision-pack.json", content, "application/json", "What this pack says, as data")


def pack_of(round: Round, *, redacted: bool = False, strike: Iterable[str] = ()) -> bytes:
    """The pack as PDF bytes: the same record, the same bytes."""
    return draw(document_of(facts_of(round, redacted=redacted, strike=strike)))
