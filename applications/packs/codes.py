"""Codes in a pack: which round and version it is of, and which question a box belongs to.

They stand as plain words in cells, because words in cells are what Word, LibreOffice and Google all keep. A question's code
is its number on the paper and four letters made of its key, so a box still finds its question when the form is renumbered.
"""

import hashlib
import re
from dataclasses import dataclass

from fund.tables import Round

from ..forms import AskedForm

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # without I, L, O and U, which are misread
# Word processors change hyphens as one types, and put soft ones and joiners in.
_DASHES = re.compile("[\u2010-\u2015\u2212\u00ad]")
_INVISIBLE = re.compile("[\u200b-\u200d\u2060\ufeff]")
_BOX = re.compile(
    r"(?<![0-9A-Z-])(\d{1,3})\s?-\s?([0-9A-HJKMNP-TV-Z]{4})(?:\s?-\s?(\d{1,2}))?(?![0-9A-Z-])", re.I | re.A
)
_PACK = re.compile(r"\bPACK\s?-\s?(\d{1,9})\s?-\s?(\d{1,6})\s?-\s?([0-9A-F]{8})\b", re.I | re.A)


@dataclass(frozen=True)
class PackCode:
    """Round key, number of the form's version, and the first letters of its content hash."""

    round_id: int
    form_number: int
    content: str

    def __str__(self) -> str:
        return f"PACK-{self.round_id}-{self.form_number}-{self.content}"


@dataclass(frozen=True)
class BoxCode:
    """The question's four letters, and which of its boxes this is (None when it has one)."""

    tag: str
    part: int | None


def pack_code(round: Round, asked: AskedForm) -> PackCode:
    return PackCode(round.id, asked.number, (asked.content_sha256 or "0" * 8)[:8].upper())


def tag_of(key: str) -> str:
    """Four letters for a question's key."""
    number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:3], "big")
    return "".join(_LETTERS[(number >> shift) & 31] for shift in (15, 10, 5, 0))


def box_code(asked: AskedForm, key: str, part: int | None = None) -> str:
    """What is printed beside a box: "07-K7QM", or "09-2XB4-1" for the first of several boxes."""
    place = next(number for number, each in enumerate(asked.questions, 1) if each.key == key)
    return f"{place:02d}-{tag_of(key)}" + (f"-{part}" if part else "")


def plain(text: str) -> str:
    """The text with one kind of hyphen and without what cannot be seen."""
    return _INVISIBLE.sub("", _DASHES.sub("-", text))


def find_box_code(cell: str) -> tuple[BoxCode | None, str]:
    """The box code in a cell and whatever else somebody wrote there."""
    text = plain(cell)
    found = _BOX.search(text)
    if found is None:
        return None, text.strip()
    rest = f"{text[: found.start()]} {text[found.end() :]}".strip()
    return BoxCode(found[2].upper(), int(found[3]) if found[3] else None), rest


def find_pack_codes(text: str) -> set[PackCode]:
    """Every pack code in a text; a good pack has one."""
    return {PackCode(int(row[0]), int(row[1]), row[2].upper()) for row in _PACK.findall(plain(text))}
