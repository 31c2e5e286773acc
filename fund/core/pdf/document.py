"""A document as the caller describes it, and the two things everybody wants of it: PDF bytes and plain words.

The bytes follow from the description alone: not from the clock, the machine, its locale or its settings.
"""

import hashlib
import io
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pikepdf

from fund.core.pdf import layout_figures, layout_tables  # noqa: F401  they teach lay_out their kinds of block
from fund.core.pdf.archive import attach, mend_character_maps, write_colour_profile, write_metadata
from fund.core.pdf.blocks import Block, Heading, Letterhead
from fund.core.pdf.layout import Frame, lay_out_all
from fund.core.pdf.pages import MARGIN, WIDTH, Furniture, fill_pages, paint_pages
from fund.core.pdf.pen import Pen
from fund.core.pdf.runs import clean
from fund.core.pdf.signing import add_place, open_place
from fund.core.pdf.structure import write_structure

# ReportLab reads a typeface through one cursor: two threads that embed it at once would write nonsense.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Attachment:
    """A file inside the PDF, such as the letter's facts as JSON."""

    name: str
    content: bytes
    media_type: str
    description: str


@dataclass(frozen=True)
class Document:
    """Everything a PDF says. `created_at` is UTC and is the only date the file knows. With `to_be_signed`, words that say
    whose signature it is, the file has a place for one, see signing.py.

    Raises ValueError for an empty title, a moment that is not UTC, a heading that skips a level, no language tag.
    """

    title: str
    blocks: Sequence[Block]
    created_at: datetime
    letterhead: Letterhead | None = None
    reference: str = ""
    author: str = ""
    subject: str = ""
    language: str = "en-GB"
    attachments: Sequence[Attachment] = ()
    to_be_signed: str = ""

    def __post_init__(self) -> None:
        if not clean(self.title).strip():
            raise ValueError("A document needs a title")
        if self.created_at.tzinfo is None or self.created_at.utcoffset() != timedelta(0):
            raise ValueError("created_at must be a moment in UTC")
        if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", self.language):
            raise ValueError(f"{self.language!r} is not a language tag such as en-GB")
        level = 0
        for block in walk(self.blocks):
            if isinstance(block, Heading):
                if not 1 <= block.level <= min(level + 1, 6):
                    raise ValueError(f"Heading level {block.level} cannot follow level {level}")
                level = block.level

    @property
    def parts(self) -> list[Block]:
        """The blocks with the letterhead before them."""
        return [*([self.letterhead] if self.letterhead else []), *self.blocks]


def walk(blocks: Iterable[Block]) -> Iterator[Block]:
    """Every block in reading order, those inside others too."""
    for block in blocks:
        yield block
        yield from walk(block.inner())


def plain_text(document: Document) -> str:
    """The words of the document, a line for each line, row or item; repeated page furniture is not part of them."""
    return "\n".join(line for block in document.parts for line in block.lines() if line)


class _Told(list):
    """A list that says how far its reader has come, from `start` percent over the half that it stands for."""

    def __init__(self, items: Iterable, tell: Callable[[int], None], start: int):
        super().__init__(items)
        self.tell, self.start = tell, start

    def __iter__(self):
        for number, each in enumerate(super().__iter__()):
            self.tell(self.start + 50 * number // len(self))
            yield each


def draw(document: Document, tell: Callable[[int], None] = lambda percent: None) -> bytes:
    """The document as PDF/UA-1 and PDF/A-3a. The same document gives the same bytes.

    The place of a document that is to be signed is filled with a mark: `draw_to_sign` is for those.

    `tell` hears how many percent are done, again and again, for the caller who shows it to somebody that waits.
    """
    return _draw(document, tell)[0]


def draw_to_sign(document: Document) -> tuple[bytes, bytes, str]:
    """The file with an open place for a signature, the mark in that place, and the SHA-256 that is to be signed."""
    content, mark = _draw(document, lambda percent: None)
    opened, digest = open_place(content, mark)
    return opened, mark, digest


def _draw(document: Document, tell: Callable[[int], None]) -> tuple[bytes, bytes]:
    """The file, and the mark that fills the place for a signature when there is one."""
    pen = Pen()
    strips = lay_out_all(_Told(document.parts, tell, 0), Frame(MARGIN, WIDTH, pen.root))
    organisation = document.letterhead.organisation if document.letterhead else document.author
    with _one_at_a_time:
        furniture = Furniture(organisation, document.title, document.reference)
        paint_pages(pen, _Told(fill_pages(strips), tell, 50), furniture)
        drawn = pen.finish()
    mark = _mark_of(document) if document.to_be_signed else b""
    return _finished(document, drawn, pen, mark), mark


def _mark_of(document: Document) -> bytes:
    """32 bytes that nobody can write into a document beforehand, since they follow from all that it says."""
    mark = hashlib.sha256(plain_text(document).encode("utf-8", "backslashreplace"))
    for each in document.attachments:
        mark.update(each.content)
    return mark.digest()


def _finished(document: Document, drawn: bytes, pen: Pen, mark: bytes) -> bytes:
    """The drawn pages with their structure and metadata.

    Nothing is compressed: zlib's output differs between builds of zlib, and so would the fingerprint of a letter that
    is issued again on another machine.
    """
    out, moment = io.BytesIO(), document.created_at.astimezone(UTC)
    with pikepdf.open(io.BytesIO(drawn)) as pdf:
        write_structure(pdf, pen.root, document.language)
        author, subject = clean(document.author), clean(document.subject)
        write_metadata(pdf, clean(document.title), author, subject, document.language, moment)
        write_colour_profile(pdf)
        mend_character_maps(pdf)
        attach(pdf, document.attachments, moment)
        if document.to_be_signed:
            add_place(pdf, clean(document.to_be_signed), moment, mark)
        del pdf.trailer.ID  # ReportLab's follows SOURCE_DATE_EPOCH; without one, pikepdf makes it from the content
        pdf.save(
            out,
            min_version="1.7",
            deterministic_id=True,
            compress_streams=False,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )
    return out.getvalue()
