"""The pack as a document: the same words on the page to read and in the PDF."""

from datetime import UTC, datetime

from fund.core.clock import speak_moment
from fund.core.money import pounds
from fund.core.pdf import blocks
from fund.core.pdf.document import Document
from fund.strategies.legal_form import legal_form
from fund.tables import Person

from ..tables import Application
from .looking import Line, open_count

ABOUT = (
    "Put together from what the system knows. Clear means that the facts held here raise no question, not that there is none. "
    "For staff of the partnership only: it names other organisations."
)


def document_of(application: Application, lines: list[Line], *, by: Person, now: datetime) -> Document:
    """The pack of one bid as it is now."""
    partnership = application.round.fund.partnership
    return Document(
        title=f"Due diligence {application.reference}",
        blocks=[
            blocks.Heading(1, f"Due diligence: {application.reference}"),
            blocks.Paragraph(ABOUT),
            blocks.KeyValue(_heads(application, lines, by, now)),
            blocks.Heading(2, "All checks"),
            blocks.Table(
                ["Check", "The system", "An officer"],
                [[each.check.title, each.state[0], each.words] for each in lines],
                caption="Every check and where it stands", widths=[0.34, 0.18, 0.48], row_headers=True,
            ),
            *(block for each in lines for block in _part(each)),
        ],
        created_at=now.astimezone(UTC),
        letterhead=blocks.Letterhead(partnership.name, [partnership.funder_name, *partnership.letterhead]),
        reference=application.reference,
        author=partnership.funder_name,
        subject=f"Due diligence on bid {application.reference}",
    )  # fmt: skip


def _heads(application: Application, lines: list[Line], by: Person, now: datetime) -> list[tuple[str, str]]:
    organisation = application.organisation
    left = open_count(lines)
    return [
        ("Organisation", f"{organisation.name}, {legal_form(organisation.legal_form).label}"),
        ("Bid", application.title or application.reference),
        ("Round", f"{application.round.fund.name}, {application.round.title}"),
        ("Asks for", pounds(application.requested_pence)),
        ("As it was", f"{speak_moment(now)}, made by {by.name}"),
        ("Still open", "Nothing" if not left else f"{left} of {len(lines)} checks"),
    ]


def _part(line: Line) -> list[blocks.Block]:
    found: list[blocks.Block] = [
        blocks.Heading(2, line.check.title),
        blocks.Paragraph(f"{line.state[0]}. {line.check.asks}"),
        blocks.BulletList(line.finding.lines),
    ]
    if line.look is not None:
        found.append(blocks.Paragraph(f"{line.words}. {line.look.looked_by.name}, {speak_moment(line.look.looked_at)}: {line.look.reason}"))  # fmt: skip
    elif line.is_open:
        found.append(blocks.Paragraph(f"{line.words}."))
    return found
