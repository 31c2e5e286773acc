"""What people type into the search box above a list, made fit for a query."""

from flask import request

LONGEST = 100


def words_asked_for(name: str) -> str:
    """The value of a query parameter in lower case, without the signs that mean something to LIKE (% and \\)."""
    text = request.args.get(name, "").replace("\x00", "").strip().lower()[:LONGEST]
    text = text.encode("utf-8", "ignore").decode()
    return text.translate(str.maketrans("", "", "%\\"))
