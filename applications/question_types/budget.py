"""The itemised budget: heading, description, quantity x unit cost. It has to add up to what is asked for."""

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from wtforms import SelectField

from fund.core.forms import MoneyField, Text
from fund.core.money import MOST_PENCE, pounds
from fund.core.problems import Problem

from .base import options, reading_table, text_of, whole_of
from .rows import Rows

# Source: domain guide, section 5 (a proposal, not any funder's list).
HEADINGS = (
    "Salaries", "Sessional staff", "Volunteers", "Premises", "Equipment", "Travel", "Activities", "Training", "Marketing",
    "Evaluation", "Management and overheads", "Other",
)  # fmt: skip
_QUANTITY = re.compile(r"(\d{1,3}(?:,\d{3})+|\d{1,6})(\.\d{1,3})?", re.ASCII)


class QuantityField(Text):
    """How many, with up to three decimals; `data` is the number as text ("14", "0.5")."""

    def process_formdata(self, valuelist):
        super().process_formdata(valuelist)
        if self.data:
            self.data = self.data.replace(",", "") if _QUANTITY.fullmatch(self.data) else self._wrong()

    def _value(self):
        return self.raw_data[0] if self.raw_data else (self.data or "")

    def _wrong(self):
        self.data = ""
        raise ValueError("Enter how many, like 12 or 1.5")


def amount_of(quantity: str, unit_cost_pence: int) -> int:
    """Quantity x unit cost in pence, rounded half up to the penny."""
    return int((Decimal(quantity) * unit_cost_pence).quantize(Decimal(1), ROUND_HALF_UP))


def total_of(lines: list[dict] | None) -> int:
    """The sum of the lines in pence."""
    return sum(line["amount_pence"] for line in lines or [])


class Budget(Rows):
    kind = "budget"
    name = "Itemised budget"
    needs_cap = True

    def row_fields(self, question):
        headings = options([(heading, heading) for heading in self.headings(question)], "Choose one")
        return {
            "heading": SelectField("Heading", choices=headings, validate_choice=False),
            "description": Text("What is it?"),
            "quantity": QuantityField("How many?"),
            "unit": Text("Of what?", description="hour, month, each"),
            "unit_cost": MoneyField("Cost of one"),
        }

    def headings(self, question):
        return question.settings.get("headings") or HEADINGS

    def row_data(self, row):
        return {**row, "unit_cost": row["unit_cost_pence"]}

    def read_row(self, form):
        quantity, cost = form.quantity.data or "", form.unit_cost.data
        if not (form.description.data or quantity or cost is not None or form.heading.data):
            return None
        quantity = quantity or "1"
        cost = cost or 0
        return {
            "heading": form.heading.data or "", "description": form.description.data or "", "quantity": quantity,
            "unit": form.unit.data or "", "unit_cost_pence": cost, "amount_pence": amount_of(quantity, cost),
        }  # fmt: skip

    def guard_row(self, row):
        quantity = text_of(row.get("quantity"), 12)
        try:
            if not _QUANTITY.fullmatch(quantity):
                raise InvalidOperation
        except InvalidOperation:
            raise Problem("Enter how many, like 12 or 1.5", "rows") from None
        return {
            "heading": text_of(row.get("heading"), 80), "description": text_of(row.get("description"), 500),
            "quantity": quantity, "unit": text_of(row.get("unit"), 80),
            "unit_cost_pence": whole_of(row.get("unit_cost_pence"), MOST_PENCE),
            "amount_pence": whole_of(row.get("amount_pence"), MOST_PENCE * 1000),
        }  # fmt: skip

    def gaps(self, question, value, facts):
        found = [*self._lines_that_do_not_multiply(value)]
        for number, line in enumerate(value, 1):
            if not line["heading"] or not line["description"]:
                found.append(f"Line {number} needs a heading and what it is for")
        asked = facts.values.get("asked")
        if asked is not None and (sentence := difference_sentence(total_of(value), asked)):
            found.append(sentence)
        return found

    def _lines_that_do_not_multiply(self, lines):
        for number, line in enumerate(lines, 1):
            right = amount_of(line["quantity"], line["unit_cost_pence"])
            if right != line["amount_pence"]:
                yield (
                    f"Line {number} does not add up: {line['quantity']} x {pounds(line['unit_cost_pence'])} is "
                    f"{pounds(right)}, not {pounds(line['amount_pence'])}"
                )

    def show(self, question, value):
        rows = [
            [line["heading"], line["description"], f"{line['quantity']} {line['unit']}", pounds(line["unit_cost_pence"]), pounds(line["amount_pence"])]
            for line in value
        ]  # fmt: skip
        rows.append(["Total", "", "", "", pounds(total_of(value))])
        return reading_table(["Heading", "What it is", "How many", "Cost of one", "Amount"], rows, (3, 4))


def difference_sentence(total_pence: int, asked_pence: int) -> str | None:
    """What to do when the budget and the amount asked for are not the same, or None."""
    if total_pence == asked_pence:
        return None
    more = total_pence > asked_pence
    return (
        f"Your budget adds up to {pounds(total_pence)}, but you ask for {pounds(asked_pence)}. "
        f"{'Take off' if more else 'Add'} {pounds(abs(total_pence - asked_pence))}, or change what you ask for."
    )
