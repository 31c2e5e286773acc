"""How tables and summary rows become strips: a strip a row, the header row again where a page break cuts the table."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from fund.core.pdf import blocks
from fund.core.pdf.layout import LEADING, Frame, Strip, baseline, kept, lay_out, text_strips
from fund.core.pdf.lines import Line, break_lines, line_width, longest_word
from fund.core.pdf.pen import GREY, INK, PALE, Element, Pen
from fund.core.pdf.runs import Text
from fund.core.pdf.typeface import BOLD, REGULAR

SIZE = 10.5
ROW = SIZE * LEADING
SIDE, ABOVE = 6, 4  # room inside a cell
TALLEST = 20  # lines in one strip: a longer row may be cut by the page's end
SHORT = 8  # rows that a table may have and still stay on one page


@dataclass
class Column:
    x: float
    width: float
    numeric: bool = False

    def show(self, pen: Pen, line: Line, y: float, element: Element | None) -> None:
        if self.numeric:
            pen.text_right(line, self.x + self.width - SIDE - 4, y, SIZE, element)
        else:
            pen.text(line, self.x + SIDE, y, SIZE, element)


@dataclass
class Row:
    """The cells of one row, broken into lines, with the element each cell belongs to."""

    columns: Sequence[Column]
    cells: Sequence[list[Line]]
    elements: Sequence[Element]
    background: str = ""
    rule: tuple[float, str] = (0.5, "#b1b4b6")

    def strips(self) -> Iterator[Strip]:
        tallest = max(map(len, self.cells))
        for first in range(0, tallest, TALLEST):
            count = min(TALLEST, tallest - first)
            above, below = (ABOVE if first == 0 else 0), (ABOVE if first + count == tallest else 0)
            yield Strip(above + count * ROW + below, partial(self.paint, first, count, above, below))

    def paint(
        self, first: int, count: int, above: float, below: float, pen: Pen, top: float, furniture: bool = False
    ) -> None:
        """Paints some lines of every cell; as furniture, words and all are an artifact."""
        self._paint_ground(pen, top, above + count * ROW + below, furniture, last=below > 0)
        for column, lines, element in zip(self.columns, self.cells, self.elements, strict=True):
            if not furniture:
                element.join()  # an empty cell is a cell all the same
            for index, line in enumerate(lines[first : first + count]):
                column.show(pen, line, baseline(top - above - index * ROW, SIZE), None if furniture else element)

    def _paint_ground(self, pen: Pen, top: float, height: float, furniture: bool, last: bool) -> None:
        pen.artifact("Header" if furniture else "Layout")
        x, width = self.columns[0].x, sum(column.width for column in self.columns)
        if self.background:
            pen.box(x, top - height, width, height, self.background)
        if last:
            pen.box(x, top - height, width, self.rule[0], self.rule[1])

    def as_furniture(self) -> Strip:
        """The whole row in one strip, for the head of the next page."""
        count = min(max(map(len, self.cells)), TALLEST)
        return Strip(2 * ABOVE + count * ROW, partial(self.paint, 0, count, ABOVE, ABOVE, furniture=True))


def columns_for(table: blocks.Table, frame: Frame) -> list[Column]:
    shares = table.widths or _natural_shares(table, frame.width)
    whole, x, columns = sum(shares), frame.x, []
    for index, share in enumerate(shares):
        columns.append(Column(x, frame.width * share / whole, index in table.numeric))
        x += columns[-1].width
    return columns


def _natural_shares(table: blocks.Table, width: float) -> list[float]:
    """What each column would like, cut down to its longest word where the page is too narrow for all of it."""
    likes, needs = [], []
    for cells in zip(*table.all_rows(), strict=True):
        likes.append(
            max(line_width(line, SIZE) for cell in cells for line in break_lines(cell, SIZE, width, BOLD)) + 2 * SIDE
        )
        needs.append(min(max(longest_word(cell, SIZE, BOLD) for cell in cells) + 2 * SIDE, likes[-1]))
    if sum(likes) <= width or sum(needs) >= width:
        return likes if sum(likes) <= width else needs
    spare = (width - sum(needs)) / (sum(likes) - sum(needs))
    return [need + (like - need) * spare for like, need in zip(likes, needs, strict=True)]


def _row(columns: Sequence[Column], cells: Iterable[Text], tags: Sequence[Element], bold: Sequence[bool]) -> Row:
    lines = [
        break_lines(cell, SIZE, max(column.width - 2 * SIDE, 1), BOLD if strong else REGULAR)
        for cell, column, strong in zip(cells, columns, bold, strict=True)
    ]
    return Row(columns, lines, tags)


def _cells(row: Element, count: int, header_cells: int) -> list[Element]:
    """The elements of a row in which the first cells name the row."""
    return [Element("TH", row, Scope="Row") if index < header_cells else Element("TD", row) for index in range(count)]


@lay_out.register
def _(block: blocks.Table, frame: Frame) -> Iterator[Strip]:
    strips = list(_table(block, frame))
    yield from kept(strips) if len(block.rows) <= SHORT else strips


def _table(block: blocks.Table, frame: Frame) -> Iterator[Strip]:
    element, columns = Element("Table", frame.element), columns_for(block, frame)
    if block.caption:
        caption = text_strips(
            break_lines(block.caption, SIZE, frame.width, BOLD), frame.x, Element("Caption", element), SIZE, before=10
        )
        yield from (replace(strip, keep=True) for strip in caption)
    head = Element("TR", Element("THead", element))
    header = _row(columns, block.headers, [Element("TH", head, Scope="Column") for _ in columns], [True] * len(columns))
    header.background, header.rule = PALE, (1, GREY)
    yield from (replace(strip, before=5 if index == 0 else 0, keep=True) for index, strip in enumerate(header.strips()))
    yield from _body(block, columns, element, header.as_furniture())


def _body(block: blocks.Table, columns: Sequence[Column], table: Element, repeat: Strip) -> Iterator[Strip]:
    named, body, count = int(block.row_headers), Element("TBody", table), len(columns)
    rows = block.rows or [[""] * count]  # a table without a body is no table to a screen reader
    for index, cells in enumerate(rows):
        bold = [column < named for column in range(count)]
        strips = _row(columns, cells, _cells(Element("TR", body), count, named), bold).strips()
        last = bool(block.total) and index == len(rows) - 1  # a total is never alone on a page
        yield from (replace(strip, repeat=repeat, keep=last) for strip in strips)
    if block.total:
        row = Element("TR", Element("TFoot", table))
        total = _row(columns, block.total, _cells(row, count, 1), [True] * count)
        total.rule = (1.5, INK)
        yield from (replace(strip, repeat=repeat) for strip in total.strips())


@lay_out.register
def _(block: blocks.KeyValue, frame: Frame) -> Iterator[Strip]:
    body = Element("TBody", Element("Table", frame.element))
    columns = [Column(frame.x, frame.width * 0.36), Column(frame.x + frame.width * 0.36, frame.width * 0.64)]
    before = 8
    for cells in block.rows:
        for strip in _row(columns, cells, _cells(Element("TR", body), 2, 1), [True, False]).strips():
            yield replace(strip, before=before)
            before = 0
