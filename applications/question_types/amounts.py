"""An amount of money that is not what the bid asks for, such as last year's income."""

from fund.core.forms import MoneyField
from fund.core.money import MOST_PENCE, pounds

from .base import QuestionType, whole_of


class Amount(QuestionType):
    kind = "amount"
    name = "An amount of money"
    officers_can_add = True

    def fields(self, question):
        return {"value": MoneyField(question.text)}

    def read(self, form):
        return form.value.data

    def guard(self, question, value):
        return whole_of(value, MOST_PENCE)

    def show(self, question, value):
        return pounds(value)
