"""What a letter is made of: plain descriptions with no drawing in them, so that the PDF and the page say the same.

Every block gives its words with `lines()`, in reading order; `Document` is in document.py.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from string import ascii_lowercase
from typing import Any

from fund.core.pdf.runs import Text, plain


class Block:
    """A part of a document, from a heading to a table."""

    def lines(self) -> Iterator[str]:
        """The words of the block, a line at a time, as a reader meets them."""
        yield from ()

    def inner(self) -> "Sequence[Block]":
        """The blocks inside this one."""
        return ()


@dataclass(frozen=True)
class Letterhead(Block):
    """Who writes: the organisation's name, its address lines, and its colour (#rrggbb) for the rule."""

    organisation: str
    address: Sequence[str] = ()
    colour: str = "#1d70b8"

    def lines(self) -> Iterator[str]:
        yield plain(self.organisation)
        yield from map(plain, self.address)


@dataclass(frozen=True)
class Heading(Block):
    """A heading; level 1 is the document's title and no level may be skipped on the way down."""

    level: int
    text: Text

    def lines(self) -> Iterator[str]:
        yield plain(self.text)


@dataclass(frozen=True)
class Paragraph(Block):
    """A paragraph; a line break in the text is a line break in the letter, as in an address."""

    text: Text

    def lines(self) -> Iterator[str]:
        yield plain(self.text)


@dataclass(frozen=True)
class Item:
    """A list item with more beneath its first words: further paragraphs or a list within the list."""

    text: Text
    blocks: Sequence[Block] = ()


@dataclass(frozen=True)
class _List(Block):
    items: "Sequence[Text | Item]"

    def label(self, index: int) -> str:
        raise NotImplementedError

    def entries(self) -> list[Item]:
        return [item if isinstance(item, Item) else Item(item) for item in self.items]

    def inner(self) -> Sequence[Block]:
        return [block for item in self.entries() for block in item.blocks]

    def lines(self) -> Iterator[str]:
        for index, item in enumerate(self.entries()):
            yield f"{self.label(index)} {plain(item.text)}"
            for block in item.blocks:
                yield from block.lines()


@dataclass(frozen=True)
class BulletList(_List):
    def label(self, index: int) -> str:
        return "•"


@dataclass(frozen=True)
class NumberedList(_List):
    """Numbered items; `start` carries on from an earlier list, `letters` counts a. b. c. (at most 26 items)."""

    start: int = 1
    letters: bool = False

    def label(self, index: int) -> str:
        return f"{ascii_lowercase[self.start + index - 1] if self.letters else self.start + index}."


@dataclass(frozen=True)
class Table(Block):
    """Rows under headers. `widths` are shares of the text's width; `numeric` names columns that stand to the right.

    Raises ValueError when a row has another number of cells than there are headers.
    """

    headers: Sequence[Text]
    rows: Sequence[Sequence[Text]]
    caption: str = ""
    widths: Sequence[float] | None = None
    numeric: Sequence[int] = ()
    row_headers: bool = False
    total: Sequence[Text] | None = None

    def __post_init__(self) -> None:
        sizes = {len(row) for row in self.all_rows()} | ({len(self.widths)} if self.widths else set())
        if sizes != {len(self.headers)} or not self.headers:
            raise ValueError("Every row of a table needs one cell, and one width, for each header")

    def all_rows(self) -> list[Sequence[Text]]:
        return [self.headers, *self.rows, *([self.total] if self.total else [])]

    def lines(self) -> Iterator[str]:
        if self.caption:
            yield plain(self.caption)
        for row in self.all_rows():
            yield " ".join(map(plain, row))


@dataclass(frozen=True)
class KeyValue(Block):
    """Summary rows: what it is, and what it is here."""

    rows: Sequence[tuple[Text, Text]]

    def lines(self) -> Iterator[str]:
        for key, value in self.rows:
            yield f"{plain(key)} {plain(value)}"


@dataclass(frozen=True)
class Figure(Block):
    """A ReportLab drawing (RGB colours) with the words that stand for it."""

    drawing: Any
    alt: str

    def lines(self) -> Iterator[str]:
        yield plain(self.alt)


@dataclass(frozen=True)
class Bar:
    """One bar: its name, how long it is, and the figure as it should read, such as £18,250."""

    label: str
    value: float
    words: str


@dataclass(frozen=True)
class BarChart(Block):
    """Bars lying one above the other; on the page the same figures are a table."""

    bars: Sequence[Bar]
    alt: str
    colour: str = "#1d70b8"

    def lines(self) -> Iterator[str]:
        yield plain(self.alt)
        for bar in self.bars:
            yield f"{plain(bar.label)} {plain(bar.words)}"


@dataclass(frozen=True)
class QrCode(Block):
    """A QR code of `text`, with `alt` for those who cannot scan it and words to stand beside it."""

    text: str
    alt: str
    words: Text = ""

    def lines(self) -> Iterator[str]:
        yield plain(self.alt)
        yield plain(self.words)


@dataclass(frozen=True)
class SignatureBlock(Block):
    """Room to sign, a line, the name and the role; `note` fills the room when a letter is signed on screen."""

    name: str
    role: str
    note: str = ""

    def lines(self) -> Iterator[str]:
        yield from (plain(words) for words in (self.note, self.name, self.role) if words)


@dataclass(frozen=True)
class Spacer(Block):
    """Empty room, in points (72 to the inch)."""

    points: float


@dataclass(frozen=True)
class KeepTogether(Block):
    """Blocks that stay on one page if a page can hold them."""

    blocks: Sequence[Block]

    def inner(self) -> Sequence[Block]:
        return self.blocks

    def lines(self) -> Iterator[str]:
        for block in self.blocks:
            yield from block.lines()


@dataclass(frozen=True)
class PageBreak(Block):
    """What follows begins a new page."""
