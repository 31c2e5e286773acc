"""The pen: draws on a ReportLab canvas and notes what every stroke means, which ReportLab itself cannot.

Whatever is drawn belongs to an Element of the structure tree or is an artifact (rules, backgrounds, repeated
furniture). The pen writes the marked content (BDC … EMC) and remembers page and number of each piece; structure.py
makes the tree of it afterwards.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from fund.core.pdf.lines import Line, line_width
from fund.core.pdf.runs import Link, clean
from fund.core.pdf.typeface import REGULAR, face

INK, GREY, PALE, LINK_BLUE = "#0b0c0c", "#505a5f", "#f3f2f1", "#1a5490"
PAGE_WIDTH, PAGE_HEIGHT = A4
hex_colour = cache(HexColor)


class Element:
    """A node of the structure tree. It joins its parent when first drawn, so the tree has the order of the page."""

    def __init__(self, tag: str, parent: "Element | None" = None, **attributes: Any) -> None:
        self.tag, self.parent, self.attributes = tag, parent, attributes
        self.kids: list[Element | Mark | Annotation] = []
        self._joined = parent is None

    def join(self) -> None:
        if not self._joined and self.parent:
            self._joined = True
            self.parent.join()
            self.parent.kids.append(self)


@dataclass(frozen=True, slots=True)
class Mark:
    """A numbered piece of a page's content; pages count from 0."""

    page: int
    number: int


@dataclass(frozen=True, slots=True, eq=False)
class Annotation:
    """The part of a page that leads to a link's address; the corners are in points from the lower left."""

    page: int
    corners: tuple[float, float, float, float]
    link: Link


class Pen:
    """Draws pages one after the other; coordinates are points from the lower left corner."""

    def __init__(self) -> None:
        self.out, self.root, self.page = io.BytesIO(), Element("Document"), 0
        # Every setting that ReportLab would otherwise take from the machine's own configuration is given here.
        self.canvas = Canvas(
            self.out,
            pagesize=A4,
            bottomup=1,
            pageCompression=0,
            invariant=True,
            verbosity=0,
            encrypt=None,
            initialFontName=face(REGULAR).name,
            initialFontSize=12,
        )
        self._numbers = self._headings = 0
        self._open: Element | str | None = None
        self._colour, self._font = "", ("", 0.0)

    def tag(self, element: Element) -> None:
        """What is drawn from now on belongs to this element."""
        if self._open is not element:
            self.close()
            element.join()
            mark = Mark(self.page, self._numbers)
            element.kids.append(mark)
            self._numbers += 1
            self._begin(element, f"/{element.tag} <</MCID {mark.number}>> BDC")

    def artifact(self, kind: str = "Layout") -> None:
        """What is drawn from now on is decoration (Layout), or furniture of the page (Header, Footer)."""
        if self._open != kind:
            self.close()
            self._begin(
                kind,
                "/Artifact <</Type /Layout>> BDC"
                if kind == "Layout"
                else f"/Artifact <</Type /Pagination /Subtype /{kind}>> BDC",
            )

    def close(self) -> None:
        if self._open is not None:
            self.canvas.addLiteral("EMC")
            self._open = None

    def _begin(self, what: Element | str, operator: str) -> None:
        self.canvas.addLiteral(operator)
        self._open = what

    def text(self, line: Line, x: float, y: float, size: float, element: Element | None, colour: str = INK) -> None:
        """Draws a line with its baseline at y. Without an element it belongs to whatever is open."""
        for fragment in line:
            width = fragment.width * size / 1000
            if element is not None:
                self.tag(self._link_element(fragment.link, element) if fragment.link else element)
            self._show(fragment.text, fragment.style, x, y, size, LINK_BLUE if fragment.link else colour)
            if fragment.link and isinstance(self._open, Element):
                self.box(x, y - 0.13 * size, width, 0.06 * size, LINK_BLUE)
                corners = (round(x, 2), round(y - 0.25 * size, 2), round(x + width, 2), round(y + 0.8 * size, 2))
                self._open.kids.append(Annotation(self.page, corners, fragment.link))
            x += width

    def _link_element(self, link: Link, parent: Element) -> Element:
        """A link that runs over a line's end stays one element."""
        last = parent.kids[-1] if parent.kids else None
        if isinstance(last, Element) and last.attributes.get("link") is link:
            return last
        return Element("Link", parent, link=link)

    def _show(self, text: str, style: str, x: float, y: float, size: float, colour: str) -> None:
        canvas, typeface = self.canvas, face(style)
        self._fill(colour)
        if self._font != (style, size):
            self._font = style, size
            canvas.setFont(typeface.name, size)
        pieces = typeface.pieces(text)
        for piece in pieces:
            if piece.means is not None:
                canvas.addLiteral(f"/Span <</ActualText <feff{piece.means.encode('utf-16-be').hex()}>>> BDC")
            canvas.drawString(round(x, 2), round(y, 2), piece.shown)
            if piece.means is not None:
                canvas.addLiteral("EMC")
            if len(pieces) > 1:
                x += typeface.width(piece.shown) * size / 1000

    def _fill(self, colour: str) -> None:
        if self._colour != colour:
            self._colour = colour
            self.canvas.setFillColor(hex_colour(colour))

    def _forget(self) -> None:
        """A new page, or somebody else's drawing, leaves another colour and typeface than the pen last set."""
        self._colour, self._font = "", ("", 0.0)

    def text_right(
        self, line: Line, x: float, y: float, size: float, element: Element | None, colour: str = INK
    ) -> None:
        """Draws a line that ends at x."""
        self.text(line, x - line_width(line, size), y, size, element, colour)

    def box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """A filled rectangle; y is its lower edge. It belongs to whatever is open."""
        self._fill(colour)
        self.canvas.rect(round(x, 2), round(y, 2), round(width, 2), round(height, 2), stroke=0, fill=1)

    def bookmark(self, text: str, level: int, y: float) -> None:
        """An entry in the reader's table of contents; levels count from 0."""
        key = f"heading{self._headings}"
        self._headings += 1
        self.canvas.bookmarkHorizontal(key, 0, y)
        self.canvas.addOutlineEntry(clean(text).replace("\n", " "), key, level, closed=False)

    @contextmanager
    def own_state(self) -> Iterator[Canvas]:
        """The bare canvas for a drawing of ReportLab's own; its colours and fonts are forgotten afterwards."""
        self.canvas.saveState()
        yield self.canvas
        self.canvas.restoreState()
        self._forget()

    def next_page(self) -> None:
        self.close()
        self.canvas.showPage()
        self.page, self._numbers = self.page + 1, 0
        self._forget()

    def finish(self) -> bytes:
        self.canvas.save()
        return self.out.getvalue()
