"""The boxes of one question: a table that any word processor keeps, drawn with what is answered already.

Four shapes: one box for an answer; a list to tick; one box for each fact; and lines of a table such as the budget.
"""

from typing import Any

from wtforms import Field, Form, SelectField

from fund.core.forms import LongText

from ..forms import AskedForm, AskedQuestion
from ..question_types.rows import MOST_ROWS, Rows
from .blocks import Grid
from .cells import can_be_written, choices_of, said
from .codes import box_code

LEAST_LINES, SPARE_LINES = 8, 3  # room in a table: at least so many lines, and so many more than are filled
MOST_TICKS = 400
HERE = "Your answer"


def fields_of(question: AskedQuestion, value: Any = None) -> list[Field]:
    """The fields of the question's page, filled with this value, without those that only travel along."""
    form = question.form_class(formdata=None, data=question.type.fill(value), meta={"csrf": False})
    return [field for field in form if field.name not in ("version", "csrf_token")]


def row_form(question: AskedQuestion) -> type[Form]:
    """The form of one line of a table."""
    return type("PackRow", (Form,), question.type.row_fields(question))


def shape_of(question: AskedQuestion) -> str | None:
    """line, ticks, fields or rows; None for what a pack cannot hold, such as files."""
    if isinstance(question.type, Rows):
        return "rows" if all(can_be_written(field) for field in row_form(question)()) else None
    fields = fields_of(question)
    if not fields or not all(can_be_written(field) for field in fields):
        return None
    if len(fields) > 1:
        return "fields"
    choices = choices_of(fields[0])
    if isinstance(fields[0], SelectField):
        return "ticks" if 0 < len(choices) <= MOST_TICKS else None
    return "line"


def grid_of(asked: AskedForm, question: AskedQuestion, value: Any = None) -> Grid | None:
    """The table to write into; None when this question is answered on the website only."""
    shape = shape_of(question)
    return {"line": _line, "ticks": _ticks, "fields": _fields, "rows": _rows}[shape](asked, question, value) if shape else None  # fmt: skip


def _line(asked: AskedForm, question: AskedQuestion, value: Any) -> Grid:
    field = fields_of(question, value)[0]
    return Grid([[box_code(asked, question.key), said(field)]], [16, 84], tall=isinstance(field, LongText))


def _ticks(asked: AskedForm, question: AskedQuestion, value: Any) -> Grid:
    field, code = fields_of(question, value)[0], box_code(asked, question.key)
    chosen = {str(key) for key in (field.data if isinstance(field.data, list) else [field.data])}
    rows = [[code, "X" if key in chosen else "", words] for key, words in choices_of(field)]
    return Grid(rows, [16, 8, 76])


def _fields(asked: AskedForm, question: AskedQuestion, value: Any) -> Grid:
    rows = [
        [box_code(asked, question.key, part), label_of(field), said(field)]
        for part, field in enumerate(fields_of(question, value), 1)
    ]
    return Grid(rows, [18, 37, 45])


def _rows(asked: AskedForm, question: AskedQuestion, value: Any) -> Grid:
    kind = row_form(question)
    filled = [[said(field) for field in kind(data=question.type.row_data(row))] for row in value or []]
    blank = [["" for _field in kind()]] * max(SPARE_LINES, LEAST_LINES - len(filled))
    lines = [*filled, *blank][:MOST_ROWS]
    header = [box_code(asked, question.key), *(field.label.text for field in kind())]
    width = 84 // (len(header) - 1)
    return Grid([header, *([str(n), *cells] for n, cells in enumerate(lines, 1))], [16, *[width] * (len(header) - 1)], header=True)  # fmt: skip


def label_of(field: Field) -> str:
    """What a box is for, with its hint and what may be written there."""
    label = field.label.text
    words = [label if label.endswith("?") or not (field.description or choices_of(field)) else f"{label}."]
    if field.description:
        words.append(f"({field.description})")
    if choices := choices_of(field):
        words.append(f"Write one of these: {', '.join(each for _key, each in choices)}.")
    return " ".join(words)


def hints_of(question: AskedQuestion) -> list[str]:
    """For a table: what may be written in a column that has choices or a hint."""
    if not isinstance(question.type, Rows):
        return []
    return [label_of(field) for field in row_form(question)() if choices_of(field) or field.description]
