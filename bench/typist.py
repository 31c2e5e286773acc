"""Somebody who fills in a blank pack: looks up the box by its printed code and types into its cells, as people do by hand.

It knows a pack only by what stands on the page, so the benchmark does not have our own writer write the answers.
"""

import io
import zipfile
from copy import deepcopy

from docx import Document
from docx.table import _Cell
from lxml import etree

from applications.packs.blocks import Grid

_TEXT, _TABLE = (f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("text", "table"))


def type_into_docx(blank: bytes, boxes: list[Grid]) -> bytes:
    """The Word file with what these filled boxes say typed into its own; lines are added where a table has too few."""
    sheet = Document(io.BytesIO(blank))
    tables = {table._tbl.tr_lst[0].tc_lst[0].xpath("string(.//w:t)"): table for table in sheet.tables}
    for box in boxes:
        table = tables[box.rows[0][0]]
        for number, cells in enumerate(box.rows):
            if number >= len(table._tbl.tr_lst):
                table.add_row()
            # Cells by their elements: asking the table for one walks all of it.
            for cell, text in list(zip(table._tbl.tr_lst[number].tc_lst, cells, strict=True))[1:]:
                if "".join(each.text or "" for each in cell.iter() if each.tag.endswith("}t")) != text:
                    _Cell(cell, table).text = text
    out = io.BytesIO()
    sheet.save(out)
    return out.getvalue()


def type_into_odt(blank: bytes, boxes: list[Grid]) -> bytes:
    """The OpenDocument file with what these filled boxes say typed into its own."""
    with zipfile.ZipFile(io.BytesIO(blank)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    tree = etree.fromstring(parts["content.xml"])
    tables = {
        "".join(next(table.iter(f"{_TABLE}table-cell")).itertext()): table for table in tree.iter(f"{_TABLE}table")
    }
    for box in boxes:
        table = tables[box.rows[0][0]]
        for number, cells in enumerate(box.rows):
            rows = list(table.iter(f"{_TABLE}table-row"))
            if number >= len(rows):
                rows.append(deepcopy(rows[-1]))
                rows[-2].addnext(rows[-1])
            for cell, text in list(zip(rows[number], cells, strict=True))[1:]:
                _type(cell, text)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, body in (
            parts | {"content.xml": etree.tostring(tree, xml_declaration=True, encoding="UTF-8")}
        ).items():
            package.writestr(name, body)
    return out.getvalue()


def _type(cell, text: str) -> None:
    for paragraph in list(cell):
        cell.remove(paragraph)
    for line in text.split("\n"):
        etree.SubElement(cell, f"{_TEXT}p").text = line
