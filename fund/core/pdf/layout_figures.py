"""How pictures become strips: ReportLab drawings, bars and QR codes, each a Figure with the words that stand for it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import segno
from reportlab.graphics import renderPDF
from reportlab.graphics.shapes import Drawing, Group, String, UserNode

from fund.core.pdf import blocks
from fund.core.pdf.layout import BODY, LEADING, Frame, Strip, baseline, lay_out, text_strips
from fund.core.pdf.lines import Line, break_lines, line_width
from fund.core.pdf.pen import INK, PAGE_HEIGHT, Element, Pen
from fund.core.pdf.runs import plain
from fund.core.pdf.typeface import BOLD, REGULAR, face

SMALL = 10
TALLEST = PAGE_HEIGHT * 0.6
BARS = 20  # in one figure: with labels of four lines they still fit a page
QR_SIDE = 85  # points, 30 mm: scans from paper at arm's length


def _figure(
    frame: Frame, alt: str, height: float, width: float, paint: Callable[[Pen, float], None], before: float = 10
) -> Strip:
    """One strip in which everything painted belongs to one Figure."""

    def paint_all(pen: Pen, top: float) -> None:
        box = [round(value, 2) for value in (frame.x, top - height, frame.x + width, top)]
        pen.tag(Element("Figure", frame.element, Alt=alt, BBox=box))
        paint(pen, top)
        pen.close()

    return Strip(height, paint_all, before=before)


@lay_out.register
def _(block: blocks.Figure, frame: Frame) -> Iterator[Strip]:
    drawing = Drawing(block.drawing.width, block.drawing.height)  # a copy: the caller's own is for the next time too
    drawing.add(_in_our_typeface(block.drawing))
    drawing.initialFontName = face(REGULAR).name
    scale = min(1, frame.width / drawing.width, TALLEST / drawing.height)

    def paint(pen: Pen, top: float) -> None:
        with pen.own_state() as canvas:
            canvas.translate(frame.x, top - drawing.height * scale)
            canvas.scale(scale, scale)
            renderPDF.draw(drawing, canvas, 0, 0)

    yield _figure(frame, plain(block.alt), drawing.height * scale, drawing.width * scale, paint)


def _in_our_typeface(node: Any) -> Any:
    """The shape with its words in a typeface that is embedded; ReportLab's own are not, which no archive takes."""
    if isinstance(node, String):
        typeface = face(BOLD if "Bold" in node.fontName else REGULAR)
        node = node.copy()
        node.fontName, node.text = typeface.name, "".join(piece.shown for piece in typeface.pieces(plain(node.text)))
    elif isinstance(node, UserNode):
        node = _in_our_typeface(node.provideNode())
    elif isinstance(node, Group):
        node = Group(*map(_in_our_typeface, node.contents), transform=node.transform)
    return node


@lay_out.register
def _(block: blocks.BarChart, frame: Frame) -> Iterator[Strip]:
    """One figure, or several where the bars are more than a page holds; together they say the words of the block."""
    scale = _Scale(block, frame)
    for number, start in enumerate(range(0, len(block.bars) or 1, BARS)):
        bars = block.bars[start : start + BARS]
        heights = [scale.height(bar) for bar in bars]

        def paint(pen: Pen, top: float, bars: Sequence[blocks.Bar] = bars, heights: Sequence[float] = heights) -> None:
            for bar, height in zip(bars, heights, strict=True):
                scale.paint(pen, top, bar, height)
                top -= height

        said = blocks.BarChart(bars, block.alt if number == 0 else "").lines()
        yield _figure(frame, "\n".join(said).strip(), sum(heights), frame.width, paint, before=10 if number == 0 else 0)


class _Scale:
    """What the bars of a chart share: room for the labels, room for the figures, points for each unit of value."""

    def __init__(self, block: blocks.BarChart, frame: Frame) -> None:
        self.x, self.colour, self.width = frame.x, block.colour, frame.width
        labels = [line_width(line, SMALL) for bar in block.bars for line in self._label(bar)]
        figures = [line_width(self._figure(bar), SMALL) for bar in block.bars]
        self.left = max(labels, default=0) + 8
        room = frame.width - self.left - max(figures, default=0) - 8
        self.unit = room / (max((bar.value for bar in block.bars if bar.value > 0), default=0) or 1)

    def _label(self, bar: blocks.Bar) -> list[Line]:
        return break_lines(bar.label, SMALL, self.width * 0.32)[:4]  # what is longer stays in the words that are spoken

    def _figure(self, bar: blocks.Bar) -> Line:
        return break_lines(bar.words, SMALL, self.width * 0.2)[0]

    def height(self, bar: blocks.Bar) -> float:
        return max(len(self._label(bar)) * SMALL * LEADING, 16) + 6

    def paint(self, pen: Pen, top: float, bar: blocks.Bar, height: float) -> None:
        label, length = self._label(bar), max(bar.value, 0) * self.unit
        first = top - (height - len(label) * SMALL * LEADING) / 2
        for index, line in enumerate(label):
            pen.text(line, self.x, baseline(first - index * SMALL * LEADING, SMALL), SMALL, None)
        pen.box(self.x + self.left, top - height / 2 - 8, length, 16, self.colour)
        middle = baseline(top - (height - SMALL * LEADING) / 2, SMALL)
        pen.text(self._figure(bar), self.x + self.left + length + 6, middle, SMALL, None)


@lay_out.register
def _(block: blocks.QrCode, frame: Frame) -> Iterator[Strip]:
    """The code with its words beside it, or below it where they are many."""
    modules = segno.make(block.text, error="m", micro=False).matrix
    side, element = QR_SIDE / len(modules), Element("P", frame.element)
    words = text_strips(break_lines(block.words, BODY, frame.width - QR_SIDE - 14), frame.x + QR_SIDE + 14, element)
    beside = words if plain(block.words) and len(words) * BODY * LEADING <= QR_SIDE else []

    def paint(pen: Pen, top: float) -> None:
        for row, cells in enumerate(modules):
            for start, end in _dark(cells):
                pen.box(frame.x + start * side, top - (row + 1) * side, (end - start) * side, side, INK)

    code = _figure(frame, plain(block.alt), QR_SIDE, QR_SIDE, paint)

    def paint_both(pen: Pen, top: float) -> None:
        code.paint(pen, top)
        below = top - (QR_SIDE - len(beside) * BODY * LEADING) / 2
        for index, strip in enumerate(beside):
            strip.paint(pen, below - index * BODY * LEADING)

    yield Strip(QR_SIDE, paint_both, before=12)
    if plain(block.words) and not beside:
        yield from lay_out(blocks.Paragraph(block.words), frame)


def _dark(cells: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Where dark modules begin and end in a row of the code."""
    start = None
    for place, dark in enumerate([*cells, 0]):
        if dark and start is None:
            start = place
        elif not dark and start is not None:
            yield start, place
            start = None
