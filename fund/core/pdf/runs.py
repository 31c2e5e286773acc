"""Text as people wrote it: runs of plain, bold, italic and linked words, cleaned once for the PDF and the page alike.

Nothing here is markup: `Smith <Ltd>` and `&amp;` are those very letters.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

UNREADABLE = "\ufffd"
_LINE_BREAKS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# Marks that turn the direction of what follows can make a name read as another; the rest show nothing at all.
_UNSEEN = re.compile("[\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]")
_BROKEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_LINK_SCHEMES = {"https", "http", "mailto", "tel"}


def clean(text: str) -> str:
    """The text with one kind of line break, composed accents, U+FFFD for what no file can hold (such as NUL)."""
    if text.isascii() and text.isprintable():
        return text
    text = _UNSEEN.sub("", _LINE_BREAKS.sub("\n", text))
    return unicodedata.normalize("NFC", _BROKEN.sub(UNREADABLE, text))


@dataclass(frozen=True)
class Plain:
    text: str


@dataclass(frozen=True)
class Bold:
    text: str


@dataclass(frozen=True)
class Italic:
    text: str


@dataclass(frozen=True)
class Link:
    """Words that lead to an address. Raises ValueError for no words, or a scheme that is not http(s), mailto or tel."""

    text: str
    href: str

    def __post_init__(self) -> None:
        if urlsplit(self.href).scheme not in _LINK_SCHEMES:
            raise ValueError(f"A link must lead to a web, mail or telephone address, not {self.href!r}")
        if not clean(self.text).strip():
            raise ValueError("A link needs words to show")

    @property
    def address(self) -> str:
        """The address in the seven-bit form that a PDF asks for."""
        return quote(clean(self.href), safe=":/?#[]@!$&'()*+,;=%-._~")


Run = Plain | Bold | Italic | Link
Text = str | Run | Sequence[str | Run]


def runs(text: Text) -> list[Run]:
    """Any form of text as a list of runs; a bare string is plain."""
    parts = [text] if isinstance(text, (str, Plain, Bold, Italic, Link)) else text
    return [Plain(part) if isinstance(part, str) else part for part in parts]


def plain(text: Text) -> str:
    """The bare words of a text."""
    return "".join(clean(run.text) for run in runs(text))
