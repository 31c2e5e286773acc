"""Names as they are compared: what two writings of one name have in common once case, accents and legal endings are gone.

For finding what may be the same. Whether a register's name is the same is judged strictly, in `fund.registers.names`.
"""

import re
import unicodedata

from rapidfuzz import fuzz

NEAR_ORGANISATIONS = 90  # of 100, rapidfuzz ratio of the words in order of the alphabet
_PHRASES = re.compile(
    r"\b(community interest company|charitable incorporated organisation|community benefit society)\b"
)
_LEGAL_WORDS = {"limited", "ltd", "cic", "cio", "plc", "llp", "llc", "the", "and", "of", "company", "charity", "inc"}
LEAST_LETTERS = 4


def words_of(name: str) -> list[str]:
    """The words of a name in lower case without accents and punctuation: "Café" is "cafe", "St. John's" is "st", "johns"."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower().replace("&", " and ")
    return re.findall(r"[a-z0-9]+", plain.replace("'", "").replace("’", ""))


def organisation_key(name: str) -> str:
    """The words that matter of an organisation's name, in order of the alphabet; empty when none is left."""
    words = _PHRASES.sub(" ", " ".join(words_of(name))).split()
    return " ".join(sorted(word for word in words if word not in _LEGAL_WORDS))


def person_key(name: str) -> str:
    """The words of a person's name, in order of the alphabet: "BELL, Jo" is "bell jo"."""
    return " ".join(sorted(words_of(name)))


def full_name(name: str) -> str:
    """The key of a name with at least two words; nothing otherwise: a first name alone is many people's."""
    key = person_key(name)
    return key if " " in key else ""


def numbers_in(key: str) -> frozenset[str]:
    """The words with a figure in them: "1st Durham Scouts" and "2nd Durham Scouts" are two groups."""
    return frozenset(word for word in key.split() if any(each.isdigit() for each in word))


def likeness(first: str, second: str, cutoff: int = NEAR_ORGANISATIONS) -> int:
    """How alike two keys are, 0 to 100; 0 below the cutoff, for short ones, and for those with other figures in them."""
    if min(len(first), len(second)) < LEAST_LETTERS or numbers_in(first) != numbers_in(second):
        return 0
    return int(fuzz.ratio(first, second, score_cutoff=cutoff))
