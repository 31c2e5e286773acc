"""The base form: strips spaces, refuses what no database can keep, carries CSRF and the record's version.

Forms check shape (present, a number, a date); acts check rules. What an act refuses is put beside its field by `refuse`.
"""

import re
from datetime import date
from typing import Any

from flask import g, has_request_context
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, IntegerField, StringField, TextAreaField, ValidationError
from wtforms.utils import unset_value
from wtforms.validators import StopValidation

from .money import parse_pounds, plain_pounds
from .problems import Problem

_UNKEEPABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
LONGEST_LINE, LONGEST_TEXT = 500, 60_000


def unkeepable(text: str) -> bool:
    """Whether a text holds control characters or half characters, which PostgreSQL or UTF-8 refuse."""
    return bool(_UNKEEPABLE.search(text))


def clean(text: str) -> str:
    """Text as it is kept: outer spaces gone, line ends as \\n."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def showable(text: str) -> str:
    """What was typed, as a page can show it again: without characters that no page may hold."""
    return _UNKEEPABLE.sub("", text)


class Required:
    """Something must be there. `sentence` says what to enter, as GOV.UK writes it: "Enter your name"."""

    field_flags = {"required": True}

    def __init__(self, sentence: str):
        self.sentence = sentence

    def __call__(self, form, field):
        raw = field.raw_data[0] if field.raw_data else None
        empty = raw is None or (isinstance(raw, str) and not raw.strip())
        if empty and not field.data:
            field.errors[:] = []
            raise StopValidation(self.sentence)


class Text(StringField):
    """One line of text."""

    most = LONGEST_LINE

    def _value(self) -> str:
        return showable(super()._value())

    def process_formdata(self, valuelist):
        self.data = clean(valuelist[0]) if valuelist else ""

    def pre_validate(self, form):
        if unkeepable(self.data or ""):
            raise StopValidation("Remove the characters that are not letters, numbers or signs")
        if len(self.data or "") > self.most:
            raise StopValidation(f"Shorten this to {self.most:,} characters or fewer")


class LongText(Text, TextAreaField):
    """Several lines. `words_limit` shows a counter; the limit itself is a rule and checked by the act."""

    most = LONGEST_TEXT

    def __init__(self, *args, words_limit: int | None = None, rows: int = 8, **kwargs):
        super().__init__(*args, **kwargs)
        self.words_limit, self.rows = words_limit, rows


EMAIL = re.compile(r"[^@\s<>()\",;:\\]+@[^@\s<>()\",;:\\]+\.[^@\s<>()\",;:\\.]+")


class Email(Text):
    def pre_validate(self, form):
        super().pre_validate(form)
        if self.data and not EMAIL.fullmatch(self.data):
            raise StopValidation("Enter an email address in the correct format, like name@example.com")


class MoneyField(Field):
    """Pounds and pence as people type them; `data` is integer pence or None. What was typed is shown again as it was."""

    def _value(self) -> str:
        return showable(self.raw_data[0]) if self.raw_data else plain_pounds(self.data)

    def process_formdata(self, valuelist):
        self.data = None
        if valuelist and valuelist[0].strip():
            try:
                self.data = parse_pounds(valuelist[0])
            except Problem as problem:
                raise ValueError(problem.sentence) from None


class DateField3(Field):
    """A day as three boxes, the GOV.UK way; `data` is a date or None."""

    day_value = month_value = year_value = ""

    def process(self, formdata, data=unset_value, extra_filters=None):
        if data is unset_value:
            data = self.default() if callable(self.default) else self.default
        self.process_errors, self.data, self.raw_data = [], data, None
        if data:
            self.day_value, self.month_value, self.year_value = str(data.day), str(data.month), str(data.year)
        names = [f"{self.name}-{part}" for part in ("day", "month", "year")]
        if formdata is not None and any(name in formdata for name in names):
            typed = [showable(formdata.get(name, "").strip()) for name in names]
            self.day_value, self.month_value, self.year_value = typed
            self.raw_data = ["".join(typed)]
            self.data = self._read(typed)

    def _read(self, typed: list[str]) -> date | None:
        if not any(typed):
            return None
        try:
            if not all(re.fullmatch(r"\d{1,4}", part, re.ASCII) for part in typed) or len(typed[2]) != 4:
                raise ValueError
            return date(int(typed[2]), int(typed[1]), int(typed[0]))
        except ValueError:
            self.process_errors.append("Enter a real date, like 27 3 2027")
            return None


class Whole(IntegerField):
    """A whole number, with room for commas."""

    def __init__(self, *args, least: int = 0, most: int = 10_000_000, **kwargs):
        super().__init__(*args, **kwargs)
        self.least, self.most = least, most

    def _value(self) -> str:
        return showable(super()._value())

    def process_formdata(self, valuelist):
        self.data = None
        text = (valuelist[0] if valuelist else "").strip().replace(",", "")
        if not text:
            return
        if not re.fullmatch(r"-?\d{1,12}", text, re.ASCII):
            raise ValueError("Enter a whole number, like 42")
        self.data = int(text)
        if not self.least <= self.data <= self.most:
            raise ValueError(f"Enter a number from {self.least:,} to {self.most:,}")


class BaseForm(FlaskForm):
    """Every form of the product. `version` travels along when the row is one that people edit."""

    version = HiddenField()

    @property
    def seen_version(self) -> int | None:
        text = str(self.version.data or "")  # a post without the field leaves the row's own number here
        return int(text) if re.fullmatch(r"\d{1,9}", text, re.ASCII) else None

    def refuse(self, problem: Problem) -> None:
        """Put what an act refused beside the field it names, or at the top of the form."""
        if problem.status == 503 and has_request_context():
            g.answer_with = (
                problem.status
            )  # the page comes back with what was typed, and still says that it did not work
        field = self._fields.get(problem.field or "")
        if field is not None:
            field.errors = [*field.errors, problem.sentence]
        else:
            self.form_errors.append(problem.sentence)

    def error_list(self) -> list[dict[str, Any]]:
        """What the error summary shows: sentence and the id to jump to, in page order."""
        found = [{"text": sentence, "href": None} for sentence in self.form_errors]
        for field in self:
            for sentence in field.errors:
                if isinstance(sentence, str):
                    found.append({"text": sentence, "href": f"#{first_id(field)}"})
        return found


def first_id(field) -> str:
    """The id of the first control of a field: radios, checkboxes and dates have several."""
    if isinstance(field, DateField3):
        return f"{field.id}-day"
    if field.type in ("RadioField", "SelectMultipleField", "Checkboxes"):
        return f"{field.id}-0"
    return field.id


__all__ = [
    "BaseForm", "DateField3", "Email", "LongText", "MoneyField", "Required", "Text", "ValidationError", "Whole", "clean",
    "first_id", "unkeepable",
]  # fmt: skip
