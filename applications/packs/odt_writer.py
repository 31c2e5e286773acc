"""A pack as an OpenDocument text, written by hand: four small parts in a ZIP, so that no library stands between us and them."""

import io
import zipfile
from datetime import datetime

from lxml import etree

from .blocks import Grid, Heading, Pack, Words

MEDIA_TYPE = "application/vnd.oasis.opendocument.text"
_NAMES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
    "meta": "urn:oasis:names:tc:opendocument:xmlns:meta:1.0",
    "manifest": "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0",
}
PAGE_WIDTH = 17.0  # centimetres between the margins
_PARAGRAPHS = {"body": "Standard", "quiet": "Quiet", "example": "Example", "bullet": "Bullet"}
# Style: (parent, size, attributes of its text)
_STYLES = {
    "Title": ("Standard", "24pt", {"fo:font-weight": "bold"}),
    "Heading_20_1": ("Standard", "18pt", {"fo:font-weight": "bold"}),
    "Heading_20_2": ("Standard", "14pt", {"fo:font-weight": "bold"}),
    "Quiet": ("Standard", "10pt", {"fo:color": "#505a5f"}),
    "Example": ("Standard", "12pt", {"fo:font-style": "italic"}),
    "Bullet": ("Standard", "12pt", {}),
    "Code": ("Standard", "9pt", {"fo:color": "#505a5f"}),
    "Cell": ("Standard", "11pt", {}),
    "CellHeading": ("Standard", "11pt", {"fo:font-weight": "bold"}),
}


def as_odt(pack: Pack, made_at: datetime) -> bytes:
    """The bytes of the file. `made_at` is the moment in UTC that the file names as its own."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(zipfile.ZipInfo("mimetype"), MEDIA_TYPE)  # first and not packed, as the format asks
        for name, part in (
            ("content.xml", _content(pack)),
            ("styles.xml", _styles()),
            ("meta.xml", _meta(pack, made_at)),
            ("META-INF/manifest.xml", _manifest()),
        ):
            package.writestr(name, etree.tostring(part, xml_declaration=True, encoding="UTF-8"))
    return out.getvalue()


def _content(pack: Pack):
    root = _element("office:document-content", **{"office:version": "1.3"})
    automatic = _element("office:automatic-styles", root)
    words = _element("office:text", _element("office:body", root))
    for number, block in enumerate(pack.blocks):
        if isinstance(block, Heading):
            style = f"Heading_20_{block.level}" if block.level else "Title"
            heading = _element("text:h", words, **{"text:style-name": style, "text:outline-level": str(max(block.level, 1))})  # fmt: skip
            heading.text = block.text
        elif isinstance(block, Words):
            _paragraph(words, block.text, _PARAGRAPHS[block.kind])
        else:
            _grid(words, automatic, block, f"Box{number}")
    return root


def _grid(words, automatic, grid: Grid, name: str) -> None:
    _table_styles(automatic, grid, name)
    table = _element("table:table", words, **{"table:name": name, "table:style-name": name})
    for place in range(len(grid.widths)):
        _element("table:table-column", table, **{"table:style-name": f"{name}.{place}"})
    for number, cells in enumerate(grid.rows):
        is_head = grid.header and number == 0
        row = _element("table:table-row", _element("table:table-header-rows", table) if is_head else table)
        row.set(_q("table:style-name"), "TallRow" if grid.tall else "Row")
        for place, text in enumerate(cells):
            cell = _element("table:table-cell", row, **{"table:style-name": "Box", "office:value-type": "string"})
            style = "Code" if place == 0 else ("CellHeading" if is_head else "Cell")
            for line in text.split("\n"):
                _paragraph(cell, line, style)
    _paragraph(words, "", "Standard")


def _table_styles(automatic, grid: Grid, name: str) -> None:
    table = _element("style:style", automatic, **{"style:name": name, "style:family": "table"})
    _element("style:table-properties", table, **{"style:width": f"{PAGE_WIDTH}cm", "table:align": "left"})
    for place, share in enumerate(grid.widths):
        column = _element("style:style", automatic, **{"style:name": f"{name}.{place}", "style:family": "table-column"})
        _element("style:table-column-properties", column, **{"style:column-width": f"{PAGE_WIDTH * share / 100:.2f}cm"})
    if not automatic.xpath("style:style[@style:name='Box']", namespaces=_NAMES):
        box = _element("style:style", automatic, **{"style:name": "Box", "style:family": "table-cell"})
        _element("style:table-cell-properties", box, **{"fo:border": "0.5pt solid #0b0c0c", "fo:padding": "0.15cm"})
        for row, height in (("Row", "0.7cm"), ("TallRow", "3cm")):
            style = _element("style:style", automatic, **{"style:name": row, "style:family": "table-row"})
            _element("style:table-row-properties", style, **{"style:min-row-height": height})


def _paragraph(parent, text: str, style: str) -> None:
    """One paragraph. Runs of spaces are written as the format asks, or they would become one."""
    made = _element("text:p", parent, **{"text:style-name": style})
    before, last = text.split("  ")[0], None
    made.text = before
    for piece in text.split("  ")[1:]:
        last = _element("text:s", made, **{"text:c": "2"})
        last.tail = piece


def _styles():
    root = _element("office:document-styles", **{"office:version": "1.3"})
    styles = _element("office:styles", root)
    standard = _element("style:style", styles, **{"style:name": "Standard", "style:family": "paragraph"})
    _element("style:paragraph-properties", standard, **{"fo:margin-bottom": "0.2cm"})
    language = {"fo:language": "en", "fo:country": "GB"}
    _element("style:text-properties", standard, **{"fo:font-family": "Arial", "fo:font-size": "12pt", **language})
    for name, (parent, size, attributes) in _STYLES.items():
        style = _element("style:style", styles, **{"style:name": name, "style:family": "paragraph", "style:parent-style-name": parent})  # fmt: skip
        is_heading = name.startswith(("Title", "Heading"))
        space = {"fo:margin-top": "0.6cm" if is_heading else "0cm", "fo:margin-bottom": "0.2cm", "fo:keep-with-next": "always" if is_heading else "auto"}  # fmt: skip
        _element(
            "style:paragraph-properties", style, **space, **({"fo:margin-left": "0.6cm"} if name == "Bullet" else {})
        )
        _element("style:text-properties", style, **{"fo:font-family": "Arial", "fo:font-size": size, **attributes})
    return root


def _meta(pack: Pack, made_at: datetime):
    root = _element("office:document-meta", **{"office:version": "1.3"})
    meta = _element("office:meta", root)
    moment = f"{made_at:%Y-%m-%dT%H:%M:%S}Z"
    for tag, text in (("dc:title", pack.title), ("meta:initial-creator", pack.author), ("dc:language", "en-GB"), ("meta:creation-date", moment)):  # fmt: skip
        _element(tag, meta).text = text
    return root


def _manifest():
    root = _element("manifest:manifest", **{"manifest:version": "1.3"})
    for path, kind in (("/", MEDIA_TYPE), ("content.xml", "text/xml"), ("styles.xml", "text/xml"), ("meta.xml", "text/xml")):  # fmt: skip
        _element("manifest:file-entry", root, **{"manifest:full-path": path, "manifest:media-type": kind})
    return root


def _q(name: str) -> str:
    prefix, _colon, local = name.partition(":")
    return f"{{{_NAMES[prefix]}}}{local}"


def _element(tag: str, parent=None, **attributes):
    made = etree.Element(_q(tag), nsmap=_NAMES) if parent is None else etree.SubElement(parent, _q(tag))
    for name, value in attributes.items():
        made.set(_q(name), value)
    return made
