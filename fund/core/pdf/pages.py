"""How strips fill pages, and what stands around them: a running head from page 2 on, a footer with page x of y."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fund.core.pdf.layout import Strip
from fund.core.pdf.lines import break_lines
from fund.core.pdf.pen import GREY, PAGE_HEIGHT, PAGE_WIDTH, Pen

MARGIN = 62  # points, 22 mm, left and right
TOP, BOTTOM = PAGE_HEIGHT - 54, 68
WIDTH = PAGE_WIDTH - 2 * MARGIN
Page = list[tuple[Strip, float]]


@dataclass(frozen=True)
class Furniture:
    """The words that every page repeats."""

    organisation: str
    title: str
    reference: str


def fill_pages(strips: Iterable[Strip]) -> list[Page]:
    """Every strip with its top, page by page. Strips kept together turn the page together, if one can hold them."""
    filler = _Filler()
    for group in _groups(strips):
        filler.add(group)
    return filler.pages


def _groups(strips: Iterable[Strip]) -> Iterator[list[Strip]]:
    group: list[Strip] = []
    for strip in strips:
        group.append(strip)
        if not strip.keep:
            yield group
            group = []
    if group:
        yield group


def _height(group: list[Strip]) -> float:
    return sum(strip.before + strip.height for strip in group)


class _Filler:
    def __init__(self) -> None:
        self.pages: list[Page] = [[]]
        self.y = TOP

    def add(self, group: list[Strip]) -> None:
        fits_a_page = _height(group) - group[0].before <= TOP - BOTTOM
        if self.pages[-1] and fits_a_page and self.y - _height(group) < BOTTOM:
            self._turn(group[0])
        for strip in group:
            if self.pages[-1] and (strip.new_page or self.y - strip.before - strip.height < BOTTOM):
                self._turn(strip)
            self._place(strip)

    def _turn(self, first: Strip) -> None:
        self.pages.append([])
        self.y = TOP
        if first.repeat:
            self._place(first.repeat)

    def _place(self, strip: Strip) -> None:
        if strip.new_page:
            return
        if self.pages[-1]:
            self.y -= strip.before
        if strip.height:
            self.pages[-1].append((strip, self.y))
        self.y -= strip.height


def paint_pages(pen: Pen, pages: list[Page], furniture: Furniture) -> None:
    for number, page in enumerate(pages, start=1):
        if number > 1:
            pen.next_page()
            _running_head(pen, furniture)
        for strip, top in page:
            strip.paint(pen, top)
        _footer(pen, furniture, f"Page {number} of {len(pages)}")
    pen.close()


def _running_head(pen: Pen, furniture: Furniture) -> None:
    pen.artifact("Header")
    y = PAGE_HEIGHT - 36
    pen.text(break_lines(furniture.organisation, 9, WIDTH / 2 - 10)[0], MARGIN, y, 9, None, GREY)
    pen.text_right(break_lines(furniture.title, 9, WIDTH / 2 - 10)[0], MARGIN + WIDTH, y, 9, None, GREY)


def _footer(pen: Pen, furniture: Furniture, count: str) -> None:
    pen.artifact("Footer")
    pen.box(MARGIN, 48, WIDTH, 0.5, "#b1b4b6")
    pen.text(break_lines(furniture.reference, 9, WIDTH * 0.7)[0], MARGIN, 34, 9, None, GREY)
    pen.text_right(break_lines(count, 9, WIDTH)[0], MARGIN + WIDTH, 34, 9, None, GREY)
