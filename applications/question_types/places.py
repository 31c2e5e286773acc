"""The places a bid is for: checkboxes by district, so that they work without a script; a script adds a search box."""

from wtforms import SelectMultipleField

from fund.core.problems import Problem

from .base import QuestionType, options

OUTSIDE = "Outside "


class Places(QuestionType):
    """Settings: choices [[name, name, district], ...], the last one "Outside <area>"."""

    kind = "places"
    name = "Places of the partnership"
    template = "applications/types/places.html"

    def fields(self, question):
        names = options([row[:2] for row in question.settings.get("choices") or []])
        return {"value": SelectMultipleField(question.text, choices=names, validate_choice=False)}

    def guard(self, question, value):
        known = [row[0] for row in question.settings.get("choices") or []]
        if not isinstance(value, list) or any(each not in known for each in value):
            raise Problem("Choose places from the list", "value")
        return [each for each in known if each in value] or None

    def warnings(self, question, value, facts):
        if outside_area(value):
            return ["This round is for work in the places listed. Work outside them is not eligible."]
        return []

    def show(self, question, value):
        return ", ".join(value)


def outside_area(value: list[str] | None) -> bool:
    return any(place.startswith(OUTSIDE) for place in value or [])


def by_district(question) -> list[tuple[str, list[str]]]:
    """The places under their district, in the order they are stored."""
    found: dict[str, list[str]] = {}
    for name, _label, district in question.settings.get("choices") or []:
        found.setdefault(district or "Other places", []).append(name)
    return list(found.items())
