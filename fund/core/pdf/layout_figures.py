"""How pictures become strips: ReportLab drawings, bars and QR codes, each a Figure with the words that stand for it."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import segno
from reportlab.graphics import renderPDF
from reportlab.graphics.shapes import Drawing, Group, String, UserNode

from fund.core.pdf import blocks
from fund.core.pdf.layout import BODY, LEADING, Frame, Strip, baseline, lay_out, text_strips
from fund.core.pdf.lines import break_lines, line_width
from fund.core.pdf.pen import INK, PAGE_HEIGHT, Element, Pen
from fund.core.pdf.runs import plain
from fund.core.pdf.typeface import BOLD, REGULAR, face

SMALL = 10
TALLEST = PAGE_HEIGHT * 0.6
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
    labels = [break_lines(bar.label, SMALL, frame.width * 0.32) for bar in block.bars]
    figures = [break_lines(bar.words, SMALL, frame.width * 0.2)[0] for bar in block.bars]
    left = max((line_width(line, SMALL) for lines in labels for line in lines), default=0) + 8
    right = max((line_width(line, SMALL) for line in figures), default=0) + 8
    longest = max((bar.value for bar in block.bars), default=0) or 1
    heights = [max(len(lines) * SMALL * LEADING, 16) + 6 for lines in labels]

    def paint(pen: Pen, top: float) -> None:
        for bar, lines, figure, height in zip(block.bars, labels, figures, heights, strict=True):
            first = top - (height - len(lines) * SMALL * LEADING) / 2
            for index, line in enumerate(lines):
                pen.text(line, frame.x, baseline(first - index * SMALL * LEADING, SMALL), SMALL, None)
            length = (frame.width - left - right) * max(bar.value, 0) / longest
            pen.box(frame.x + left, top - height / 2 - 8, length, 16, block.colour)
            middle = baseline(top - (height - SMALL * LEADING) / 2, SMALL)
            pen.text(figure, frame.x + left + length + 6, middle, SMALL, None)
            top -= height

    yield _figure(frame, "\n".join(block.lines()), sum(heights), frame.width, paint)


@lay_out.register
def _(block: blocks.QrCode, frame: Frame) -> Iterator[Strip]:
    modules = segno.make(block.text, error="m", micro=False).matrix
    side = QR_SIDE / len(modules)
    element = Element("P", frame.element)
    words = text_strips(break_lines(block.words, BODY, frame.width - QR_SIDE - 14), frame.x + QR_SIDE + 14, element)

    def paint(pen: Pen, top: float) -> None:
        for row, cells in enumerate(modules):
            for start, end in _dark(cells):
                pen.box(frame.x + start * side, top - (row + 1) * side, (end - start) * side, side, INK)

    code = _figure(frame, plain(block.alt), QR_SIDE, QR_SIDE, paint)

    def paint_both(pen: Pen, top: float) -> None:
        code.paint(pen, top)
        below = top - max(QR_SIDE - len(words) * BODY * LEADING, 0) / 2
        for index, strip in enumerate(words if plain(block.words) else []):
            strip.paint(pen, below - index * BODY * LEADING)

    yield Strip(max(QR_SIDE, len(words) * BODY * LEADING), paint_both, before=12)


def _dark(cells: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Where dark modules begin and end in a row of the code."""
    start = None
    for place, dark in enumerate([*cells, 0]):
        if dark and start is None:
            start = place
        elif not dark and start is not None:
            yield start, place
            start = None
