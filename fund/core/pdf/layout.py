"""How blocks become strips: the smallest pieces that no page break cuts, such as a line of text or a table row.

`lay_out` is told by the kind of block; the kinds with words are here, tables and pictures in their own modules.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial, singledispatch

from fund.core.pdf import blocks
from fund.core.pdf.lines import Line, break_lines, line_width
from fund.core.pdf.pen import GREY, INK, Element, Pen
from fund.core.pdf.runs import Text, plain
from fund.core.pdf.typeface import BOLD, ITALIC, REGULAR

BODY = 11.5
LEADING = 1.36  # baseline to baseline, in type sizes
HEADINGS = {1: (20, 20), 2: (14.5, 20), 3: (12, 14)}  # type size, room above; deeper levels look like 3
INDENT = 20


@dataclass(frozen=True)
class Strip:
    """Something of a known height in points, painted below a given top.

    `repeat` is painted first where the strip begins a page.
    """

    height: float
    paint: Callable[[Pen, float], None]
    before: float = 0
    keep: bool = False  # on the same page as the next strip
    repeat: "Strip | None" = None
    new_page: bool = False


@dataclass(frozen=True)
class Frame:
    """Where a block stands across the page, and the element that its own elements go into."""

    x: float
    width: float
    element: Element

    def within(self, indent: float, element: Element) -> "Frame":
        return replace(self, x=self.x + indent, width=self.width - indent, element=element)


def baseline(top: float, size: float) -> float:
    """Where a line of type stands in its strip."""
    return top - size * (LEADING + 0.52) / 2


def nothing(pen: Pen, top: float) -> None:
    """Paints nothing: room is all that is wanted."""


def kept(strips: Iterable[Strip]) -> list[Strip]:
    """The same strips, bound to one page."""
    strips = list(strips)
    return [replace(strip, keep=True) for strip in strips[:-1]] + strips[-1:]


def text_strips(
    lines: list[Line], x: float, element: Element, size: float = BODY, before: float = 0, colour: str = INK
) -> list[Strip]:
    """One strip a line; never a single line of a paragraph alone at the foot or the head of a page."""

    def paint(line: Line, pen: Pen, top: float) -> None:
        element.join()
        pen.text(line, x, baseline(top, size), size, element, colour)

    last = len(lines) - 1
    return [
        Strip(
            size * LEADING, partial(paint, line), before if i == 0 else 0, keep=i != last and (i == 0 or i == last - 1)
        )
        for i, line in enumerate(lines)
    ]


@singledispatch
def lay_out(block: blocks.Block, frame: Frame) -> Iterator[Strip]:
    """The strips of a block. Raises TypeError for a kind of block that nobody has said how to draw."""
    raise TypeError(f"{type(block).__name__} cannot be drawn")


def lay_out_all(parts: Iterable[blocks.Block], frame: Frame) -> Iterator[Strip]:
    for part in parts:
        yield from lay_out(part, frame)


@lay_out.register
def _(block: blocks.Paragraph, frame: Frame) -> Iterator[Strip]:
    yield from text_strips(break_lines(block.text, BODY, frame.width), frame.x, Element("P", frame.element), before=9)


@lay_out.register
def _(block: blocks.Heading, frame: Frame) -> Iterator[Strip]:
    size, before = HEADINGS[min(block.level, 3)]
    element = Element(f"H{block.level}", frame.element)
    strips = text_strips(break_lines(block.text, size, frame.width, BOLD), frame.x, element, size, before)

    def paint_first(pen: Pen, top: float) -> None:
        pen.bookmark(plain(block.text), block.level - 1, top)
        strips[0].paint(pen, top)

    yield replace(strips[0], paint=paint_first, keep=True)
    yield from (replace(strip, keep=True) for strip in strips[1:])


@lay_out.register(blocks.BulletList)
@lay_out.register(blocks.NumberedList)
def _(block: blocks.BulletList | blocks.NumberedList, frame: Frame) -> Iterator[Strip]:
    numbering = "Disc" if isinstance(block, blocks.BulletList) else "LowerAlpha" if block.letters else "Decimal"
    element = Element("L", frame.element, ListNumbering=numbering)
    labels = [break_lines(block.label(index), BODY, frame.width)[0] for index in range(len(block.items))]
    indent = max([INDENT, *(line_width(label, BODY) + 8 for label in labels)])
    above = 4 if frame.element.tag == "LBody" else 9  # a list within a list stands closer
    for index, item in enumerate(block.entries()):
        yield from _item(
            item, labels[index], indent, above if index == 0 else 4, frame.within(0, Element("LI", element))
        )


def _item(item: blocks.Item, label: Line, indent: float, before: float, frame: Frame) -> Iterator[Strip]:
    label_element, body = Element("Lbl", frame.element), Element("LBody", frame.element)
    first, *others = text_strips(
        break_lines(item.text, BODY, frame.width - indent), frame.x + indent, body, before=before
    )

    def paint_first(pen: Pen, top: float) -> None:
        pen.text(label, frame.x, baseline(top, BODY), BODY, label_element)
        first.paint(pen, top)

    yield replace(first, paint=paint_first)
    yield from others
    yield from lay_out_all(item.blocks, frame.within(indent, body))


@lay_out.register
def _(block: blocks.SignatureBlock, frame: Frame) -> Iterator[Strip]:
    def rule(pen: Pen, top: float) -> None:
        pen.artifact()
        pen.box(frame.x, top - 1, 220, 0.75, INK)

    def words(text: Text, style: str, size: float = BODY, colour: str = INK) -> list[Strip]:
        return text_strips(
            break_lines(text, size, frame.width, style), frame.x, Element("P", frame.element), size, colour=colour
        )

    note = words(block.note, ITALIC, 10.5, GREY) if block.note else []
    room = 46 - sum(strip.height for strip in note)
    gap = [Strip(max(room, 8), nothing, before=6)]
    yield from kept(
        [*gap, *note, Strip(7, rule), *words(block.name, BOLD), *(words(block.role, REGULAR) if block.role else [])]
    )


@lay_out.register
def _(block: blocks.Spacer, frame: Frame) -> Iterator[Strip]:
    yield Strip(0, nothing, before=block.points, keep=True)


@lay_out.register
def _(block: blocks.KeepTogether, frame: Frame) -> Iterator[Strip]:
    yield from kept(lay_out_all(block.blocks, frame))


@lay_out.register
def _(block: blocks.PageBreak, frame: Frame) -> Iterator[Strip]:
    yield Strip(0, nothing, new_page=True)


@lay_out.register
def _(block: blocks.Letterhead, frame: Frame) -> Iterator[Strip]:
    """Tagged as real words: whoever cannot see the page needs the address to write back just the same."""
    name = break_lines(block.organisation, 17, frame.width * 0.6, BOLD)
    address = break_lines("\n".join(block.address), 9.5, frame.width * 0.38)
    height = max(len(name) * 17, len(address) * 9.5) * LEADING + 8

    def paint(pen: Pen, top: float) -> None:
        organisation, lines = Element("P", frame.element), Element("P", frame.element)
        for index, line in enumerate(name):
            pen.text(line, frame.x, baseline(top - index * 17 * LEADING, 17), 17, organisation)
        for index, line in enumerate(address):
            pen.text_right(line, frame.x + frame.width, baseline(top - index * 9.5 * LEADING, 9.5), 9.5, lines, GREY)
        pen.artifact()
        pen.box(frame.x, top - height, frame.width, 3, block.colour)

    yield Strip(height, paint)
    yield Strip(0, nothing, before=10, keep=True)
