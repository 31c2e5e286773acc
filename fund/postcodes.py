"""UK postcodes: tidied to upper case with one space, and checked for shape.

Shape only: a postcode may fit and not exist, and it proves neither ward nor district. Source of the shape: GOV.UK's
bulk data transfer pattern (outward A9, A99, AA9, AA99, A9A or AA9A; inward 9AA; and GIR 0AA), with both alternatives
anchored, which the published pattern does not do.
"""

import re

OUTWARD = r"[A-Z][0-9]{1,2}|[A-Z][A-HJ-Y][0-9]{1,2}|[A-Z][0-9][A-Z]|[A-Z][A-HJ-Y][0-9][A-Z]"
POSTCODE = re.compile(rf"(?:GIR 0AA|(?:{OUTWARD}) [0-9][A-Z]{{2}})")
INWARD_LENGTH = 3
LONGEST = 20


class PostcodeProblem(ValueError):
    """Text that cannot be a UK postcode; the message is the sentence to show beside the field."""


def normalise_postcode(raw: str) -> str:
    """Upper case with one space before the last three characters; says nothing about the shape."""
    tidy = re.sub(r"\s+", "", raw).upper()
    return f"{tidy[:-INWARD_LENGTH]} {tidy[-INWARD_LENGTH:]}" if len(tidy) > INWARD_LENGTH else tidy


def check_postcode(raw: str) -> str:
    """The normalised postcode, when it is plausible. Raises PostcodeProblem with a sentence when it is not."""
    if not raw.strip():
        raise PostcodeProblem("Enter a postcode, like DH1 9ZZ.")
    if len(raw) > LONGEST or not raw.isascii() or not POSTCODE.fullmatch(tidy := normalise_postcode(raw)):
        raise PostcodeProblem("Enter a full UK postcode, like DH1 9ZZ.")
    return tidy


def postcode_area(postcode: str) -> str:
    """The letters a normalised postcode starts with: "DH" for "DH1 9ZZ". A hint of the place, never a proof."""
    return re.match(r"[A-Z]*", postcode)[0]  # type: ignore[index]
