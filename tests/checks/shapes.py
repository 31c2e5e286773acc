"""How a page is built, without its words: two pages of one shape are whole or not whole together.

Reading a page with the real parser costs more than making it, and a run of the tests fetches the same page with other
words and other numbers again and again. What stands in for the words keeps everything that the rules of html.py ask:
whether there are words at all, every tag, every attribute, which number equals which, and every sign that a parser minds.
"""

import re
from functools import lru_cache

PIECE = re.compile(r"<!--.*?-->|<(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>|[^<]+", re.DOTALL)
# Signs without a meaning in HTML, and the ones that templates write as references because they have one.
WORDS = re.compile(r"(?:\w|&(?:#39|#34|amp|lt|gt);)(?:[\w\s,.;:()£/+!?’‘“”…–-]|&(?:#39|#34|amp|lt|gt);)*|&#?\w+;")
# Attributes that are only read out or sent: their words are as good as any other's.
SPOKEN = re.compile(r'(?<=\s)((?:value|content|alt|title|placeholder|aria-label|data-[a-z-]+)=)"([^"]*)"')
QUOTED = re.compile(r'"[^"]*"')
NUMBER = re.compile(r"&#?\w+;|\d+")
# What the words themselves may have wrong, and a bare ampersand, which may begin a reference or not: such a page is read.
ITS_WORDS_MATTER = re.compile(
    r"&(?!#?\w+;)|&(?:lt|#60|#x3c);(?:bound|function)|0x|\bNone\b(?:\s|<[^>]*>)*\Z", re.IGNORECASE
)


def shape_of(html: str) -> str:
    """The page with a `w` for words and a running number for every other number; the page itself where that is not safe."""
    pieces = PIECE.findall(html)
    if ITS_WORDS_MATTER.search(html) or sum(map(len, pieces)) != len(html):
        return html
    seen: dict[str, str] = {}

    def renumber(found: re.Match) -> str:
        number = found.group()
        return number if number[0] == "&" else seen.setdefault(number, f"#{len(seen)}#")

    def quoted(found: re.Match) -> str:
        return NUMBER.sub(renumber, found.group())

    return "".join(
        QUOTED.sub(quoted, _tag(piece)) if piece[0] == "<" and piece[1] != "!" else _text(piece) for piece in pieces
    )


@lru_cache(maxsize=50_000)
def _text(piece: str) -> str:
    return piece if piece[0] == "<" else WORDS.sub(_word, piece)


def _word(found: re.Match) -> str:
    words = found.group()
    return words if words[0] == "&" and not words.startswith(("&#39;", "&#34;", "&amp;", "&lt;", "&gt;")) else "w"


@lru_cache(maxsize=50_000)
def _tag(piece: str) -> str:
    return SPOKEN.sub(lambda found: f'{found[1]}"{WORDS.sub(_word, found[2])}"', piece)
