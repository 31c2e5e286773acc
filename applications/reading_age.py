"""How old a reader has to be for a text: the Flesch-Kincaid grade and five, as a UK reading age. Ours aim at 9 to 11.

The formula is Kincaid and others, 1975: 0.39 x words a sentence + 11.8 x syllables a word - 15.59. Syllables are counted by
rule, so a single text may be a year off; it says which texts to look at, not which are good.
"""

import re

TARGET = (9, 11)
FEWEST_WORDS = 5  # below that the figure says nothing
_SENTENCE = re.compile(r"[.!?:;]+(?=\s|$)|\n+")
_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)*")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?:[^laeiouy]|[aeiouy]l)e$|[^aeiouydt]ed$|(?:[^aeiouycgszx]|[aeiouy]l)es$")
_APART = re.compile(r"ia(?!l$|n$)|io(?!u|n)|(?:id|r)ea$|ideo|eolo|[^gq]ua(?!r)|[^q]ui(?=ty)|ying$|ism$")
_JOINED = re.compile(
    r"^(safe|some|there|here|home|care|time|life|fire|side)(?=[b-df-hj-np-tv-z])"
)  # the e inside is silent


def syllables(word: str) -> int:
    """How many syllables a word has, at least one."""
    word = _JOINED.sub(lambda found: found[1][:-1], re.sub(r"[^a-z]", "", word.lower()))
    count = len(_VOWELS.findall(word)) + len(_APART.findall(word))
    if count > 1 and _SILENT.search(word):
        count -= 1
    return max(count, 1)


def reading_age(text: str | None) -> int | None:
    """The age in whole years, from 5 on; None for a text with too few words to say."""
    words = _WORD.findall(text or "")
    if len(words) < FEWEST_WORDS:
        return None
    sentences = max(sum(bool(_WORD.search(part)) for part in _SENTENCE.split(text or "")), 1)
    grade = 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
    return max(round(grade + 5), 5)


def verdict(text: str | None) -> tuple[str, str] | None:
    """(sentence, colour of the tag) for the officer beside the text; None when there is too little to say."""
    age = reading_age(text)
    if age is None:
        return None
    if age <= TARGET[1]:
        return f"Reading age {age}", "green"
    return f"Reading age {age}: shorter words and sentences help", "yellow" if age <= TARGET[1] + 2 else "red"
