"""What a pack is made of before it is a file: headings, words and tables. Two writers draw the same blocks."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Heading:
    level: int  # 0 is the title
    text: str


@dataclass(frozen=True)
class Words:
    """One paragraph. `kind`: body, quiet (small print), example or bullet."""

    text: str
    kind: str = "body"


@dataclass(frozen=True)
class Grid:
    """A table without merged cells: what a merge becomes is the one thing that word processors do not agree on.

    `widths` are hundredths of the page. The first column holds codes. `tall` rows leave room to write by hand.
    """

    rows: list[list[str]]
    widths: list[int]
    header: bool = False
    tall: bool = False


Block = Heading | Words | Grid


@dataclass(frozen=True)
class Pack:
    """A whole pack. `title` and `author` are also the file's own facts."""

    title: str
    author: str
    blocks: list[Block] = field(default_factory=list)

    def printed(self) -> list[str]:
        """Every text of the pack outside its tables, to know later what somebody else wrote there."""
        return [block.text for block in self.blocks if not isinstance(block, Grid)]
