"""Comparing the name that was given with the name on a register.

A machine takes two names as one only when they are the same after tidying: capitals, stops, "and" and "&", "the" at the
start, and the words of a legal form at the end. How like two others are is a number for a person who decides.
Signals and lists compare more loosely, without accents, order and small words: that is `fund.names`.
"""

import re
import unicodedata
from collections.abc import Iterable

from rapidfuzz import fuzz

SAME, NEARLY, PARTLY = 100, 85, 60
ENDINGS = re.compile(
    r" (?:limited|ltd|cio|charitable incorporated organisation|cic|community interest company|company limited by guarantee"
    r"|community benefit society|registered charity)$"
)


def tidy(name: str) -> str:
    """A name as it is compared."""
    text = re.sub(r"['’`.]", "", unicodedata.normalize("NFKC", name).casefold().replace("&", " and "))
    text = re.sub(r"[\W_]+", " ", text).strip().removeprefix("the ")
    while (shorter := ENDINGS.sub("", text)) != text:
        text = shorter
    return text


def likeness(given: str, names: Iterable[str | None]) -> int:
    """How like the nearest of these names is, 0 to 100; 100 only when they are the same after tidying."""
    here = tidy(given)
    return max((_one(here, tidy(name)) for name in names if name), default=0)


def _one(here: str, there: str) -> int:
    if here == there:
        return SAME if here else 0
    return min(SAME - 1, int(fuzz.token_sort_ratio(here, there)))


def in_words(score: int) -> str:
    """What a likeness means, in plain words."""
    if score == SAME:
        return "the same"
    if score >= NEARLY:
        return f"nearly the same, {score} of 100"
    return f"partly the same, {score} of 100" if score >= PARTLY else f"different, {score} of 100"
