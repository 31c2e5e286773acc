"""Who will benefit: how many people, of what age, and how many girls or women and boys or men."""

from typing import Any

from wtforms import RadioField

from fund.core.forms import Text, Whole
from fund.core.problems import Problem

from .base import Gap, QuestionType, options, text_of, whole_of

FOCUS = {"any": "Everyone", "female": "Girls or women", "male": "Boys or men"}


class Beneficiaries(QuestionType):
    kind = "beneficiaries"
    name = "Who will benefit"

    def fields(self, question):
        return {
            "total": Whole("How many people will take part?", least=1, most=1_000_000),
            "age_band": Text("How old are they?", description="For example 12-17, 18+ or all"),
            "sex_focus": RadioField("Who is it for?", choices=options(FOCUS.items()), validate_choice=False),
            "female": Whole("How many girls or women? (leave empty if you do not know)", most=1_000_000),
            "male": Whole("How many boys or men? (leave empty if you do not know)", most=1_000_000),
        }

    def fill(self, value):
        value = value or {}
        return {**{key: value.get(key) for key in ("total", "age_band", "sex_focus")}, **value.get("split", {})}

    def read(self, form):
        found: dict[str, Any] = {"total": form.total.data, "age_band": form.age_band.data or None}
        found["sex_focus"] = form.sex_focus.data if form.sex_focus.data in FOCUS else None
        split = {key: form[key].data for key in ("female", "male") if form[key].data is not None}
        found = {key: each for key, each in found.items() if each is not None}
        return {**found, "split": split} if found or split else None

    def guard(self, question, value):
        if not isinstance(value, dict) or not set(value) <= {"total", "age_band", "sex_focus", "split"}:
            raise Problem("Enter how many people will take part", "total")
        kept: dict[str, Any] = {}
        if "total" in value:
            kept["total"] = whole_of(value["total"], 1_000_000)
        if "age_band" in value:
            kept["age_band"] = text_of(value["age_band"], 60)
        if "sex_focus" in value:
            if value["sex_focus"] not in FOCUS:
                raise Problem("Choose who it is for", "sex_focus")
            kept["sex_focus"] = value["sex_focus"]
        kept["split"] = {
            key: whole_of(value.get("split", {})[key]) for key in ("female", "male") if key in value.get("split", {})
        }
        return kept

    def gaps(self, question, value, facts):
        found = []
        if not value.get("total"):
            found.append(Gap("Enter how many people will take part", "total"))
        if not value.get("age_band"):
            found.append(Gap("Enter how old they are", "age_band"))
        if not value.get("sex_focus"):
            found.append(Gap("Choose who it is for", "sex_focus"))
        if value.get("total") and sum(value.get("split", {}).values()) > value["total"]:
            found.append(Gap("Girls or women and boys or men together are more than the people who take part", "total"))
        return found

    def show(self, question, value):
        total = value.get("total")
        parts = [f"{total:,} people" if total else "", f"aged {value['age_band']}" if value.get("age_band") else ""]
        parts.append(FOCUS.get(value.get("sex_focus", ""), ""))
        names = {"female": "girls or women", "male": "boys or men"}
        parts += [f"{count:,} {names[key]}" for key, count in value.get("split", {}).items()]
        return ", ".join(part for part in parts if part)
