"""From a file to what was typed: which pack it is, the rows of each question's boxes, and every other word in it."""

import re
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import select

from fund.core.database import db
from fund.core.problems import Problem
from fund.tables import Round

from ..forms import AskedForm, asked_form
from ..tables import Form
from .blocks import Grid, Pack
from .boxes import shape_of
from .cells import same
from .codes import PackCode, find_box_code, find_pack_codes, pack_code, tag_of
from .docx_reader import read_docx
from .found import Found, Table
from .hearing import NO_CODE
from .odt_reader import read_odt
from .opening import open_pack
from .sheet import pack_of

MOST_LINES = 500  # of one question's table; every one of them goes through a form
MOST_LOOSE, MOST_SHOWN = 60, 4_000  # pieces of text outside the boxes, and letters of each, that the page shows

_END = re.compile(r"end of the form\. keep this code: pack-[0-9a-f-]+")


@dataclass
class ReadPack:
    """What is kept of an upload until somebody has looked at it. Only plain lists and texts, so that it can be a row.

    `boxes`: question key -> rows of [part, cell, ...]. `loose`: [where, text] of what stands outside every box.
    """

    form_number: int
    is_current: bool
    boxes: dict[str, list[list[Any]]] = field(default_factory=dict)
    loose: list[list[str]] = field(default_factory=list)
    pictures: int = 0
    references: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def read_pack(content: bytes, name: str, round: Round, asked: AskedForm, *, most_megabytes: int) -> ReadPack:
    """Read an upload for a bid of this round that answers this form. Raises Problem beside `pack` with what to do instead."""
    kind, parts = open_pack(content, name, most_megabytes=most_megabytes)
    found = read_docx(parts) if kind == "docx" else read_odt(parts)
    code = _code_of(found, round)
    read = ReadPack(code.form_number, code == pack_code(round, asked), pictures=found.pictures)
    _Sorter(read, round, asked, None if read.is_current else _older_form(round, code)).sort(found)
    return read


def _older_form(round: Round, code: PackCode) -> AskedForm | None:
    """The version that the pack was made of, when it is still the same: its printed words are not somebody's own."""
    form = db.session.scalar(select(Form).where(Form.round_id == round.id, Form.number == code.form_number))
    older = asked_form(form) if form is not None else None
    return older if older is not None and pack_code(round, older) == code else None


def _code_of(found: Found, round: Round) -> PackCode:
    codes = {code for text in found.texts() for code in find_pack_codes(text)}
    if not codes:
        raise Problem(
            "We cannot find the code of a form pack in this file. Download the pack of this round, copy your answers into it and try again.",
            "pack",
        )
    if len(codes) > 1:
        raise Problem("This file holds the codes of two packs. Keep one pack in each file.", "pack")
    code = codes.pop()
    if code.round_id != round.id:
        raise Problem(
            f"This pack belongs to another round. This bid is for “{round.title}”. Download the pack of this round and copy your answers into it.",
            "pack",
        )
    return code


def _facts_of(pack: Pack) -> list[str]:
    """What stands in the first table of a pack, which says what it is."""
    return [cell for row in next(block.rows for block in pack.blocks if isinstance(block, Grid)) for cell in row]


class _Sorter:
    """Goes through a file once and puts every text where it belongs."""

    def __init__(self, read: ReadPack, round: Round, asked: AskedForm, older: AskedForm | None):
        self.read, self.asked = read, asked
        self.by_tag = {tag_of(question.key): question for question in asked.questions if shape_of(question)}
        blanks = [pack_of(round, form) for form in (asked, older) if form is not None]
        self.printed = {same(text) for blank in blanks for text in blank.printed()}
        self.opening = {
            same(text) for text in ("Round", "Closes", "Form", "Code of this pack", "Your bid", "Organisation")
        }
        self.facts = {same(cell) for blank in blanks for cell in _facts_of(blank)}
        self.where = "At the start"

    def sort(self, found: Found) -> None:
        for item in found.flow:
            if isinstance(item, Table):
                self._table(item)
            else:
                self._paragraph(item)
        for text in found.aside:
            self._loose("In a note, a comment or a text box", text)
        if (more := len(self.read.loose) - MOST_LOOSE) > 0:
            self.read.loose[MOST_LOOSE:] = [["At other places", f"{more} more pieces of text. Look through your file."]]

    def _paragraph(self, text: str) -> None:
        for line in text.split("\n"):
            if line.strip() and same(line) not in self.printed and not _END.fullmatch(same(line)):
                self._loose(self.where, line)

    def _table(self, table: Table) -> None:
        question = None
        for row in table.rows:
            first, cells = (row[0], row[1:]) if row else ("", [])
            code, rest = find_box_code(first)
            if find_pack_codes(" ".join(row)) or (code is None and question is None and same(first) in self.opening):
                self._facts(first, cells)
                continue
            if code is not None:
                question = self.by_tag.get(code.tag)
                if rest and question is not None:
                    self._loose(self._beside(question), rest)
            if question is None:
                self._loose(self.where, " | ".join(cell for cell in row if cell.strip()))
                continue
            self.where = f"After “{question.text}”"
            self._row(question, code, first, cells)

    def _row(self, question, code, first: str, cells: list[str]) -> None:
        is_table = shape_of(question) == "rows"
        if code is None and first.strip() and not (is_table and first.strip().isdigit()):
            self._loose(self._beside(question), first)
        part = (code.part or 0) if code is not None else NO_CODE
        if code is None and not is_table:
            self._loose(self._beside(question), " | ".join(cell for cell in cells if cell.strip()))
            return
        rows = self.read.boxes.setdefault(question.key, [])
        if len(rows) < MOST_LINES:
            rows.append([part, *cells])
        else:
            self._loose(self._beside(question), " | ".join(cell for cell in cells if cell.strip()))

    def _facts(self, first: str, cells: list[str]) -> None:
        given = [cell.strip() for cell in cells if cell.strip()]
        if same(first) == "your bid":
            self.read.references += given
        elif same(first) not in ("organisation", "closes"):  # a closing time may have moved since
            for cell in given:
                if same(cell) not in self.facts:
                    self._loose(self.where, cell)

    def _beside(self, question) -> str:
        return f"Beside “{question.text}”"

    def _loose(self, where: str, text: str) -> None:
        text = text.strip()
        if text:
            self.read.loose.append([where, text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]} … (and more)"])
