"""One day, like the date of a meeting."""

from datetime import date

from fund.core.clock import speak_day
from fund.core.forms import DateField3

from .base import QuestionType, day_of


class Day(QuestionType):
    kind = "day"
    name = "A date"
    officers_can_add = True

    def fields(self, question):
        return {"value": DateField3(question.text, description="For example 27 3 2027")}

    def fill(self, value):
        return {"value": value and date.fromisoformat(value)}

    def read(self, form):
        return form.value.data.isoformat() if form.value.data else None

    def guard(self, question, value):
        return date.fromisoformat(day_of(value)).isoformat()

    def show(self, question, value):
        return speak_day(date.fromisoformat(value))
