"""Words are counted one way, here and in static/js/words.js: what stands between spaces. Ten per cent over is allowed."""

import re

_WORD = re.compile(r"[^\s\u00a0\ufeff\u200b]+")
GRACE_PERCENT = 10


def count_words(text: str | None) -> int:
    return len(_WORD.findall(text or ""))


def most_words(limit: int) -> int:
    """The limit with its grace: 150 words allow 165; part of a word is not allowed."""
    return limit * (100 + GRACE_PERCENT) // 100


def too_many_words(text: str | None, limit: int | None) -> str | None:
    """The sentence for a text that is too long even with its grace, or None."""
    if not limit or (used := count_words(text)) <= (most := most_words(limit)):
        return None
    over = used - most
    return f"You wrote {used} words. The most is {most} ({limit} and ten per cent). Take out {over} word{'s' * (over != 1)}."
