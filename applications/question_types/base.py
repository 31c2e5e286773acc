"""What a question type does: it builds the fields of its page, reads and fills them, checks, shows, and guards its shape."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from markupsafe import Markup, escape
from wtforms.fields.choices import SelectChoice

from fund.core.forms import BaseForm
from fund.core.problems import Problem

UNKEEPABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
MOST_LETTERS = 60_000


@dataclass
class Facts:
    """What a check may look at besides its own answer: the other answers by question key, the delivery window, and how
    to ask which questions a voice note answers."""

    values: dict[str, Any] = field(default_factory=dict)
    window: tuple[str, str] | None = None  # first and last day, as YYYY-MM-DD
    ask_spoken: Callable[[], frozenset[str]] = frozenset

    @cached_property
    def spoken(self) -> frozenset[str]:
        """The keys of questions that a voice note answers; asked for only where a typed answer is missing."""
        return self.ask_spoken()


class QuestionType:
    """One kind of question. `value` is always what JSON can hold; None means not answered."""

    kind = ""
    name = ""  # what officers call it
    template = "applications/types/fields.html"  # draws its fields
    needs_cap = False  # its page shows the room left under the cap
    officers_can_add = False

    def fields(self, question) -> dict[str, Any]:
        """Unbound WTForms fields by name."""
        raise NotImplementedError

    def form_class(self, question) -> type[BaseForm]:
        return type(f"{self.kind.title()}Form", (BaseForm,), self.fields(question))

    def fill(self, value: Any) -> dict[str, Any]:
        """Form data of a stored value."""
        return {"value": value}

    def read(self, form) -> Any:
        """The value that a valid form holds."""
        return form.value.data or None

    def guard(self, question, value: Any) -> Any:
        """The value as it is kept. Raises Problem when it is not of this type's shape."""
        raise NotImplementedError

    def gaps(self, question, value: Any, facts: Facts) -> list[str]:
        """Sentences that stop the bid from being sent; the value is there."""
        return []

    def warnings(self, question, value: Any, facts: Facts) -> list[str]:
        """Sentences worth knowing that stop nothing."""
        return []

    def show(self, question, value: Any) -> Markup | str:
        """The answer for readers."""
        return str(value)


class Gap(str):
    """A sentence of `gaps` that belongs beside one of several boxes."""

    field: str

    def __new__(cls, sentence: str, field: str):
        gap = super().__new__(cls, sentence)
        gap.field = field
        return gap


def text_of(value: Any, most: int = MOST_LETTERS) -> str:
    """Text as it can be kept, or Problem."""
    if not isinstance(value, str):
        raise Problem("This should be text", "value")
    if UNKEEPABLE.search(value):
        raise Problem("Remove the characters that are not letters, numbers or signs", "value")
    if len(value) > most:
        raise Problem(f"Shorten this to {most:,} characters or fewer", "value")
    return value.strip()


def whole_of(value: Any, most: int = 10_000_000_000_000, least: int = 0) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise Problem("Enter a whole number, like 42", "value")
    return value


def day_of(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        raise Problem("Enter a real date, like 27 3 2027", "value")
    return value


def options(pairs, first: str | None = None) -> list[SelectChoice]:
    """Choices from (key, label) or (key, label, hint), with an empty one named `first` before them."""
    found = [SelectChoice(row[0], row[1], {"hint": row[2]} if len(row) > 2 and row[2] else {}) for row in pairs]
    return [SelectChoice("", first), *found] if first else found


def bullet_list(lines) -> Markup:
    items = Markup("").join(Markup("<li>{}</li>").format(line) for line in lines)
    return Markup('<ul class="govuk-list govuk-list--bullet">{}</ul>').format(items)


def reading_table(headers: list[str], rows: list[list[Any]], numeric: tuple[int, ...] = ()) -> Markup:
    """A small table for readers; columns in `numeric` are figures."""

    # One string put together by hand: a bid shows some fifty rows, and Markup.format would be asked for each cell.
    def row(tag: str, cells: list[Any]) -> Markup:
        kind, scope = ("header", ' scope="col"') if tag == "th" else ("cell", "")
        inside = [
            f'<{tag} class="govuk-table__{kind}{f" govuk-table__{kind}--numeric" if index in numeric else ""}"{scope}>{escape(text)}</{tag}>'
            for index, text in enumerate(cells)
        ]
        return Markup(f'<tr class="govuk-table__row">{"".join(inside)}</tr>')

    body = Markup("").join(row("td", cells) for cells in rows)
    return Markup(
        '<div class="fund-table-scroll" role="group" aria-label="Table" tabindex="0"><table class="govuk-table fund-table"><thead class="govuk-table__head">{}</thead>'
        '<tbody class="govuk-table__body">{}</tbody></table></div>'
    ).format(row("th", headers), body)
