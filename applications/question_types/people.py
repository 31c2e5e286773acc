"""Answers that name people and bodies: the partners with what each brings, and the two people who sign for the money."""

from wtforms import RadioField

from fund.core.forms import Text
from fund.core.problems import Problem

from .base import options, reading_table, text_of
from .rows import Rows

AGREED = {"agreed": "Yes, they have agreed", "asked": "We have asked them", "not_asked": "Not yet"}
FEWEST_SIGNATORIES = 2


class Partners(Rows):
    """For the multi-agency criterion: who works on it besides the applicant, what each brings, and whether they know."""

    kind = "partners"
    name = "Partners and what each brings"
    noun = "partner"
    noun_title = "Partner"
    officers_can_add = True

    def row_fields(self, question):
        return {
            "name": Text("Who is it?", description="A school, a charity, the council, the police"),
            "brings": Text("What will they do or bring?", description="Staff, a room, people sent to you, money"),
            "agreed": RadioField("Have they agreed?", choices=options(AGREED.items()), validate_choice=False),
        }

    def read_row(self, form):
        if not form.name.data and not form.brings.data:
            return None
        agreed = form.agreed.data if form.agreed.data in AGREED else None
        return {"name": form.name.data or "", "brings": form.brings.data or "", "agreed": agreed}

    def guard_row(self, row):
        if row.get("agreed") is not None and row["agreed"] not in AGREED:
            raise Problem("Choose whether they have agreed", "rows")
        return {"name": text_of(row.get("name"), 300), "brings": text_of(row.get("brings", ""), 500), "agreed": row.get("agreed")}  # fmt: skip

    def gaps(self, question, value, facts):
        return [
            f"Partner {n} needs a name, what they bring and whether they have agreed"
            for n, row in enumerate(value, 1)
            if not (row["name"] and row["brings"] and row["agreed"])
        ]

    def show(self, question, value):
        rows = [[row["name"], row["brings"], AGREED.get(row["agreed"], "Not said")] for row in value]
        return reading_table(["Partner", "What they bring", "Agreed?"], rows)


class Signatories(Rows):
    """Two or more people who sign for an unregistered group. Whether they are related is what the group declares."""

    kind = "signatories"
    name = "Two people who sign for the money"
    noun = "person"
    noun_title = "Person"
    officers_can_add = True

    def row_fields(self, question):
        return {"name": Text("Full name"), "role": Text("What do they do in the group?", description="For example treasurer")}  # fmt: skip

    def fill(self, value):
        rows = super().fill(value)["rows"]
        return {"rows": [*rows, *[{}] * (FEWEST_SIGNATORIES - len(rows))]}

    def read_row(self, form):
        if not form["name"].data and not form["role"].data:
            return None
        return {"name": form["name"].data or "", "role": form["role"].data or ""}

    def guard_row(self, row):
        return {"name": text_of(row.get("name"), 200), "role": text_of(row.get("role", ""), 200)}

    def gaps(self, question, value, facts):
        return signatories_missing(value)

    def show(self, question, value):
        return reading_table(["Name", "In the group"], [[row["name"], row["role"]] for row in value])


def signatories_missing(value: list[dict] | None) -> list[str]:
    """What keeps these people from signing: too few of them, or one of them twice."""
    names = [" ".join(row["name"].split()).casefold() for row in value or [] if row["name"].strip()]
    if len(set(names)) < FEWEST_SIGNATORIES:
        return ["Name two different people who will sign for the money"]
    return [f"Person {n} needs a name" for n, row in enumerate(value or [], 1) if not row["name"].strip()]
