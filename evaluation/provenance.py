"""Where an indicator comes from, in words for people: the library's short keys are for those who keep its file."""

import functools
import re

from fund.strategies import loader

from .library import reader

KINDS = {
    "seed": "The wording and the measure are the document's.",
    "derived from seed": "The document gives the outcome; how it is measured is ours.",
    "proposed": "Our proposal, from common practice.",
    "sector tool": "A questionnaire or scale used in the sector.",
    "confirmed practice": "Practice of other funders, as they publish it.",
}
_KEY = re.compile(r"\bseed (\d{3})\b")
_PART = re.compile(r"(\bseed \d{3}) (?=[a-z])")  # "seed 001 expected outcomes": the part of a document
_SAID_BY_KIND = ("seed gives the outcome; unit and measure are ours", "the seed gives outcomes, not measures; the measure is ours", "measure is ours")  # fmt: skip
_OURS = ("common practice; proposed", "proposed")


@functools.cache
def documents() -> dict[str, str]:
    """The title of each strategy document by the key that the library and the packs use for it."""
    return {pack.identity.source: pack.identity.document for pack in loader.all_packs()}


@functools.cache
def origin(code: str) -> tuple[str, str, tuple[str, ...]]:
    """What kind of indicator this is, the document it was taken from, and the addresses of pages; "" where there is none."""
    known = reader.indicator(code)
    if known is None:
        return "", "", ()
    pages = tuple(part for part in known.source.split(" ; ") if part.startswith("https://") or part.startswith("http://"))  # fmt: skip
    named = (
        "" if pages or known.source in _OURS else _named(_PART.sub(r"\1, ", known.source.removeprefix("proposed; ")))
    )
    return KINDS.get(known.status, ""), named, pages


def in_one_line(code: str) -> str:
    """The same for a file."""
    kind, document, pages = origin(code)
    return " ".join(part for part in (kind, document, *pages) if part)


def remark(note: str | None) -> str:
    """What is to be known about an indicator, without what `origin` says already."""
    rest = note or ""
    for said in _SAID_BY_KIND:
        if rest.startswith(said):
            rest = rest[len(said) :].lstrip("; ")
            break
    rest = re.sub(r"\b(in |the )?seed\b(?! \d)", lambda found: "in the strategy" if found[1] == "in " else "the strategy", _named(rest))  # fmt: skip
    return rest[:1].upper() + rest[1:]


def _named(text: str) -> str:
    return _KEY.sub(lambda found: documents().get(found[0], "a strategy document"), text)
