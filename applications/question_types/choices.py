"""One of several, or several of them: yes/no, radios, checkboxes; priority, prevention level and toolkit strand.

The choices stand in the question's settings as [[key, label, hint], ...]. Those that a round decides (priorities, places)
are written there when the form is frozen; until then `live_choices` reads them.
"""

from wtforms import RadioField, SelectField, SelectMultipleField

from fund.core.problems import Problem

from .base import QuestionType, bullet_list, options


def choices_of(question) -> list[list[str]]:
    return question.settings.get("choices") or []


def label_of(question, key: str) -> str:
    return next((row[1] for row in choices_of(question) if row[0] == key), key)


class Radios(QuestionType):
    kind = "radios"
    name = "Choose one"
    officers_can_add = True

    def fields(self, question):
        return {"value": RadioField(question.text, choices=options(choices_of(question)), validate_choice=False)}

    def read(self, form):
        return form.value.data if form.value.data not in (None, "", "None") else None

    def guard(self, question, value):
        if value not in [row[0] for row in choices_of(question)]:
            raise Problem("Choose one of these", "value")
        return value

    def show(self, question, value):
        return label_of(question, value)


class YesNo(Radios):
    kind = "yes_no"
    name = "Yes or no"

    def fields(self, question):
        return {
            "value": RadioField(question.text, choices=options([("yes", "Yes"), ("no", "No")]), validate_choice=False)
        }

    def fill(self, value):
        return {"value": {True: "yes", False: "no"}.get(value)}

    def read(self, form):
        return {"yes": True, "no": False}.get(form.value.data)

    def guard(self, question, value):
        if not isinstance(value, bool):
            raise Problem("Choose yes or no", "value")
        return value

    def show(self, question, value):
        return "Yes" if value else "No"


class Checkboxes(QuestionType):
    kind = "checkboxes"
    name = "Choose one or more"
    officers_can_add = True

    def fields(self, question):
        return {
            "value": SelectMultipleField(question.text, choices=options(choices_of(question)), validate_choice=False)
        }

    def guard(self, question, value):
        known = [row[0] for row in choices_of(question)]
        if not isinstance(value, list) or any(each not in known for each in value):
            raise Problem("Choose from the list", "value")
        return [each for each in known if each in value] or None

    def show(self, question, value):
        return bullet_list(label_of(question, each) for each in value)


class Priority(Radios):
    kind = "priority"
    name = "One of the round's priorities"
    officers_can_add = False


class Level(Radios):
    kind = "level"
    name = "Prevention level"
    officers_can_add = False


class Strand(Radios):
    """A strand of the evidence toolkit, or none with the reasons argued in the evidence question."""

    kind = "strand"
    name = "Toolkit strand"
    officers_can_add = False

    def fields(self, question):
        strands = options([row[:2] for row in choices_of(question)], "Choose one")
        return {"value": SelectField(question.text, choices=strands, validate_choice=False)}
