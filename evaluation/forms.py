"""Forms of delivery and outcomes. They check shape; what a return needs is checked by its acts."""

import re
from typing import Any

from wtforms import BooleanField, Field

from fund.core.forms import BaseForm, DateField3, LongText, MoneyField, Required, Text, Whole

from .figures import short_unit
from .indicators import is_percentage, is_rate
from .returns import OWN_COLUMNS, Measured, Report
from .sheet import Sheet

_NUMBER = re.compile(r"-?\d{1,9}(?:\.\d{1,2})?", re.ASCII)


class Number(Field):
    """A number with up to two decimals; `data` is a float or None. What was typed is shown again as it was."""

    def _value(self) -> str:
        if self.raw_data:
            return self.raw_data[0]
        return "" if self.data is None else f"{self.data:.2f}".rstrip("0").rstrip(".")

    def process_formdata(self, valuelist):
        self.data = None
        text = (valuelist[0] if valuelist else "").strip().replace(",", "").removesuffix("%").strip()
        if not text:
            return
        if not _NUMBER.fullmatch(text):
            raise ValueError("Enter a number, like 42 or 61.5")
        self.data = float(text)


class ReturnForm(BaseForm):
    people_count = Whole(
        "How many new people did you reach?",
        description="Count each person once, in the period they first took part.",
    )
    sessions_count = Whole("How many sessions did you run?")
    spent_pence = MoneyField("How much did you spend?")
    variance_why = LongText("Why is it different from the plan?", rows=3)
    story = LongText("What changed for someone?", description="One or two sentences. Leave out names and places that show who it is.", rows=4)  # fmt: skip
    story_consent = BooleanField(
        "This person (and, under 16, a parent) has agreed that the story may be shown in public"
    )
    worries = LongText("Is anything worrying you?", description="For example too few referrals, or somebody leaving. Do not name people. If somebody is in danger now call 999.", rows=3)  # fmt: skip
    changes = LongText("Has anything changed in your plan?", description="Dates, staff, partners or places.", rows=3)

    def report(self, sheet: Sheet) -> Report:
        """What was typed, as the acts take it."""
        own = {name: self[name].data for name in OWN_COLUMNS}
        spend = {row.heading: self[f"heading_{row.id}"].data for row in sheet.headings}
        return Report(
            **own,
            spend={name: pence for name, pence in spend.items() if pence is not None},
            measured={promise.id: self._measured(promise.id) for promise in sheet.promises},
        )

    def _measured(self, key: int) -> Measured:
        return Measured(
            self[f"value_{key}"].data,
            self[f"asked_{key}"].data if f"asked_{key}" in self else None,
            self[f"answered_{key}"].data if f"answered_{key}" in self else None,
        )


def return_form(sheet: Sheet) -> ReturnForm:
    """The form of one return: its own questions, one box for each budget heading and those of each promise."""

    class Form(ReturnForm):
        pass

    for row in sheet.headings:
        setattr(Form, f"heading_{row.id}", MoneyField(row.heading))
    for promise in sheet.promises:
        unit = "Per cent" if is_percentage(promise.unit) else short_unit(promise.unit).capitalize()
        setattr(Form, f"value_{promise.id}", Number(unit))
        if is_rate(promise.unit):
            setattr(Form, f"asked_{promise.id}", Whole("Asked"))
            setattr(Form, f"answered_{promise.id}", Whole("Answered"))
    return Form(data=_stored(sheet))


def _stored(sheet: Sheet) -> dict:
    """What the shown version holds, by field name."""
    row = sheet.shown
    data: dict[str, Any] = {f"heading_{each.id}": sheet.lines.get(each.heading) for each in sheet.headings}
    if row is not None:
        data |= {name: getattr(row, name) for name in OWN_COLUMNS}
        data["version"] = str(row.version) if row.status == "draft" else ""
    for key, figure in sheet.figures.items():
        data |= {
            f"value_{key}": figure.value,
            f"asked_{key}": figure.asked_count,
            f"answered_{key}": figure.answered_count,
        }
    return data


class SendBackForm(BaseForm):
    why = LongText("What has to change?", validators=[Required("Say what has to change")], rows=3, description="The group reads this sentence.")  # fmt: skip


class MoreTimeForm(BaseForm):
    due_on = DateField3("New day the return is due", validators=[Required("Enter the new day")])
    why = Text("Why?", validators=[Required("Say why")])


class StoryForm(BaseForm):
    text = LongText("The story as it will be read in public", rows=6, description="No names, ages as bands, small places blurred. 200 words or fewer.")  # fmt: skip


class PromiseForm(BaseForm):
    baseline = Number("Baseline")
    baseline_note = LongText("When or how it was taken", rows=2, description="Or when it will be known.")
    target = Number("Target", validators=[Required("Enter the target")])
