"""Money is a whole number of pence. Text becomes pence here and nowhere else."""

import re

from .problems import Problem

# Above this a typing slip is certain and a 64-bit column is still far away.
MOST_PENCE = 100_000_000_000
_POUNDS = re.compile(r"£?\s*(\d{1,3}(?:,\d{3}){1,4}|\d{1,15})(?:\.(\d{2}))?", re.ASCII)


def parse_pounds(text: str, field: str | None = None) -> int:
    """Pence from what a person typed: "5,000", "£5000.00", "5000" (design rule 1).

    Raises Problem "Enter pounds and pence, like 1250.50" for anything else, fractions of a penny and exponents too.
    """
    found = _POUNDS.fullmatch(text.strip())
    if not found:
        raise Problem("Enter pounds and pence, like 1250.50", field)
    pence = int(found[1].replace(",", "")) * 100 + int(found[2] or 0)
    if pence > MOST_PENCE:
        raise Problem("Enter an amount of £1,000,000,000.00 or less", field)
    return pence


def pounds(pence: int | None) -> str:
    """ "£5,000.01"; "-£12.00" when negative; nothing for None."""
    if pence is None:
        return ""
    sign = "-" if pence < 0 else ""
    return f"{sign}£{abs(pence) // 100:,}.{abs(pence) % 100:02d}"


def short_pounds(pence: int | None) -> str:
    """ "£5,000" when there are no pence, else as `pounds`: for headings and sentences, never for tables."""
    text = pounds(pence)
    return text.removesuffix(".00")


def plain_pounds(pence: int | None) -> str:
    """ "5000.01": what stands in a form's box and in exported files."""
    if pence is None:
        return ""
    sign = "-" if pence < 0 else ""
    return f"{sign}{abs(pence) // 100}.{abs(pence) % 100:02d}"


def share(pence: int, parts: int) -> list[int]:
    """`pence` in `parts` as equal as pennies allow; the earlier parts take the odd pennies and the sum is exact."""
    size, odd = divmod(pence, parts)
    return [size + (1 if place < odd else 0) for place in range(parts)]
