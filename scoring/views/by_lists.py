"""A list from a spreadsheet, whatever it changes: read, shown as a difference, and applied whole only when it is confirmed."""

from collections.abc import Callable
from typing import Any

from flask import request

from fund.core.database import db
from fund.core.problems import Problem

from ..csv_lines import read_upload


def take_list(form, compare: Callable[[str], Any], apply: Callable[[str, str], int]) -> tuple[Any, int | None]:
    """What the list of this request would change (None without one), and how much was changed and committed (None: nothing).

    `compare(text)` gives the difference; `apply(text, seen)` makes it when it is still the one of the fingerprint `seen`.
    What either refuses stands in the form, and the list stays in its box.
    """
    if not form.validate_on_submit():
        return None, None
    text, found = read_upload(request.files.get("file")) or form.lines.data or "", None
    try:
        found = compare(text)
        if request.form.get("do") == "apply":
            changed = apply(text, request.form.get("seen", ""))
            db.session.commit()
            return found, changed
    except Problem as problem:
        db.session.rollback()
        form.refuse(problem)
    form.lines.data = text
    return found, None
