"""Money and whole numbers."""

from fund.core.forms import MoneyField, Whole
from fund.core.money import MOST_PENCE, pounds

from .base import QuestionType, whole_of


class Money(QuestionType):
    kind = "money"
    name = "Pounds and pence"
    needs_cap = True

    def fields(self, question):
        return {"value": MoneyField(question.text)}

    def read(self, form):
        return form.value.data

    def guard(self, question, value):
        return whole_of(value, MOST_PENCE)

    def gaps(self, question, value, facts):
        return [] if value or not question.required else ["Enter how much you ask for, more than £0"]

    def show(self, question, value):
        return pounds(value)


class Number(QuestionType):
    kind = "number"
    name = "A whole number"
    officers_can_add = True

    def fields(self, question):
        return {"value": Whole(question.text)}

    def read(self, form):
        return form.value.data

    def guard(self, question, value):
        return whole_of(value)

    def show(self, question, value):
        return f"{value:,}"
