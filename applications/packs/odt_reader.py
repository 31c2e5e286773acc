"""Reads an OpenDocument text: what was deleted with changes on record is left out, repeated cells are counted, not built."""

from collections.abc import Iterator

from lxml import etree

from .found import Budget, Found, Table

_OFFICE, _TEXT, _TABLE, _DRAW = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("office", "text", "table", "drawing")
)
_PARAGRAPHS = (f"{_TEXT}p", f"{_TEXT}h")
_GRID = f"{_TABLE}table"
_ROW = f"{_TABLE}table-row"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_SKIPPED = {f"{_TEXT}{name}" for name in ("tracked-changes", "note-citation", "sequence-decls")}
_ASIDE = {f"{_OFFICE}annotation", f"{_TEXT}note-body", f"{_DRAW}text-box"}
_IMAGE = f"{_DRAW}image"
MOST_REPEATED = 60


def read_odt(parts: list[etree._Element]) -> Found:
    """What content.xml says."""
    found, budget = Found(), Budget()
    body = parts[0].find(f"{_OFFICE}body/{_OFFICE}text")
    if body is not None:
        for kind, element in _blocks(body, found, budget):
            if kind == "p":
                found.flow.append(_text(element, found, budget))
            else:
                found.flow.append(Table(_rows(element, found, budget)))
    return found


def _blocks(element, found: Found, budget: Budget) -> Iterator[tuple[str, etree._Element]]:
    """The paragraphs and tables directly in here, also in lists, sections and frames."""
    for child in element:
        if child.tag in _PARAGRAPHS:
            yield "p", child
        elif child.tag == _GRID:
            yield "t", child
        elif child.tag in _ASIDE:
            _put_aside(child, found, budget)
        elif child.tag not in _SKIPPED:
            found.pictures += child.tag == _IMAGE
            yield from _blocks(child, found, budget)


def _put_aside(element, found: Found, budget: Budget) -> None:
    found.aside += [line for line in (each.strip() for each in _lines(element, found, budget)) if line]


def _rows(table, found: Found, budget: Budget) -> list[list[str]]:
    rows = []
    for row in _rows_in(table):
        cells: list[str] = []
        for cell in row:
            if cell.tag in _CELLS:
                text = "\n".join(_lines(cell, found, budget)).strip()
                times = _count(cell, "number-columns-repeated")
                budget.spend(cells=times)
                cells += [text] * times
        times = _count(row, "number-rows-repeated") if any(cells) else 1
        budget.spend(cells=len(cells) * times)
        rows += [cells] * times
    return rows


def _rows_in(element) -> Iterator[etree._Element]:
    for child in element:
        if child.tag == _ROW:
            yield child
        elif child.tag != _GRID and child.tag not in _PARAGRAPHS:
            yield from _rows_in(child)


def _count(element, name: str) -> int:
    value = element.get(f"{_TABLE}{name}", "1")
    return max(1, min(int(value), MOST_REPEATED)) if value.isascii() and value.isdigit() and len(value) < 9 else 1


def _lines(container, found: Found, budget: Budget) -> Iterator[str]:
    for kind, element in _blocks(container, found, budget):
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
    pieces.append(element.text or "")
    for child in element:
        if child.tag == f"{_TEXT}s":
            times = child.get(f"{_TEXT}c", "1")
            pieces.append(
                " " * (min(int(times), 1_000) if times.isascii() and times.isdigit() and len(times) < 9 else 1)
            )
        elif child.tag == f"{_TEXT}tab":
            pieces.append("\t")
        elif child.tag == f"{_TEXT}line-break":
            pieces.append("\n")
        elif child.tag in _ASIDE or child.tag == _GRID:
            _put_aside(child, found, budget)
        elif child.tag not in _SKIPPED:
            found.pictures += child.tag == _IMAGE
            _gather(child, pieces, found, budget)
        pieces.append(child.tail or "")
