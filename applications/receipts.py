"""The receipt of a sent bid as a PDF: made from what was sent alone, so that it has the same bytes on any day."""

import json
from datetime import datetime

from fund.core.clock import speak_moment
from fund.core.money import pounds
from fund.core.pdf import blocks
from fund.core.pdf.document import Document

from .question_types.documents import STANDING
from .tables import Application, Submission
from .tables.packs import CAME_BY


def receipt_document(application: Application, submission: Submission) -> Document:
    """What the receipt says: reference, moment in London time, who sent what for how much, and its SHA-256."""
    sent, partnership = json.loads(submission.snapshot), application.round.fund.partnership
    answers = {answer["key"]: answer["value"] for answer in sent["answers"]}
    rows = [
        ("Reference", sent["reference"]),
        ("Received", f"{speak_moment(submission.submitted_at)} (London time)"),
        ("Round", sent["round"]["title"]),
        ("Organisation", sent["organisation"]["name"]),
        ("Project", answers.get("title") or "No name"),
        ("You asked for", pounds(answers.get("asked") or 0)),
        *_keyed_in(sent.get("keyed_in")),
        ("Sent by", f"{submission.declared_name}, {submission.declared_role}"),
        ("Sending number", str(submission.number)),
        ("Fingerprint (SHA-256)", submission.sha256),
    ]
    return Document(
        title="Receipt for your bid",
        blocks=[
            blocks.Heading(1, "Receipt for your bid"),
            blocks.KeyValue(rows),
            *_papers(answers.get("documents") or []),
            *_voices(sent["answers"]),
            blocks.Heading(2, "What the fingerprint is for"),
            blocks.Paragraph(
                "The fingerprint belongs to every word and figure that you sent. If one letter were changed, it would be "
                "another one. We keep what you sent, so both of us can show what it was."
            ),
            blocks.Heading(2, "If you have a question"),
            blocks.Paragraph(
                f"Call {partnership.phone} or write to {partnership.email}. Give the reference {sent['reference']}."
            ),
        ],
        created_at=submission.submitted_at,
        letterhead=blocks.Letterhead(partnership.name, [partnership.funder_name]),
        reference=sent["reference"],
        author=partnership.funder_name,
        subject=f"Receipt {sent['reference']}",
    )


def _keyed_in(facts: dict | None) -> list[tuple[str, str]]:
    """For a bid that staff typed in: how and when it reached the fund, and who typed it."""
    if facts is None:
        return []
    came = f"{CAME_BY.get(facts['came_by'], facts['came_by'])}, {speak_moment(datetime.fromisoformat(facts['received_at']))}"
    return [("Reached us", came), ("Typed in by", facts["keyed_by"])]


def _papers(value: list[dict]) -> list[blocks.Block]:
    if not value:
        return []
    return [
        blocks.Heading(2, "Papers that came with it"),
        blocks.BulletList([f"{row['name']}{STANDING.get(row.get('state'), '')}" for row in value]),
    ]


def _voices(answers: list[dict]) -> list[blocks.Block]:
    spoken = [(each["question"], each["voice"]) for each in answers if "voice" in each]
    if not spoken:
        return []
    lines = [f"{question} {note['name']}{STANDING.get(note.get('state'), '')}" for question, note in spoken]
    return [blocks.Heading(2, "Answers that came as voice notes"), blocks.BulletList(lines)]
