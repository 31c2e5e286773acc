"""One field of a question's own form, said as text in a cell and heard from it again.

A cell goes through the very field that the page uses, so "5,000", "NaN" and 31 February meet the same sentences.
"""

import re
from datetime import date
from typing import Any

from wtforms import BooleanField, Field, FieldList, FileField, FormField, HiddenField, SelectField, SelectMultipleField

from fund.core.clock import speak_day
from fund.core.forms import DateField3, LongText, MoneyField
from fund.core.money import pounds

from .codes import plain

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_DAY = re.compile(
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun)\w*,?\s+)?(\d{1,2})(?:st|nd|rd|th)?(?:\s+of)?[\s./-]+(\d{1,2}|[a-z]{3,9})\.?,?[\s./-]+(\d{4})",
    re.A,
)
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.A)
MOST_CHOSEN = 2_000  # letters of a cell in which choices are named
TICKED = {"x", "y", "yes", "1", "*", "v", "✓", "✔", "☑", "☒", "✗", "✘", "[x]", "(x)", "√"}
NOT_TICKED = {"", "n", "no", "0", "-", "☐", "□", "[ ]", "[]", "( )", "()"}


def can_be_written(field: Field) -> bool:
    """Whether a field can be a cell. Files and lists of forms cannot; they are answered on the website."""
    return not isinstance(field, FileField | FieldList | FormField | HiddenField)


def choices_of(field: Field) -> list[tuple[str, str]]:
    """(key, words) of a field to choose from, without the empty first one; empty for other fields."""
    if not isinstance(field, SelectField):
        return []
    return [(str(row[0]), str(row[1])) for row in field.iter_choices() if str(row[0]) not in ("", "None")]


def said(field: Field) -> str:
    """What the field holds, as it stands in a cell."""
    if field.data is None or field.data == "":
        return ""
    if isinstance(field, SelectMultipleField):
        words = dict(choices_of(field))
        return "; ".join(words.get(str(key), str(key)) for key in field.data)
    if isinstance(field, SelectField):
        return dict(choices_of(field)).get(str(field.data), "" if str(field.data) == "None" else str(field.data))
    if isinstance(field, MoneyField):
        return pounds(field.data)
    if isinstance(field, DateField3):
        return speak_day(field.data)
    if isinstance(field, BooleanField):
        return "Yes" if field.data else ""
    return str(field.data)


def heard(field: Field, text: str) -> tuple[list[tuple[str, str]], str | None]:
    """The form data that this text means, and a sentence when it means nothing that the field could hold."""
    text = text.strip()
    if not text:
        return [], None
    if isinstance(field, SelectField):
        return _chosen(field, text)
    if isinstance(field, DateField3):
        return _day(field, text)
    if isinstance(field, BooleanField):
        ticked = is_ticked(text)
        return ([(field.name, "y")] if ticked else []), "Write yes, or leave it empty" if ticked is None else None
    if isinstance(field, LongText):
        return [(field.name, text)], None
    return [(field.name, " ".join(text.split()))], None


def _chosen(field: SelectField, text: str) -> tuple[list[tuple[str, str]], str | None]:
    if len(text) > MOST_CHOSEN:
        return [], "Write one or more from the list, and nothing else"
    given = [text]
    if isinstance(field, SelectMultipleField):
        given = [each for each in re.split(r"[;\n]", text) if each.strip()]
    keys = [key_of(field, each) for each in given]
    if None in keys:
        words = [words for _key, words in choices_of(field)]
        return [], f"Write one of these: {', '.join(words)}" if len(words) <= 20 else "Write one from the list"
    return [(field.name, str(key)) for key in keys], None


def key_of(field: SelectField, text: str) -> str | None:
    """The key of the choice with these words, or with a beginning that no other choice has."""
    wanted = same(text)
    choices = choices_of(field)
    exact = [key for key, words in choices if wanted in (same(words), same(key))]
    near = [key for key, words in choices if len(wanted) > 1 and same(words).startswith(wanted)]
    if exact:
        return exact[0]
    # A figure alone is enough for "4 high"; a word alone for the only choice that begins with it.
    figure = [key for key, words in choices if same(words).split(" ")[0] == wanted]
    return near[0] if len(near) == 1 else (figure[0] if len(figure) == 1 else None)


def _day(field: DateField3, text: str) -> tuple[list[tuple[str, str]], str | None]:
    parts = day_parts(text)
    if parts is None:
        return [], "Enter a real date, like 27 3 2027"
    return [(f"{field.name}-{name}", value) for name, value in zip(("day", "month", "year"), parts, strict=True)], None


def day_parts(text: str) -> tuple[str, str, str] | None:
    """Day, month and year of "1 June 2026", "1/6/2026", "1.6.2026" or "2026-06-01", in British order; None for another text."""
    text = " ".join(plain(text).lower().split())
    if iso := _ISO_DAY.fullmatch(text):
        year, month, day = iso.groups()
    elif found := _DAY.fullmatch(text):
        day, month, year = found.groups()
    else:
        return None
    if month[:3] in _MONTHS:
        month = str(_MONTHS.index(month[:3]) + 1)
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return None
    return day, month, year


def is_ticked(mark: str) -> bool | None:
    """Whether a box is ticked; None when what stands in it is neither a tick nor an empty box."""
    mark = plain(mark).strip().lower()
    return True if mark in TICKED else (False if mark in NOT_TICKED else None)


def same(text: Any) -> str:
    """The text for comparing: one kind of space, quote and hyphen, no capitals."""
    text = plain(str(text)).replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"')
    return " ".join(text.split()).lower()
