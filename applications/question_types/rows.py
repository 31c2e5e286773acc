"""Answers that are rows: budget lines, match funding, milestones, outcomes, risks. Adding and removing a row are plain form posts."""

import re
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import FieldList, Form, FormField

from fund.core.problems import Problem

from .base import QuestionType

MOST_ROWS = 60


class Rows(QuestionType):
    """`row_fields` are the fields of one row by name; `noun` is what one row is called on the buttons."""

    template = "applications/types/rows.html"
    noun = "line"
    noun_title = "Line"

    def row_fields(self, question) -> dict[str, Any]:
        raise NotImplementedError

    def row_data(self, row: dict[str, Any]) -> dict[str, Any]:
        """Form data of one stored row."""
        return row

    def read_row(self, form) -> dict[str, Any] | None:
        """One row as it is kept; None when nothing was typed into it."""
        raise NotImplementedError

    def guard_row(self, row: dict[str, Any]) -> dict[str, Any]:
        raise NotImplementedError

    def fields(self, question):
        row_form = type(f"{self.kind.title()}Row", (Form,), self.row_fields(question))
        return {"rows": FieldList(FormField(row_form), min_entries=1, max_entries=MOST_ROWS)}

    def fill(self, value):
        return {"rows": [self.row_data(row) for row in value or []]}

    def read(self, form):
        found = [row for entry in form.rows.entries if (row := self.read_row(entry.form))]
        return found or None

    def guard(self, question, value):
        if not isinstance(value, list) or len(value) > MOST_ROWS or not all(isinstance(row, dict) for row in value):
            raise Problem(f"Enter at most {MOST_ROWS} {self.noun}s", "rows")
        return [self.guard_row(row) for row in value] or None


def asked_to_change_rows(formdata) -> bool:
    return "add" in formdata or "remove" in formdata


def with_rows_changed(formdata) -> MultiDict:
    """The posted fields with one row more (`add`), or without the row that `remove` numbers from 0; nothing typed is lost."""
    gone = formdata.get("remove", "")
    gone_at = int(gone) if re.fullmatch(r"\d{1,3}", gone, re.ASCII) else None
    changed: MultiDict = MultiDict()
    highest = -1
    for name, value in formdata.items(multi=True):
        found = re.fullmatch(r"rows-(\d{1,3})-(.+)", name, re.ASCII)
        if found:
            place = int(found[1])
            if gone_at is not None and place == gone_at:
                continue
            place -= gone_at is not None and place > gone_at
            highest = max(highest, place)
            name = f"rows-{place}-{found[2]}"
        if name not in ("add", "remove"):
            changed.add(name, value)
    if "add" in formdata and highest + 1 < MOST_ROWS:
        changed.add(f"rows-{highest + 1}-new", "1")
    return changed
