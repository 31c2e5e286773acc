"""A pack as a Word file, with python-docx: real headings, British English, plain tables. Nothing in it runs or calls outside."""

import io
from datetime import datetime

from docx import Document
from docx.document import Document as Sheet
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from .blocks import Grid, Heading, Pack, Words

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PAGE_WIDTH = 9_600  # twentieths of a point between the margins
_STYLES = {"bullet": "List Bullet"}


def as_docx(pack: Pack, made_at: datetime) -> bytes:
    """The bytes of the file. `made_at` is the moment in UTC that the file names as its own."""
    sheet = Document()
    _set_up(sheet, pack, made_at)
    for block in pack.blocks:
        if isinstance(block, Heading):
            sheet.add_heading(block.text, block.level)
        elif isinstance(block, Words):
            _add_words(sheet, block)
        else:
            _add_grid(sheet, block)
    out = io.BytesIO()
    sheet.save(out)
    return out.getvalue()


def _set_up(sheet: Sheet, pack: Pack, made_at: datetime) -> None:
    facts = sheet.core_properties
    facts.title, facts.author, facts.language, facts.comments = pack.title, pack.author, "en-GB", ""
    facts.created = facts.modified = made_at.replace(tzinfo=None)
    normal = sheet.styles["Normal"]
    normal.font.name, normal.font.size = "Arial", Pt(12)
    for language in normal.element.getparent().iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")
    for section in sheet.sections:
        section.left_margin = section.right_margin = Pt(57)


def _add_words(sheet: Sheet, block: Words) -> None:
    run = sheet.add_paragraph(style=_STYLES.get(block.kind)).add_run(block.text)
    run.italic = True if block.kind == "example" else None
    if block.kind == "quiet":
        run.font.size, run.font.color.rgb = Pt(10), RGBColor(0x50, 0x5A, 0x5F)


def _add_grid(sheet: Sheet, grid: Grid) -> None:
    # Built by hand: asking python-docx for a cell walks the whole table, and a list of places has a hundred lines.
    table = _element("w:tbl")
    facts = _element("w:tblPr", table)
    _element("w:tblStyle", facts, val="TableGrid")
    _element("w:tblW", facts, w=PAGE_WIDTH, type="dxa")
    _element("w:tblLayout", facts, type="fixed")
    columns = _element("w:tblGrid", table)
    widths = [PAGE_WIDTH * share // 100 for share in grid.widths]
    for width in widths:
        _element("w:gridCol", columns, w=width)
    for number, cells in enumerate(grid.rows):
        row = _element("w:tr", table)
        facts = _element("w:trPr", row)
        if not grid.tall:
            _element("w:cantSplit", facts)
        _element("w:trHeight", facts, val=1_800 if grid.tall else 400, hRule="atLeast")
        if grid.header and number == 0:
            _element("w:tblHeader", facts)
        for place, (text, width) in enumerate(zip(cells, widths, strict=True)):
            _add_cell(row, text, width, place == 0, bold=grid.header and number == 0)
    sheet.element.body.insert(len(sheet.element.body) - 1, table)
    sheet.add_paragraph()


def _add_cell(row, text: str, width: int, is_code: bool, *, bold: bool) -> None:
    cell = _element("w:tc", row)
    _element("w:tcW", _element("w:tcPr", cell), w=width, type="dxa")
    for line in text.split("\n"):
        run = _element("w:r", _element("w:p", cell))
        style = _element("w:rPr", run)
        if bold:
            _element("w:b", style)
        if is_code:
            _element("w:color", style, val="505A5F")
        _element("w:sz", style, val=18 if is_code else 22)
        words = _element("w:t", run)
        words.text = line
        words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _element(tag: str, parent=None, **attributes):
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    if parent is not None:
        parent.append(made)
    return made
