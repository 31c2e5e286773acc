"""The days on which the work starts and ends."""

from datetime import date

from fund.core.clock import speak_day
from fund.core.forms import DateField3, ValidationError
from fund.core.problems import Problem

from .base import Gap, QuestionType, day_of


def _after_the_start(form, field):
    if form.start.data and field.data and field.data <= form.start.data:
        raise ValidationError("The end must be after the start")


class Dates(QuestionType):
    kind = "dates"
    name = "Start and end dates"

    def fields(self, question):
        return {
            "start": DateField3("When will the work start?"),
            "end": DateField3("When will it end?", [_after_the_start]),
        }

    def fill(self, value):
        value = value or {}
        return {which: value.get(which) and date.fromisoformat(value[which]) for which in ("start", "end")}

    def read(self, form):
        found = {which: day.isoformat() for which in ("start", "end") if (day := form[which].data)}
        return found or None

    def guard(self, question, value):
        if not isinstance(value, dict) or not set(value) <= {"start", "end"}:
            raise Problem("Enter the start and the end", "start")
        kept = {which: day_of(day) for which, day in value.items()}
        if len(kept) == 2 and kept["end"] <= kept["start"]:
            raise Problem("The end must be after the start", "end")
        return kept or None

    def gaps(self, question, value, facts):
        return [
            Gap(f"Enter when the work {words}", which)
            for which, words in (("start", "starts"), ("end", "ends"))
            if which not in value
        ]

    def warnings(self, question, value, facts):
        if not facts.window or not outside_window(value, facts.window):
            return []
        within = window_sentence(*(date.fromisoformat(day) for day in facts.window))
        return [f"{within} Work outside these dates is not eligible."]

    def show(self, question, value):
        return " to ".join(speak_day(date.fromisoformat(value[which])) for which in ("start", "end") if which in value)


def window_sentence(first: date, last: date) -> str:
    """The days that the work of a round has to stay between, as applicants read them."""
    return f"This round is for work from {speak_day(first)} to {speak_day(last)}."


def outside_window(value: dict | None, window: tuple[str, str]) -> bool:
    """Whether the dates leave the delivery window; its first and last day are inside."""
    value = value or {}
    return value.get("start", window[0]) < window[0] or value.get("end", window[1]) > window[1]
