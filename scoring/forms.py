"""The forms of judging. They check shape; rules are the acts'."""

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from fund.core.forms import BaseForm, Email, LongText, Required, Text, Whole

from .criteria import MARK_WORDS, MARKS
from .tables.panels import SEAT_KINDS


class CriterionForm(BaseForm):
    title = Text("Title", [Required("Enter a title")])
    guidance = LongText("What assessors ask themselves", [Required("Say what assessors should ask themselves")], rows=3)
    weight = Whole("Weight out of 100", [Required("Enter a weight")], least=1, most=100)
    minimum_mark = Whole(
        "Minimum mark", [Optional()], least=0, most=5,
        description="Leave empty for none. A bid with less is marked as stopped in the ranked list.",
    )  # fmt: skip

    def descriptors(self) -> list[str]:
        return [self[f"descriptor_{mark}"].data for mark in MARKS]


for _mark in MARKS:
    setattr(CriterionForm, f"descriptor_{_mark}", LongText(f"What {_mark} means ({MARK_WORDS[_mark]})", [Required(f"Say what a {_mark} means")], rows=2))  # fmt: skip


class NewCriterionForm(BaseForm):
    title = Text("Title of a new criterion", [Required("Enter a title")])


class SeatForm(BaseForm):
    email = Email("Email address", [Required("Enter their email address")], description="They need an account.")
    label = Text(
        "Name on the panel",
        [Required("Enter the name that papers without names show")],
        description="For example Member Wren",
    )
    kind = SelectField(
        "Seat", choices=[SelectChoice(key, words) for key, words in SEAT_KINDS.items()], default="assessor"
    )
    perspective = Text("What they bring", description="For example public health, or lived experience")


class ReasonForm(BaseForm):
    reason = LongText("Reason", [Required("Give a reason")], rows=3)


class GiveForm(BaseForm):
    application = SelectField("Bid", coerce=int, validate_choice=True)
    seat = SelectField("Member", coerce=int, validate_choice=True)


class EmptyForm(BaseForm):
    """Only the token: for pages that draw and read their own many fields."""
