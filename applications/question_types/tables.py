"""Match funding, milestones, outcomes and risks."""

from datetime import date

from wtforms import RadioField, SelectField

from fund.core.clock import speak_day
from fund.core.forms import DateField3, MoneyField, Text, Whole
from fund.core.money import MOST_PENCE, pounds
from fund.core.problems import Problem

from .base import day_of, options, reading_table, text_of, whole_of
from .rows import Rows

MATCH_KINDS = {"cash": "Money", "in kind": "Help in kind (free space, time, goods)"}
ONE_TO_FIVE = [("1", "1 very low"), ("2", "2 low"), ("3", "3 medium"), ("4", "4 high"), ("5", "5 very high")]


class Match(Rows):
    kind = "match"
    name = "Money and help from elsewhere"
    noun = "source"
    noun_title = "Source"

    def row_fields(self, question):
        return {
            "source": Text("Who gives it?"),
            "kind": SelectField(
                "Money or help?", choices=options(MATCH_KINDS.items(), "Choose one"), validate_choice=False
            ),
            "amount": MoneyField("How much is it worth?"),
            "secured": RadioField(
                "Is it certain?", choices=options([("yes", "Yes"), ("no", "Not yet")]), validate_choice=False
            ),
        }

    def row_data(self, row):
        return {**row, "amount": row["amount_pence"], "secured": "yes" if row["secured"] else "no"}

    def read_row(self, form):
        if not form.source.data and form.amount.data is None:
            return None
        kind = form.kind.data if form.kind.data in MATCH_KINDS else "cash"
        return {
            "source": form.source.data or "",
            "kind": kind,
            "amount_pence": form.amount.data or 0,
            "secured": form.secured.data == "yes",
        }

    def guard_row(self, row):
        if row.get("kind") not in MATCH_KINDS or not isinstance(row.get("secured"), bool):
            raise Problem("Choose money or help, and whether it is certain", "rows")
        return {
            "source": text_of(row.get("source"), 300), "kind": row["kind"],
            "amount_pence": whole_of(row.get("amount_pence"), MOST_PENCE), "secured": row["secured"],
        }  # fmt: skip

    def gaps(self, question, value, facts):
        return [f"Source {n} needs who gives it" for n, row in enumerate(value, 1) if not row["source"]]

    def show(self, question, value):
        rows = [
            [
                row["source"],
                row["kind"].capitalize(),
                "Certain" if row["secured"] else "Not yet certain",
                pounds(row["amount_pence"]),
            ]
            for row in value
        ]
        return reading_table(["From", "What", "Certain?", "Worth"], rows, (3,))


class Milestones(Rows):
    kind = "milestones"
    name = "Milestones with dates"
    noun = "milestone"
    noun_title = "Milestone"

    def row_fields(self, question):
        return {
            "text": Text("What will be done?"),
            "due_on": DateField3("By when?"),
            "evidence": Text("How will we know?", description="For example a register or a short report"),
        }

    def row_data(self, row):
        return {**row, "due_on": row["due_on"] and date.fromisoformat(row["due_on"])}

    def read_row(self, form):
        if not form.text.data and form.due_on.data is None:
            return None
        due = form.due_on.data
        return {
            "text": form.text.data or "",
            "due_on": due.isoformat() if due else None,
            "evidence": form.evidence.data or "",
        }

    def guard_row(self, row):
        due = row.get("due_on")
        return {
            "text": text_of(row.get("text"), 500),
            "due_on": day_of(due) if due else None,
            "evidence": text_of(row.get("evidence", ""), 300),
        }

    def gaps(self, question, value, facts):
        return [
            f"Milestone {n} needs what will be done and by when"
            for n, row in enumerate(value, 1)
            if not row["text"] or not row["due_on"]
        ]

    def show(self, question, value):
        rows = [
            [row["text"], speak_day(date.fromisoformat(row["due_on"])) if row["due_on"] else "", row["evidence"]]
            for row in value
        ]
        return reading_table(["Milestone", "By", "How we will know"], rows)


class Outcomes(Rows):
    """What will change: an indicator of the library or a measure of one's own, where it starts and where it should end."""

    kind = "outcomes"
    name = "Outcomes with targets"
    noun = "outcome"
    noun_title = "Outcome"

    def row_fields(self, question):
        indicators = options([row[:2] for row in question.settings.get("indicators") or []], "Our own measure")
        return {
            "indicator": SelectField("Measure from our list", choices=indicators, validate_choice=False),
            "measure": Text("What will you count or measure?"),
            "baseline": Text("Where does it start?", description="Write 'not known yet' if you will find out"),
            "target": Whole("What do you aim for?", least=-1_000_000),
            "unit": Text("Of what?", description="people, %, hours"),
        }

    def read_row(self, form):
        if not form.measure.data and form.target.data is None and not form.indicator.data:
            return None
        return {
            "indicator": form.indicator.data or None, "measure": form.measure.data or "", "baseline": form.baseline.data or "",
            "target": form.target.data, "unit": form.unit.data or "",
        }  # fmt: skip

    def guard_row(self, row):
        target = row.get("target")
        return {
            "indicator": text_of(row["indicator"], 40) if row.get("indicator") else None,
            "measure": text_of(row.get("measure"), 500), "baseline": text_of(row.get("baseline", ""), 300),
            "target": None if target is None else whole_of(target, least=-1_000_000), "unit": text_of(row.get("unit", ""), 60),
        }  # fmt: skip

    def gaps(self, question, value, facts):
        return [
            f"Outcome {n} needs what you measure, what you aim for and of what"
            for n, row in enumerate(value, 1)
            if not row["measure"] or row["target"] is None or not row["unit"]
        ]

    def show(self, question, value):
        rows = [
            [
                row["measure"],
                row["indicator"] or "Own measure",
                row["baseline"] or "Not given",
                f"{row['target']} {row['unit']}",
            ]
            for row in value
        ]
        return reading_table(["What is measured", "Indicator", "Starts at", "Aim"], rows)


class Risks(Rows):
    kind = "risks"
    name = "Risks"
    noun = "risk"
    noun_title = "Risk"

    def row_fields(self, question):
        return {
            "risk": Text("What could go wrong?"),
            "likelihood": SelectField(
                "How likely is it?", choices=options(ONE_TO_FIVE, "Choose one"), validate_choice=False
            ),
            "impact": SelectField(
                "How bad would it be?", choices=options(ONE_TO_FIVE, "Choose one"), validate_choice=False
            ),
            "mitigation": Text("What will you do about it?"),
        }

    def read_row(self, form):
        if not form.risk.data and not form.mitigation.data:
            return None
        found = {"risk": form.risk.data or "", "mitigation": form.mitigation.data or ""}
        return {
            **found,
            **{
                key: int(form[key].data) if form[key].data in set("12345") else None for key in ("likelihood", "impact")
            },
        }

    def guard_row(self, row):
        kept = {"risk": text_of(row.get("risk"), 500), "mitigation": text_of(row.get("mitigation", ""), 500)}
        for key in ("likelihood", "impact"):
            if row.get(key) not in (None, 1, 2, 3, 4, 5):
                raise Problem("Choose from 1 to 5", "rows")
            kept[key] = row.get(key)
        return kept

    def gaps(self, question, value, facts):
        return [
            f"Risk {n} needs what could go wrong, how likely, how bad, and what you will do"
            for n, row in enumerate(value, 1)
            if not (row["risk"] and row["mitigation"] and row["likelihood"] and row["impact"])
        ]

    def show(self, question, value):
        rows = [[row["risk"], row["likelihood"], row["impact"], row["mitigation"]] for row in value]
        return reading_table(["Risk", "Likely (1-5)", "Bad (1-5)", "What we will do"], rows, (1, 2))
