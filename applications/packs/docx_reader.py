"""Reads a Word file as Word, LibreOffice and Google save it: suggested changes as if accepted, what was deleted left out."""

from collections.abc import Iterator

from lxml import etree

from .found import Budget, Found, Table

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_P, _TBL, _TR, _TC, _T, _TAB = (f"{_W}{name}" for name in ("p", "tbl", "tr", "tc", "t", "tab"))
_BREAKS = (f"{_W}br", f"{_W}cr")
_SKIPPED = {f"{_W}{name}" for name in ("del", "moveFrom", "pPr", "rPr", "tblPr", "trPr", "tcPr", "sdtPr", "instrText")}
_SKIPPED.add(f"{_MC}Fallback")  # the same again for older programs
_BOX = f"{_W}txbxContent"
_PICTURES = (f"{_W}drawing", f"{_W}pict")


def read_docx(parts: list[etree._Element]) -> Found:
    """What the parts say: the document first, then its notes and comments."""
    found, budget = Found(), Budget()
    body = parts[0].find(f"{_W}body")
    if body is not None:
        for kind, element in _blocks(body):
            if kind == "p":
                found.flow.append(_text(element, found, budget))
            else:
                found.flow.append(Table(_rows(element, found, budget)))
    for part in parts[1:]:
        found.aside += [text for text in (_text(each, found, budget).strip() for each in part.iter(_P)) if text]
    return found


def _blocks(element) -> Iterator[tuple[str, etree._Element]]:
    """The paragraphs and tables directly in here, also those that a content control or a suggestion is wrapped around."""
    for child in element:
        if child.tag == _P:
            yield "p", child
        elif child.tag == _TBL:
            yield "t", child
        elif child.tag not in _SKIPPED and child.tag not in (_TR, _TC):
            yield from _blocks(child)


def _inside(element, tag: str) -> Iterator[etree._Element]:
    """Rows of a table, or cells of a row, whatever is wrapped around them; not those of a table inside."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag not in _SKIPPED and child.tag not in (_TBL, _P):
            yield from _inside(child, tag)


def _rows(table, found: Found, budget: Budget) -> list[list[str]]:
    rows = []
    for row in _inside(table, _TR):
        cells: list[str] = []
        for cell in _inside(row, _TC):
            budget.spend(cells=1)
            cells.append("\n".join(_lines(cell, found, budget)).strip())
            cells += [""] * (_span(cell) - 1)
        rows.append(cells)
    return rows


def _span(cell) -> int:
    """Over how many columns a cell goes, when somebody merged some."""
    for span in cell.iterfind(f"{_W}tcPr/{_W}gridSpan"):
        value = span.get(f"{_W}val", "1")
        return min(int(value), 60) if value.isascii() and value.isdigit() and len(value) < 4 else 1
    return 1


def _lines(container, found: Found, budget: Budget) -> Iterator[str]:
    for kind, element in _blocks(container):
        if kind == "p":
            yield _text(element, found, budget)
        else:
            for cells in _rows(element, found, budget):
                yield "\t".join(cell for cell in cells if cell)


def _text(element, found: Found, budget: Budget) -> str:
    pieces: list[str] = []
    _gather(element, pieces, found, budget)
    text = "".join(pieces)
    budget.spend(len(text))
    return text


def _gather(element, pieces: list[str], found: Found, budget: Budget) -> None:
    for child in element:
        tag = child.tag
        if tag in _SKIPPED:
            continue
        if tag == _T:
            pieces.append(child.text or "")
        elif tag == _TAB:
            pieces.append("\t")
        elif tag in _BREAKS:
            pieces.append("\n")
        elif tag == f"{_W}noBreakHyphen":
            pieces.append("-")
        elif tag == _BOX:
            found.aside += [line for line in (each.strip() for each in _lines(child, found, budget)) if line]
        else:
            if tag in _PICTURES and not any(True for _box in child.iter(_BOX)):
                found.pictures += 1
            _gather(child, pieces, found, budget)
