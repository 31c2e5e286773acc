"""Score packs: an assessor's bids and score sheets as one Word file, filled in without a network, and read back.

Every score sheet is a table that names its bid, its criterion and the version that was online when the file was made. Read
back, nothing is kept at once: what differs is shown beside what is online, and what moved on online meanwhile is the
assessor's to choose, criterion by criterion. A bid is finished online.
"""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import docx
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from applications.tables import Application
from fund.core.database import db
from fund.core.forms import unkeepable
from fund.core.pdf.as_word import as_word
from fund.core.pdf.blocks import Block, BulletList, Heading, PageBreak, Paragraph, Table
from fund.core.pdf.document import Document
from fund.core.problems import Problem
from fund.core.uploads import checked
from fund.tables import Round

from .criteria import MARK_WORDS, may_not_apply
from .papers import papers_of
from .scores import MOST_LETTERS, scores_of
from .tables import Assignment, Criterion, Score, Seat

MOST_MEGABYTES = 10
NOT_APPLYING = "does not apply"
_SHEET = re.compile(r"Score sheet (\S{1,40}) (\S{1,12}) version (\d{1,9})")


@dataclass(frozen=True)
class Filled:
    """One score sheet as it came back: `mark` None with `not_applicable` False is an empty one."""

    reference: str
    code: str
    version: int
    mark: int | None
    not_applicable: bool
    reason: str
    problem: str = ""


@dataclass(frozen=True)
class Checked:
    """A sheet beside what is online. `state`: same, new, changed, moved (online changed since the file was made) or refused."""

    assignment: Assignment
    criterion: Criterion
    filled: Filled
    online: Score | None
    state: str
    problem: str = ""

    @property
    def field(self) -> str:
        return f"{self.assignment.id}-{self.criterion.id}"

    @property
    def online_version(self) -> int:
        return self.online.version if self.online is not None else 0


def open_readings(seat: Seat) -> list[Assignment]:
    """The bids that this member can score now, by reference."""
    bid = joinedload(Assignment.application)
    with_it = (bid.joinedload(Application.form), bid.joinedload(Application.priority), bid.joinedload(Application.round), bid.joinedload(Application.organisation), joinedload(Assignment.seat))  # fmt: skip
    query = select(Assignment).join(Application).where(Assignment.seat_id == seat.id, Assignment.status == "assigned", Application.status == "in_scoring")  # fmt: skip
    return list(db.session.scalars(query.options(*with_it).order_by(Application.reference)))


def pack_for(round: Round, readings: Sequence[Assignment], criteria: Sequence[Criterion], now) -> bytes:
    """The Word file: how to fill it in, then each bid with its answers and its sheets."""
    blocks: list[Block] = [
        Heading(1, f"Score pack: {round.title}"),
        BulletList(
            [
                "Write your mark from 0 to 5 and your reason into the empty cells of each score sheet.",
                "Leave a sheet empty if you have not decided yet. Do not change the first line of a sheet: it says what it is for.",
                "When you are online again, upload the file. You see what will be kept before anything is.",
                "This file holds people's plans in confidence. Delete it from your device when you have uploaded it.",
            ]
        ),
        Heading(2, "What each mark means"),
    ]
    for each in criteria:
        rows = [[f"{mark} ({MARK_WORDS[mark]})", words] for mark, words in enumerate(each.descriptors)]
        blocks.append(Table([f"{each.code} {each.title}", each.guidance or "–"], rows))
    for reading in readings:
        blocks += [PageBreak(), Heading(2, f"Bid {reading.application.reference}")]
        for answer in papers_of(reading).answers:
            blocks += [Heading(3, answer.text), Paragraph(_plain(answer.shown))]
        stored = scores_of(reading)
        blocks.append(Heading(3, f"Score sheets of {reading.application.reference}"))
        blocks += [_sheet(reading, each, stored.get(each.id)) for each in criteria]
    return as_word(Document(f"Score pack: {round.title}", blocks, now, reference=round.prefix, author=round.fund.name))


def _plain(shown) -> str:
    """An answer as words: what is drawn for pages loses its tags, lines stay lines."""
    text = str(shown)
    if not hasattr(shown, "striptags"):
        return text
    return shown.__class__(re.sub(r"(?i)<(br|/p|/li|/tr|/h\d|/dd|/dt)\b[^>]*>", "\n\\g<0>", text).replace("\n", "¶")).striptags().replace("¶", "\n").strip()  # fmt: skip


def _sheet(reading: Assignment, criterion: Criterion, stored: Score | None) -> Table:
    priority = reading.application.priority
    also = f", or “{NOT_APPLYING}”" if may_not_apply(criterion, priority.code if priority else None) else ""
    mark = "" if stored is None else NOT_APPLYING if stored.not_applicable else "" if stored.mark is None else str(stored.mark)  # fmt: skip
    first = f"Score sheet {reading.application.reference} {criterion.code} version {stored.version if stored else 0}"
    rows = [[f"Mark, 0 to 5{also}", mark], ["Reason", (stored.reason or "") if stored else ""]]
    return Table([first, criterion.title], rows)


def read_pack(content: bytes, name: str) -> list[Filled]:
    """The sheets of an uploaded file. Raises Problem when it is no Word file that can be kept, or holds no sheet of ours."""
    safe = checked(content, name, most_megabytes=MOST_MEGABYTES)
    if not safe.name.lower().endswith(".docx"):
        raise Problem("Upload the Word file (docx) that you downloaded here", "files")
    try:
        tables = docx.Document(io.BytesIO(safe.content)).tables
    except (KeyError, ValueError) as error:
        raise Problem("This Word file cannot be read. Save it again in Word as a document (docx).", "files") from error
    found: dict[tuple[str, str], Filled] = {}
    for table in tables:
        cells = [[cell.text.strip() for cell in row.cells] for row in table.rows]
        if len(cells) >= 3 and len(cells[0]) >= 2 and (head := _SHEET.fullmatch(cells[0][0])):
            sheet = _filled(head[1], head[2], int(head[3]), cells[1][1], cells[2][1])
            if (sheet.reference, sheet.code) in found:
                raise Problem(
                    f"{sheet.reference} {sheet.code} is in this file twice. Keep one score sheet of it.", "files"
                )
            found[sheet.reference, sheet.code] = sheet
    if not found:
        raise Problem("This file has no score sheet of ours. Upload the file that you downloaded here.", "files")
    return list(found.values())


def _filled(reference: str, code: str, version: int, mark: str, reason: str) -> Filled:
    not_applicable = mark.casefold().strip(' .“”"') == NOT_APPLYING
    good = not mark or not_applicable or re.fullmatch("[0-5]", mark, re.ASCII)
    problem = "" if good else f"“{mark[:30]}” is no mark from 0 to 5"
    if len(reason) > MOST_LETTERS:
        problem = f"The reason is longer than {MOST_LETTERS:,} characters"
    if unkeepable(reason):
        problem = "The reason holds characters that are not letters, numbers or signs"
    return Filled(reference, code, version, int(mark) if good and mark and not not_applicable else None, not_applicable, reason, problem)  # fmt: skip


def compare(sheets: Iterable[Filled], readings: Sequence[Assignment], criteria: Sequence[Criterion]) -> list[Checked]:
    """Each sheet beside what is online now. Sheets of bids that are not this member's to score now are not among them."""
    mine = {each.application.reference: each for each in readings}
    codes = {each.code: each for each in criteria}
    stored = {each.application.reference: scores_of(each) for each in readings}
    found = []
    for sheet in sheets:
        if sheet.reference in mine and sheet.code in codes:
            online = stored[sheet.reference].get(codes[sheet.code].id)
            found.append(_beside(mine[sheet.reference], codes[sheet.code], sheet, online))
    order = {each.code: each.position for each in criteria}
    return sorted(found, key=lambda each: (each.filled.reference, order[each.filled.code]))


def _beside(reading: Assignment, criterion: Criterion, sheet: Filled, online: Score | None) -> Checked:
    def is_(state: str, problem: str = "") -> Checked:
        return Checked(reading, criterion, sheet, online, state, problem)

    empty = sheet.mark is None and not sheet.not_applicable and not sheet.reason
    there = (None, False, "") if online is None else (online.mark, online.not_applicable, (online.reason or "").strip())
    if not sheet.problem and (there == (sheet.mark, sheet.not_applicable, sheet.reason) or empty):
        return is_("same")
    if sheet.problem:
        return is_("refused", sheet.problem)
    priority = reading.application.priority
    if sheet.not_applicable and not may_not_apply(criterion, priority.code if priority else None):
        return is_("refused", "This criterion applies to every bid")
    if (online.version if online is not None else 0) != sheet.version:
        return is_("moved")
    return is_("new" if online is None else "changed")
