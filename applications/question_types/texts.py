"""Short and long text."""

from fund.core.forms import LongText, Text

from ..words import too_many_words
from .base import QuestionType, text_of


class ShortText(QuestionType):
    kind = "text"
    name = "Short text, one line"
    officers_can_add = True

    def fields(self, question):
        return {"value": Text(question.text)}

    def guard(self, question, value):
        return text_of(value, 500) or None

    def gaps(self, question, value, facts):
        sentence = too_many_words(value, question.word_limit)
        return [sentence] if sentence else []

    def show(self, question, value):
        return value


class Paragraphs(ShortText):
    kind = "long_text"
    name = "Long text with a word limit"

    def fields(self, question):
        return {"value": LongText(question.text, words_limit=question.word_limit)}

    def guard(self, question, value):
        return text_of(value) or None
