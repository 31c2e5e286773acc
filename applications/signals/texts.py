"""Whether two texts are nearly the same: by the runs of five words that they share.

Of every text a quarter of the runs, chosen by their own hash, is kept as numbers, and only these are compared. Broder, "On the resemblance and containment of documents" (1997); the same runs are
chosen in both texts, so a paragraph copied into a longer answer is found as well.
"""

import re
import unicodedata
from collections.abc import Iterable
from zlib import crc32

RUN = 5  # words
KEPT_OF = 4  # one run of so many is kept
LEAST_WORDS = 30  # shorter texts are alike by chance
MOST_WORDS = 4000  # of one answer; what is beyond is not compared
_WORD = re.compile(r"[a-z0-9]+")
EXCERPT = 40  # words


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, without accents and marks."""
    plain = text if text.isascii() else unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return _WORD.findall(plain.lower().replace("'", ""))[:MOST_WORDS]


def runs_of(words: list[str]) -> list[int]:
    """A number for each run of five words, in their order."""
    return [crc32(" ".join(words[start : start + RUN]).encode()) for start in range(len(words) - RUN + 1)]


def print_of(text: str, common: frozenset[int] = frozenset()) -> list[int]:
    """The runs that are kept of a text, in order of size; none of a short one. `common` runs (the form's own) do not count."""
    words = words_of(text)
    if len(words) < LEAST_WORDS:
        return []
    return sorted({run for run in runs_of(words) if run % KEPT_OF == 0 and run not in common})


def common_runs(texts: Iterable[str | None]) -> frozenset[int]:
    """The runs of the form's own words: its examples are there to be copied."""
    return frozenset(run for text in texts if text for run in runs_of(words_of(text)))


def passage(first: str, second: str, common: frozenset[int] = frozenset()) -> str:
    """The longest passage of the first text that the second has as well, in lower case without marks, cut to forty words."""
    words = words_of(first)
    runs = runs_of(words)
    return _longest(words, runs, (frozenset(runs) & frozenset(runs_of(words_of(second)))) - common)


def _longest(words: list[str], runs: list[int], shared: frozenset[int]) -> str:
    """The longest passage of the first text whose runs all stand in the second, cut to forty words."""
    best, start, begun = (0, 0), 0, False
    for place, run in enumerate([*runs, -1]):
        if run in shared and not begun:
            start, begun = place, True
        elif run not in shared and begun:
            best, begun = max(best, (place - start, -start)), False
    if not best[0]:
        return ""
    first = -best[1]
    found = words[first : first + best[0] + RUN - 1]
    return " ".join(found[:EXCERPT]) + (" …" if len(found) > EXCERPT else "")
