"""Breaking text into lines: greedy, at spaces, and inside a word only when the word alone is wider than the line.

ReportLab's own Paragraph reads its text as markup and over half a minute for one word of a million letters.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fund.core.pdf.runs import Bold, Italic, Link, Run, Text, clean, runs
from fund.core.pdf.typeface import BOLD, ITALIC, REGULAR, word_width

_STYLES = {Bold: BOLD, Italic: ITALIC}
_GAPS = re.compile("([ \t]+|\n)")


@dataclass(slots=True)
class Fragment:
    """Neighbouring words of one style and one link on a line; the width is in thousandths of the type size."""

    text: str
    style: str
    link: Link | None
    width: float


Line = list[Fragment]
_Part = tuple[str, str, Link | None]


def line_width(line: Line, size: float) -> float:
    """The width of a line in points."""
    return sum(fragment.width for fragment in line) * size / 1000


def break_lines(text: Text, size: float, width: float, style: str = REGULAR) -> list[Line]:
    """The lines of a text in type of `size` points, none wider than `width` points; one at least, maybe empty."""
    filler = _Filler(width * 1000 / size)
    for word in _words(runs(text), style):
        if word is None:
            filler.wrap()
        else:
            filler.add(word)
    filler.finish()
    return filler.lines


def longest_word(text: Text, size: float, style: str = REGULAR) -> float:
    """The width in points of the widest word, which is the narrowest that a column should be."""
    widths = [sum(word_width(part[1], part[0]) for part in word) for word in _words(runs(text), style) if word]
    return max(widths, default=0) * size / 1000


def _words(text: list[Run], style: str) -> Iterator[list[_Part] | None]:
    """Each word as its parts (a word may change style in the middle); None for a line break."""
    word: list[_Part] = []
    for run in text:
        run_style, link = _STYLES.get(type(run), style), run if isinstance(run, Link) else None
        for token in _GAPS.split(clean(run.text)):
            if not _GAPS.fullmatch(token):
                word += [(token, run_style, link)] if token else []
                continue
            if word:
                yield word
            word = []
            if token == "\n":
                yield None
    if word:
        yield word


class _Filler:
    """The lines so far and the one being filled; `limit` is in thousandths of the type size."""

    def __init__(self, limit: float) -> None:
        self.limit, self.used = limit, 0.0
        self.lines: list[Line] = []
        self.line: Line = []

    def add(self, word: list[_Part]) -> None:
        widths = [word_width(style, text) for text, style, _ in word]
        if self.line:
            gap_style, gap_link = self._gap(word[0])
            gap = word_width(gap_style, " ")
            if self.used + gap + sum(widths) > self.limit:
                self.wrap()
            else:
                self._put(" ", gap_style, gap_link, gap)
        if sum(widths) > self.limit:
            self._split(word)
        else:
            for (text, style, link), width in zip(word, widths, strict=True):
                self._put(text, style, link, width)

    def finish(self) -> None:
        self.lines.append(self.line)
        self.line, self.used = [], 0.0

    def wrap(self) -> None:
        """Ends the line with a space that takes no room: read aloud or copied, the words stay apart."""
        if self.line:
            self.line[-1].text += " "
        self.finish()

    def _gap(self, following: _Part) -> tuple[str, Link | None]:
        last = self.line[-1]
        return (last.style, last.link) if (last.style, last.link) == following[1:] else (REGULAR, None)

    def _put(self, text: str, style: str, link: Link | None, width: float) -> None:
        last = self.line[-1] if self.line else None
        if last and last.style == style and last.link is link:
            last.text += text
            last.width += width
        else:
            self.line.append(Fragment(text, style, link, width))
        self.used += width

    def _split(self, word: list[_Part]) -> None:
        for text, style, link in word:
            start, wide = 0, 0.0
            widths = {char: word_width(style, char) for char in set(text)}
            for place, char in enumerate(text):
                width = widths[char]
                if self.used + wide + width > self.limit and (self.line or place > start):
                    self._put(text[start:place], style, link, wide)
                    self.finish()
                    start, wide = place, 0.0
                wide += width
            self._put(text[start:], style, link, wide)
