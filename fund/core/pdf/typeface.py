"""The letters' typeface: which characters it can draw, how wide they are, and what stands in for the others.

Liberation Sans has no emoji and no Arabic. What it lacks shows as an open square (or as a plainer form of itself), and
the piece keeps the words as written beside it, so that a screen reader, a search and a copy get the real letters.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR, BOLD, ITALIC = "Regular", "Bold", "Italic"
STAND_IN = "□"
_RIGHT_TO_LEFT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
# From the first right-to-left letter to the last one before left-to-right letters come again.
_RTL_RUN = re.compile(f"[{_RIGHT_TO_LEFT}](?:[^A-Za-z\u00c0-\u052f]*[{_RIGHT_TO_LEFT}])?")
_NUMBER = re.compile(r"\d[\d.,:/]*\d")
_CLOSES = {")": "(", "]": "[", "}": "{", "»": "«"}
_MIRROR = str.maketrans("()[]{}<>«»", ")(][}{><»«")
_IGNORABLE = re.compile("[\u200c\u200d\u034f\u180e\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0000-\U000e0fff]")


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters to draw, and the words they stand for where those differ."""

    shown: str
    means: str | None = None


class Face:
    """One style of the typeface, registered with ReportLab."""

    def __init__(self, style: str) -> None:
        self.name = f"LiberationSans-{style}"
        # Left out, asciiReadable and shapable follow the machine's own settings and libraries: other bytes.
        path = files("fund.core.pdf").joinpath("fonts", f"{self.name}.ttf")
        font = TTFont(self.name, str(path), asciiReadable=True, shapable=False)
        # ReportLab silently takes another object for the same face if anybody in the process registered one before.
        font.face.name = f"{self.name}-Letters".encode()
        pdfmetrics.registerFont(font)
        self.covered = frozenset(
            chr(code) for code in font.face.charToGlyph if code >= 32 and not _IGNORABLE.match(chr(code))
        )
        self._uncovered = re.compile("([^" + "".join(map(re.escape, sorted(self.covered))) + "]+)")
        self.widths = {chr(code): width for code, width in font.face.charWidths.items()}

    def pieces(self, text: str) -> list[Piece]:
        """The text as it is drawn, from left to right."""
        if self.covered.issuperset(text) and not _RTL_RUN.search(text):
            return [Piece(text)] if text else []
        found, place = [], 0
        for run in _RTL_RUN.finditer(text):
            found += self._substituted(text[place : run.start()])
            place = _end(text, run)
            words = text[run.start() : place]
            found.append(Piece(self._drawable(_turned(words)), words))
        return found + self._substituted(text[place:])

    def width(self, text: str) -> float:
        """The width in thousandths of the type size."""
        return sum(self.widths[char] for piece in self.pieces(text) for char in piece.shown)

    def _substituted(self, text: str) -> list[Piece]:
        parts = enumerate(self._uncovered.split(text))  # every second part is what the typeface lacks
        return [Piece(self._drawable(part), part) if index % 2 else Piece(part) for index, part in parts if part]

    def _drawable(self, text: str) -> str:
        text = _IGNORABLE.sub("", text)
        return text.translate({ord(char): self._instead(char) for char in set(text) - self.covered})

    def _instead(self, char: str) -> str:
        plainer = unicodedata.normalize("NFKC", char)
        return plainer if self.covered.issuperset(plainer) else STAND_IN


@cache
def face(style: str) -> Face:
    return Face(style)


@lru_cache(maxsize=16384)
def word_width(style: str, word: str) -> float:
    """The width of a word in thousandths of the type size; letters repeat most words."""
    return face(style).width(word)


def _end(text: str, run: re.Match[str]) -> int:
    """The end of right-to-left words, with the bracket that closes one opened among them."""
    following = text[run.end() : run.end() + 1]
    return run.end() + (following in _CLOSES and run[0].count(_CLOSES[following]) > run[0].count(following))


def _turned(text: str) -> str:
    """Right-to-left text in the order in which its letters stand on the line; numbers keep theirs."""
    return _NUMBER.sub(lambda number: number[0][::-1], text[::-1]).translate(_MIRROR)
