"""The door for packs: what is not a Word or OpenDocument text of a sane size is refused before anything is read.

`fund.core.uploads` decides the type by content and refuses macros, entities, bombs and paths outside the package, as for
every upload. A pack is held to more: it is only text, so it needs no other packages inside and no megabytes of XML.
"""

import io
import zipfile

from lxml import etree

from fund.core import scanning, uploads
from fund.core.files import safe_name
from fund.core.problems import Problem

KINDS = ("docx", "odt")
MOST_UNPACKED = 40 * 1024 * 1024  # bytes of all parts together; a pack with photos in it stays below
MOST_XML = 6 * 1024 * 1024  # bytes of one part that is read; a full pack of the standard form has under half a megabyte
MOST_TAGS = 250_000
MOST_TABLES = 2_000
_PARTS = {
    "docx": ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml", "word/comments.xml"),
    "odt": ("content.xml",),
}
_PACKED = (b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")


def open_pack(content: bytes, name: str, *, most_megabytes: int) -> tuple[str, list[etree._Element]]:
    """("docx" or "odt", the parts to read, the main one first). Raises Problem beside `pack` for what may not be read."""
    shown = safe_name(name)
    try:
        _check_stated_size(content, shown)
        upload = uploads.checked(content, name, most_megabytes=most_megabytes)
        scanning.look(content, shown)  # a pack is read and not kept, so one that nobody checked waits nowhere
        kind = upload.name.rpartition(".")[2]
        if kind not in KINDS:
            raise Problem(f"“{shown}” is not a Word or OpenDocument text. Save the pack as docx or odt and try again.")
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            _check_no_packages(package, shown)
            parts = [_parsed(package, part, shown) for part in _PARTS[kind] if part in package.namelist()]
    except Problem as problem:
        raise Problem(problem.sentence, "pack") from None
    if not parts:
        raise Problem(f"“{shown}” is damaged. Open it, save it again and try again.", "pack")
    return kind, parts


def _check_stated_size(content: bytes, shown: str) -> None:
    """Before the long look: what a package says of its own size is read in no time, and a lie is found out later."""
    if not content.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            size = sum(part.file_size for part in package.infolist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return  # the next look says what is wrong with it
    if size > MOST_UNPACKED:
        raise _too_much(shown)


def _check_no_packages(package: zipfile.ZipFile, shown: str) -> None:
    for part in package.infolist():
        with package.open(part) as opened:
            if opened.read(8).startswith(_PACKED):
                raise Problem(f"“{shown}” has other packed files inside. Take them out, save it and try again.")


def _parsed(package: zipfile.ZipFile, part: str, shown: str) -> etree._Element:
    """One part as a tree: no entities, no network, no document type, at most 256 levels deep and UTF-8 only."""
    with package.open(part) as opened:
        xml = opened.read(MOST_XML + 1)
    if len(xml) > MOST_XML or xml.count(b"<") > MOST_TAGS or xml.count(b"tbl>") + xml.count(b"table:table>") > 2 * MOST_TABLES:  # fmt: skip
        raise _too_much(shown)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, encoding="utf-8", remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    try:
        tree = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise Problem(f"“{shown}” is damaged. Open it, save it again and try again.") from None
    if tree.getroottree().docinfo.doctype:
        raise Problem(f"“{shown}” calls for things outside itself. Save it again and try again.")
    return tree


def _too_much(shown: str) -> Problem:
    return Problem(f"“{shown}” holds too much to be a form pack. Save only the filled form, without other things, and try again.")  # fmt: skip
