"""A Document of blocks as a Word file (DOCX), with real headings, lists and tables, for people who go on writing in it."""

import io
from datetime import UTC
from functools import singledispatch

import docx
from docx.document import Document as Word
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from fund.core.pdf import blocks
from fund.core.pdf.document import Document
from fund.core.pdf.runs import Bold, Italic, Text, plain, runs

FONT = "Arial"


def as_word(document: Document) -> bytes:
    """The document as DOCX bytes. Blocks that Word has no like of give their words as paragraphs."""
    word = docx.Document()
    word.styles["Normal"].font.name, word.styles["Normal"].font.size = FONT, Pt(11)
    facts, moment = word.core_properties, document.created_at.astimezone(UTC).replace(tzinfo=None)
    facts.title, facts.author, facts.subject, facts.language = document.title, document.author, document.subject, document.language  # fmt: skip
    facts.created = facts.modified = moment
    for block in document.parts:
        add(block, word)
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


@singledispatch
def add(block: blocks.Block, word: Word) -> None:
    """Put one block at the end of the file."""
    for line in block.lines():
        word.add_paragraph(line)


def _write(paragraph, text: Text) -> None:
    for run in runs(text):
        written = paragraph.add_run(plain(run))
        written.bold, written.italic = isinstance(run, Bold) or None, isinstance(run, Italic) or None


@add.register
def _(block: blocks.Heading, word: Word) -> None:
    _write(word.add_heading(level=min(block.level, 9)), block.text)


@add.register
def _(block: blocks.Paragraph, word: Word) -> None:
    _write(word.add_paragraph(), block.text)


@add.register
def _(block: blocks.BulletList, word: Word) -> None:
    _list(block, word, "List Bullet")


@add.register
def _(block: blocks.NumberedList, word: Word) -> None:
    _list(block, word, "List Number")


def _list(block, word: Word, style: str) -> None:
    for item in block.entries():
        _write(word.add_paragraph(style=style), item.text)
        for inner in item.blocks:
            add(inner, word)


@add.register
def _(block: blocks.KeyValue, word: Word) -> None:
    table = word.add_table(rows=0, cols=2, style="Table Grid")
    for key, value in block.rows:
        cells = table.add_row().cells
        _write(cells[0].paragraphs[0], [Bold(plain(key))])
        _write(cells[1].paragraphs[0], value)
    word.add_paragraph()


@add.register
def _(block: blocks.Table, word: Word) -> None:
    if block.caption:
        _write(word.add_paragraph(), [Bold(block.caption)])
    table = word.add_table(rows=1, cols=len(block.headers), style="Table Grid")
    for cell, header in zip(table.rows[0].cells, block.headers, strict=True):
        _write(cell.paragraphs[0], [Bold(plain(header))])
    _repeats(table.rows[0])
    for row in [*block.rows, *([block.total] if block.total else [])]:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            _write(cell.paragraphs[0], text)
    word.add_paragraph()


def _repeats(row) -> None:
    """Mark the row as the header that Word repeats on each page and screen readers announce."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


@add.register
def _(block: blocks.PageBreak, word: Word) -> None:
    word.add_page_break()


@add.register
def _(block: blocks.Spacer, word: Word) -> None:
    word.add_paragraph()


@add.register
def _(block: blocks.KeepTogether, word: Word) -> None:
    for inner in block.blocks:
        add(inner, word)
