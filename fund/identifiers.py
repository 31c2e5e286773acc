"""Numbers that registers give to organisations: tidied and checked for shape.

A pass means "plausible", never "exists": these numbers carry no check digit. Whether a register confirms a number is
recorded elsewhere, with who checked and when. Source of the shapes: strategies/identifiers.yaml.
"""

import dataclasses
import functools
import re
from pathlib import Path

from fund.strategies.reading import Place, build, load_yaml

FILE = Path(__file__).parent / "strategies" / "identifiers.yaml"
LONGEST = 60  # longer than any identifier; keeps a pasted page out of the patterns


class IdentifierProblem(ValueError):
    """A number that cannot be of its scheme; the message is the sentence to show beside the field."""


@dataclasses.dataclass(frozen=True)
class Scheme:
    """One scheme of identifiers.yaml; `scheme` is its key in open data, such as GB-CHC."""

    scheme: str
    register: str
    label: str
    pattern: str
    shape: str
    examples: tuple[str, ...]
    case: str
    drop: str | None = None
    pad: int | None = None
    note: str | None = None


@dataclasses.dataclass(frozen=True)
class _File:
    schema_version: int
    schemes: tuple[Scheme, ...]


@functools.cache
def schemes() -> dict[str, Scheme]:
    """Every scheme by its key, in the file's order. Raises PackError when the file is not right."""
    found = build(_File, load_yaml(FILE), Place(FILE.name)).schemes
    return {scheme.scheme: scheme for scheme in found}


def normalise_identifier(scheme: str, raw: str) -> str:
    """The number as its register writes it: no spaces, its case, zeros filled in. Always text: leading zeros matter.

    Raises IdentifierProblem for an unknown scheme only; the result may still be of the wrong shape.
    """
    rule = _scheme(scheme)
    tidy = re.sub(r"\s+", "", raw)
    tidy = {"upper": tidy.upper(), "lower": tidy.lower()}.get(rule.case, tidy)
    if rule.drop:
        tidy = tidy.removeprefix(rule.drop)
    return _fill_with_zeros(tidy, rule.pad) if rule.pad else tidy


def check_identifier(scheme: str, raw: str) -> str:
    """The normalised number, when it is plausible. Raises IdentifierProblem with a sentence when it is not."""
    rule = _scheme(scheme)
    tidy = normalise_identifier(scheme, raw[: LONGEST + 1])
    if not tidy:
        raise IdentifierProblem(f"Enter the {_in_a_sentence(rule.label)}.")
    if len(raw) > LONGEST or not raw.isascii() or not re.fullmatch(rule.pattern, tidy):
        example = rule.examples[0]
        raise IdentifierProblem(f"{rule.label} must be {rule.shape}, like {example}. Check it against the register.")
    return tidy


def _scheme(key: str) -> Scheme:
    if key not in schemes():
        raise IdentifierProblem(f"We do not know the register {key!r}. Choose one from the list.")
    return schemes()[key]


def _fill_with_zeros(text: str, length: int) -> str:
    match = re.fullmatch(r"([A-Z]{2})?([0-9]+)", text)
    if not match:
        return text
    letters = match[1] or ""
    return letters + match[2].zfill(length - len(letters))


def _in_a_sentence(label: str) -> str:
    return label if label.startswith("Northern") or label.startswith("Scottish") else label[0].lower() + label[1:]
