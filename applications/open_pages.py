"""The page into which somebody types an answer: it has a name and counts its saves.

So one's own newer text over one's own older one, saved from the same page a moment before, is no conflict; a text that
was saved from anywhere else meanwhile is.
"""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class OpenPage:
    """`name` is drawn when the page is shown; `turn` grows with each save that its script sends, and stays 0 without."""

    name: str
    turn: int = 0

    def wrote(self, changes: Sequence[Any], person_id: int) -> bool:
        """Whether all of these stored versions, of which there is one at least, were saved by this person from this page."""
        return bool(changes) and all(each.page == self.name and each.saved_by_id == person_id for each in changes)


def new_page() -> OpenPage:
    return OpenPage(secrets.token_urlsafe(12))


def page_in(typed: Mapping[str, str]) -> OpenPage | None:
    """The page that this post comes from, or None when it does not say."""
    name, turn = typed.get("page", ""), typed.get("turn", "0")
    if not re.fullmatch(r"[\w-]{8,40}", name, re.ASCII):
        return None
    return OpenPage(name, int(turn) if re.fullmatch(r"\d{1,9}", turn, re.ASCII) else 0)
