"""What stands where a strategy is silent, so that a page says so plainly instead of leaving a blank."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

SILENT = "The strategy does not say."
UNRECORDED = "Our reading of the strategy holds nothing on this."


@dataclass(frozen=True)
class Gap:
    """A fact that is missing: false in a condition, empty in a loop, a sentence when printed.

    `silent` is True when the document was searched and says nothing; False when our reading of it simply
    holds no entry, which is a weaker statement and is worded as one.
    """

    note: str = ""
    silent: bool = True

    @property
    def sentence(self) -> str:
        return SILENT if self.silent else UNRECORDED

    def __str__(self) -> str:
        return self.sentence

    def __bool__(self) -> Literal[False]:
        return False

    def __len__(self) -> int:
        return 0

    def __iter__(self) -> Iterator[Any]:
        return iter(())
