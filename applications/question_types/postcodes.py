"""A postcode, kept the way the post writes it."""

from fund.core.forms import Text
from fund.core.problems import Problem
from fund.postcodes import PostcodeProblem, check_postcode

from .base import QuestionType, text_of


class Postcode(QuestionType):
    kind = "postcode"
    name = "A postcode"
    officers_can_add = True

    def fields(self, question):
        return {"value": Text(question.text, render_kw={"autocomplete": "postal-code"})}

    def guard(self, question, value):
        text = text_of(value, 40)
        if not text:
            return None
        try:
            return check_postcode(text)
        except PostcodeProblem as problem:
            raise Problem(str(problem), "value") from None
