"""What a file says, whichever format it is in: paragraphs and tables in their order, and words from its margins."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from fund.core.problems import Problem

MOST_CELLS = 60_000
MOST_LETTERS = 600_000  # ten times what the longest answer may have


@dataclass
class Table:
    """Rows of cell texts; a cell's paragraphs are lines."""

    rows: list[list[str]]


@dataclass
class Found:
    """`flow` holds paragraphs (text) and tables in order; `aside` is what stands in notes, comments and text boxes;
    `pictures` is how many pictures there are."""

    flow: list[str | Table] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)
    pictures: int = 0

    def texts(self) -> Iterator[str]:
        """Every text once, for looking for codes."""
        for item in self.flow:
            if isinstance(item, str):
                yield item
            else:
                for row in item.rows:
                    yield from row


class Budget:
    """Counts cells and letters while a file is read, and stops when no pack could have so many."""

    def __init__(self):
        self.cells = self.letters = 0

    def spend(self, letters: int = 0, cells: int = 0) -> None:
        self.cells += cells
        self.letters += letters
        if self.cells > MOST_CELLS or self.letters > MOST_LETTERS:
            raise Problem("This file holds too much to be a form pack. Save only the filled form and try again.", "pack")  # fmt: skip
