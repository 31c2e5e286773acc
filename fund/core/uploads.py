"""What people upload is looked at before it is kept: the type is decided by the content, and what could run is refused.

`checked` answers the bytes to keep. Photos come back drawn anew, without place, camera or anything hidden behind the
picture. Every refusal is a Problem whose sentence says what to do. Source of the rules: OWASP ASVS 5.0, chapter 5.
"""

import re
from dataclasses import dataclass

import filetype

from .files import safe_name
from .problems import Problem
from .upload_packages import check_package
from .upload_pdfs import check_pdf
from .upload_photos import redrawn

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "jpg": "image/jpeg",
    "png": "image/png",
    "txt": "text/plain",
}
ACCEPT = ",".join(f".{ending}" for ending in (*TYPES, "jpeg"))  # what a browser's file chooser offers
WE_TAKE = "We take PDF, Word (docx), Excel (xlsx), OpenDocument (odt, ods), photos (jpg, png) and plain text (txt)."
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP = re.compile(
    rb"<\s*(?:!doctype|!entity|\?xml|\?php|html|head|body|svg|script|iframe|object|embed|form|a\s|img)", re.I
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class Upload:
    """What may be kept: the bytes, a safe name with the right ending, and the media type."""

    content: bytes
    name: str
    media_type: str


def checked(content: bytes, name: str, *, most_megabytes: int) -> Upload:
    """The upload as it may be kept. Raises Problem (field `files`) when it may not."""
    shown = safe_name(name)
    if not content:
        raise Problem(f"“{shown}” is empty. Choose another file.", "files")
    if len(content) > most_megabytes * 1024 * 1024:
        raise Problem(f"“{shown}” is larger than {most_megabytes} MB. Make it smaller, or send it in parts.", "files")
    ending = shown.rpartition(".")[2].lower() if "." in shown else ""
    ending = "jpg" if ending == "jpeg" else ending
    if ending not in TYPES:
        raise Problem(f"“{shown}” is not a kind of file we can take. {WE_TAKE}", "files")
    found = _kind_of(content, ending, shown)
    if found != ending and {found, ending} != {"jpg", "png"}:
        raise Problem(
            f"“{shown}” is not what its ending says. Open it, save it again as {ending.upper()} and add it again.",
            "files",
        )
    if found == "pdf":
        check_pdf(content, shown)
    elif found in ("jpg", "png"):
        content = redrawn(content, found, shown)
    return Upload(content, _with_ending(shown, found), TYPES[found])


def _kind_of(content: bytes, ending: str, shown: str) -> str:
    """The key of TYPES that the bytes are, or the empty text for anything else."""
    if content.startswith(_OLD_OFFICE):
        raise Problem(
            f"“{shown}” is locked with a password or from an old Office. Save it without a password, as docx or xlsx.",
            "files",
        )
    if content.startswith(b"PK\x03\x04"):
        return check_package(content, shown)
    if ending == "txt":
        return "txt" if _is_plain_text(content) else ""
    guess = filetype.guess(content)
    return guess.extension if guess and guess.extension in ("pdf", "jpg", "png") else ""


def _is_plain_text(content: bytes) -> bool:
    """Words only: nothing that a browser would draw as a page, a system would run, or no reader could read."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    return not (
        _CONTROL.search(text)
        or _MARKUP.search(content)
        or content[:2] in (b"#!", b"MZ", b"%!")
        or content[:5] == b"{\\rtf"
    )


def _with_ending(name: str, ending: str) -> str:
    stem, _dot, given = name.rpartition(".")
    return name if given.lower() == ending else f"{stem}.{ending}"
