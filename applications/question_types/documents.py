"""Documents that belong to the bid. The value repeats what the rows say, so that a sent bid names every file exactly.

The files themselves are added and removed on the question's own page (applications.documents); nothing is typed here.
"""

from markupsafe import Markup

from fund.core.problems import Problem
from fund.papers import BY_KEY

from .base import QuestionType, bullet_list

STANDING = {"waiting": " (being checked for viruses)", "infected": " (held a virus, removed)"}
FACTS = {"document": int, "kind": str, "name": str, "size": int, "sha256": str}


class Documents(QuestionType):
    """Value: [{"document": key, "kind": paper, "name", "size" in bytes, "sha256"}, ...]."""

    kind = "documents"
    name = "Documents"
    officers_can_add = True

    def fields(self, question):
        return {}

    def fill(self, value):
        return {}

    def read(self, form):
        raise Problem("Add files with the button for it")

    def guard(self, question, value):
        if not isinstance(value, list) or not all(self._is_document(row) for row in value):
            raise Problem("Add files with the button for it", "files")
        return value or None

    def _is_document(self, row) -> bool:
        return isinstance(row, dict) and {key: type(each) for key, each in row.items()} == FACTS

    def show(self, question, value) -> Markup:
        return bullet_list(
            f"{label_of(row['kind'])}: {row['name']}{STANDING.get(row.get('state'), '')}" for row in value
        )


def label_of(kind: str) -> str:
    """What a kind of paper is called; a kind that is gone from the list keeps its key."""
    return BY_KEY[kind].label if kind in BY_KEY else kind
