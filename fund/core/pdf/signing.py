"""The place for a digital signature in a PDF, the signature put into it, and a signature found in a file that somebody sent.

The place is drawn with the document, so that PDF/UA-1 and PDF/A-3a still hold, and its bytes follow from the document alone.
What is signed is the whole file but the place itself; signing replaces the place and nothing else. certificates.py signs.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from fund.core.pdf.archive import pdf_date

ROOM = 12_288  # bytes kept for a signature: an RSA key of 4,096 bits with three certificates takes about 7,000
_UNKNOWN = b"/ByteRange [ 0 9999999999 9999999999 9999999999 ]"
_RANGE = re.compile(rb"/ByteRange\s{0,9}\[\s{0,9}0\s{1,9}(\d{1,10})\s{1,9}(\d{1,10})\s{1,9}(\d{1,10})\s{0,30}\]")
_MOST_RANGES = 20  # a file with more is looked at no further
PRINTED = 4


class NoPlace(ValueError):
    """The file has no place for a signature, or the signature is larger than the place."""


def add_place(pdf: pikepdf.Pdf, description: str, moment: datetime, mark: bytes) -> None:
    """An invisible signature field at the end of the document, tagged as a form field with `description`.

    It has no size: the words of the page stay the words of the file. `mark`, 32 bytes that follow from the whole content,
    fill the place until it is signed, so that no words of the document can be taken for it.
    """
    tree, page = pdf.Root.StructTreeRoot, pdf.pages[-1].obj
    number = int(tree.ParentTreeNextKey)
    signature = pdf.make_indirect(Dictionary(
        Type=Name.Sig, Filter=Name("/Adobe.PPKLite"), SubFilter=Name("/ETSI.CAdES.detached"), M=String(pdf_date(moment)),
        ByteRange=Array([0, 9_999_999_999, 9_999_999_999, 9_999_999_999]), Contents=String(_filling(mark)),
    ))  # fmt: skip
    field = pdf.make_indirect(Dictionary(
        Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T=String("signature"), TU=String(description), V=signature,
        Rect=Array([0, 0, 0, 0]), F=PRINTED, P=page, StructParent=number,
    ))  # fmt: skip
    whole = tree.K[0]
    form = Dictionary(Type=Name.StructElem, S=Name.Form, P=whole, K=Array([Dictionary(Type=Name.OBJR, Pg=page, Obj=field)]))  # fmt: skip
    form = pdf.make_indirect(form)
    whole.K.append(form)
    tree.ParentTree.Nums.append(number)
    tree.ParentTree.Nums.append(form)
    tree.ParentTreeNextKey = number + 1
    if "/Annots" not in page:
        page.Annots = Array()
    page.Annots.append(field)
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]), SigFlags=3)


def _filling(mark: bytes) -> bytes:
    return mark * (ROOM // len(mark))


def open_place(content: bytes, mark: bytes) -> tuple[bytes, str]:
    """The file with the true extent of what is signed written in, and the SHA-256 of that as 64 hexadecimal digits."""
    filling = b"/Contents <" + _filling(mark).hex().encode() + b">"
    at = content.find(filling)
    extent = content.rfind(_UNKNOWN, 0, max(at, 0))
    if at < 0 or extent < 0:
        raise NoPlace("the file has no place for a signature")
    first, after = at + len(b"/Contents "), at + len(filling)
    known = b"/ByteRange [ 0 %d %d %d ]" % (first, after, len(content) - after)
    content = content[:extent] + known.ljust(len(_UNKNOWN)) + content[extent + len(_UNKNOWN) :]
    return content, hashlib.sha256(content[:first] + content[after:]).hexdigest()


def fill_place(content: bytes, mark: bytes, signature: bytes) -> bytes:
    """The file of `open_place` with its signature (CMS in DER) in the place. Raises NoPlace when it does not fit."""
    if len(signature) > ROOM:
        raise NoPlace(f"the signature takes {len(signature)} bytes, there is room for {ROOM}")
    return content.replace(_filling(mark).hex().encode(), signature.ljust(ROOM, b"\0").hex().encode(), 1)


@dataclass(frozen=True)
class Found:
    """A signature in a file: its CMS, the SHA-256 of what it covers, and whether that is all of the file."""

    signature: bytes
    covered_sha256: bytes
    whole: bool


def signatures_in(content: bytes) -> Iterator[Found]:
    """The signatures of a file, without opening it: whoever sent it may have built it against its reader."""
    for count, extent in enumerate(_RANGE.finditer(content)):
        if count == _MOST_RANGES:
            return
        first, after, rest = (int(each) for each in extent.groups())
        gap = content[first:after]
        if after + rest > len(content) or not (gap.startswith(b"<") and gap.endswith(b">")) or len(gap) > 4 * ROOM:
            continue
        try:
            signature = bytes.fromhex(gap[1:-1].decode("ascii"))
        except ValueError:
            continue
        covered = hashlib.sha256(content[:first])
        covered.update(content[after : after + rest])
        yield Found(signature, covered.digest(), after + rest == len(content))
