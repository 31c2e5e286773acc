"""Word, Excel and OpenDocument files are ZIP packages: what is inside decides, and what could run or explode is refused."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from .problems import Problem

MOST_PARTS = 2_000
MOST_UNPACKED = 100 * 1024 * 1024  # bytes of all parts together
MOST_TIMES_LARGER = 200  # how much larger than packed a part may be, once it is over a megabyte
_CHUNK = 256 * 1024
_RUNS = re.compile(
    r"(?:vbaproject|vbadata|activex|oleobject|/basic/|^basic/|^scripts/|\.(?:exe|dll|com|scr|js|vbs|bat|cmd|ps1|jar|hta|msi|lnk|sh|svg|html?|swf)$)"
)
_XML = (".xml", ".rels", ".rdf")
_ENTITY = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.I)
_OUTSIDE = re.compile(
    rb"(?:attachedTemplate|oleObject|/frame|externalLinkPath)[^<>]*TargetMode\s*=\s*[\"']External", re.I
)
_OUTSIDE_TURNED = re.compile(
    rb"TargetMode\s*=\s*[\"']External[^<>]*(?:attachedTemplate|oleObject|/frame|externalLinkPath)", re.I
)
_MAIN_PARTS = {
    b"wordprocessingml.document.main+xml": "docx",
    b"spreadsheetml.sheet.main+xml": "xlsx",
}
_OPEN_DOCUMENT = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
}


def check_package(content: bytes, name: str) -> str:
    """docx, xlsx, odt or ods; the empty text for another ZIP. Raises Problem for what is locked, active, broken or a bomb."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            kind = _kind_of(package)
            _check_names(package, name)
            _check_parts(package, name)
            return kind
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        zlib.error,
        NotImplementedError,
        EOFError,
        ValueError,
        RuntimeError,
        OSError,
    ):
        raise Problem(f"“{name}” is damaged. Open it, save it again and add it again.", "files") from None


def _kind_of(package: zipfile.ZipFile) -> str:
    names = set(package.namelist())
    if "[Content_Types].xml" in names:
        types = _start_of(package, "[Content_Types].xml", 1024 * 1024)
        return next((kind for words, kind in _MAIN_PARTS.items() if words in types), "")
    if "mimetype" in names:
        return _OPEN_DOCUMENT.get(_start_of(package, "mimetype", 200).strip(), "")
    return ""


def _start_of(package: zipfile.ZipFile, part: str, most: int) -> bytes:
    if package.getinfo(part).flag_bits & 0x1:
        return b""
    with package.open(part) as opened:
        return opened.read(most)


def _check_names(package: zipfile.ZipFile, name: str) -> None:
    parts = package.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Problem(f"“{name}” holds too much when it is unpacked. Save the text on its own, or send a PDF.", "files")
    for part in parts:
        if part.flag_bits & 0x1:
            raise Problem(f"“{name}” is locked with a password. Save it without one and add it again.", "files")
        if _RUNS.search(part.filename.lower()):
            raise Problem(
                f"“{name}” holds macros or programs. Save it without them, or as a PDF, and add it again.", "files"
            )
        if part.filename.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", part.filename):
            raise ValueError("a part outside the package")
    if len({part.filename for part in parts}) != len(parts):
        raise ValueError("two parts with one name")


def _check_parts(package: zipfile.ZipFile, name: str) -> None:
    """Unpack every part a little at a time: the sizes that a package states about itself may be lies."""
    whole = 0
    for part in package.infolist():
        size, is_xml = 0, part.filename.lower().endswith(_XML)
        for piece in _pieces(package, part):
            size += len(piece)
            whole += len(piece)
            if whole > MOST_UNPACKED or (size > 1024 * 1024 and size > MOST_TIMES_LARGER * max(part.compress_size, 1)):
                raise Problem(
                    f"“{name}” holds too much when it is unpacked. Save the text on its own, or send a PDF.", "files"
                )
            _check_piece(piece, part.filename, is_xml, name)


def _pieces(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part in pieces, each with the end of the one before, so that nothing hides on the border."""
    with package.open(part) as opened:
        before = b""
        while piece := opened.read(_CHUNK):
            yield before[-400:] + piece
            before = piece


def _check_piece(piece: bytes, part: str, is_xml: bool, name: str) -> None:
    if is_xml or part in ("[Content_Types].xml", "mimetype"):
        plain = piece.replace(b"\x00", b"")  # UTF-16 reads the same without its zeros
        if _ENTITY.search(plain) or _OUTSIDE.search(plain) or _OUTSIDE_TURNED.search(plain):
            raise Problem(
                f"“{name}” calls for things outside itself. Save it again, or as a PDF, and add it again.", "files"
            )
        if b"macroEnabled" in plain:
            raise Problem(
                f"“{name}” holds macros or programs. Save it without them, or as a PDF, and add it again.", "files"
            )
        if part.endswith("manifest.xml") and b"encryption-data" in plain:
            raise Problem(f"“{name}” is locked with a password. Save it without one and add it again.", "files")
    elif piece[:2] == b"MZ" or piece[:4] == b"\x7fELF":
        raise Problem(
            f"“{name}” holds macros or programs. Save it without them, or as a PDF, and add it again.", "files"
        )
