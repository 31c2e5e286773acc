"""The forms of judging. They check shape; rules are the acts'."""

import re

from wtforms import BooleanField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from fund.core.forms import BaseForm, DateField3, Email, LongText, Required, Text, Whole
from fund.core.problems import Problem

from .card_versions import EDITABLE
from .criteria import MARK_WORDS, MARKS
from .evidence import FLAG_WORDS
from .invitations import DECLINE_REASONS
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


class ChangeSeatForm(BaseForm):
    label = Text("Name on the panel", [Required("Enter the name that papers without names show")])
    perspective = Text("What they bring", description="For example public health, or lived experience")
    expertise = Text("What they know well", description="As they said it when they accepted")
    bids_limit = Whole("The most bids they can read", [Optional()], least=1, most=500, description="Leave empty for no limit. Bids they have already stay.")  # fmt: skip


class LimitForm(BaseForm):
    bids_limit = Whole("The most bids you can read", [Optional()], least=1, most=500, description="Leave empty if you have no limit. Bids you have already stay.")  # fmt: skip


class InvitationForm(BaseForm):
    email = Email("Email address", [Required("Enter their email address")], description="They get a link, and sign in by code to accept.")  # fmt: skip
    label = Text("Name on the panel", [Required("Enter the name that papers without names show")], description="For example Member Wren")  # fmt: skip
    kind = SelectField("Seat", choices=[SelectChoice(key, words) for key, words in SEAT_KINDS.items()], default="assessor")  # fmt: skip
    perspective = Text("What they bring", description="For example public health, or lived experience")


class TermsForm(BaseForm):
    terms = LongText("Terms of a seat", [Required("Write the terms")], description="What members agree to when they accept", rows=6)  # fmt: skip


class AcceptSeatForm(BaseForm):
    expertise = Text("What do you know well?", description="For example youth work, schools, evaluation. Officers see this.")  # fmt: skip
    bids_limit = Whole("The most bids you can read", [Optional()], least=1, most=500, description="Leave empty if you have no limit.")  # fmt: skip
    terms = BooleanField("I have read the terms and agree to them", [Required("Read the terms and tick the box to accept")])  # fmt: skip


class DeclineSeatForm(BaseForm):
    reason = RadioField("Why?", choices=[SelectChoice(key, words) for key, words in DECLINE_REASONS.items()], validate_choice=False)  # fmt: skip
    words = LongText("In your own words", description="Only officers of the fund read this.", rows=3)


class ReasonForm(BaseForm):
    reason = LongText("Reason", [Required("Give a reason")], rows=3)


class GiveForm(BaseForm):
    application = SelectField("Bid", coerce=int, validate_choice=True)
    seat = SelectField("Member", coerce=int, validate_choice=True)


class ApartForm(BaseForm):
    first = SelectField("One of the two", coerce=int)
    second = SelectField("And", coerce=int)
    why = Text("Why", [Required("Say why they are kept apart")], description="For example: they live together")


class ListForm(BaseForm):
    lines = LongText("Or paste the lines here", description="Two columns: the reference of a bid, the name of a member on the panel", rows=8)  # fmt: skip


class InviteListForm(BaseForm):
    lines = LongText("Or paste the lines here", description="Up to four columns: email address, name on the panel, seat, what they bring. Without a seat it is an assessor's.", rows=8)  # fmt: skip


class OldBidForm(BaseForm):
    reference = Text("Reference of a bid from an earlier round", [Required("Enter a reference")], description="It is copied without the names of who asked")  # fmt: skip


class MadeUpBidForm(BaseForm):
    title = Text("Title of the bid", [Required("Give the bid a title")])
    words = LongText("The bid", [Required("Write the bid")], rows=14, description="An empty line parts one answer from the next. The first line of each is the question.")  # fmt: skip


class CardForm(BaseForm):
    name = Text("Kind of work", [Required("Give the kind of work a name")])
    what_it_is = LongText("What it is, in your own words", rows=3)
    impact = Text(
        "Effect on violence",
        description="As the source says it: high, moderate, low, no effect, harmful, insufficient evidence",
    )
    percent_less_violence = Whole(
        "Less violence", [Optional()], least=0, most=100, description="A percentage, if the source gives one"
    )
    other_effects = Text("Also found")
    evidence_quality = Whole(
        "Confidence",
        [Optional()],
        least=1,
        most=5,
        description="From 1 (very low) to 5 (very high), if the source gives it",
    )
    evidence_words = Text("Confidence in words")
    cost = Whole("Cost", [Optional()], least=1, most=3, description="1 low, 2 moderate, 3 high")
    flag = SelectField(
        "Flag", choices=[SelectChoice("", "None"), *(SelectChoice(key, words[1]) for key, words in FLAG_WORDS.items())]
    )
    where_it_works = LongText("Where and for whom it works", rows=3)
    how_to_do_it = LongText("How to do it", rows=3)
    note = Text("Note")
    source_url = Text(
        "Address of the source",
        [Required("Enter the address of the source")],
        description="Begins with https://. Several stand with a space between them",
    )
    source_date = Text("How old the source is", [Required("Say how old the source is, for example September 2025")])
    snapshot_on = DateField3("The day you read it", [Required("Enter the day on which you read the source")])

    def facts(self) -> dict:
        """The card's facts by column."""
        return {name: value for name, value in self.data.items() if name in EDITABLE}


class QuoteForm(BaseForm):
    words = LongText("Words of the bid", [Required("Select or type a sentence of the bid")], description="Copy them exactly as they stand there.", rows=3)  # fmt: skip
    criterion = SelectField("Criterion", coerce=int)
    question = Text("Question")


class EmptyForm(BaseForm):
    """Only the token: for pages that draw and read their own many fields."""


class SeedForm(BaseForm):
    seed = Text(
        "Seed", [Required("Enter a seed")],
        description="Something nobody here can choose alone, such as the national lottery numbers of a day you name beforehand",
    )  # fmt: skip
    floor_words = Text(
        "Floors", description="How many bids each priority must have, like 1: 2, 3: 1. Leave empty for none."
    )

    def floors(self) -> dict[str, int]:
        """{priority code: bids}. Raises Problem for anything else."""
        found = {}
        for part in filter(None, (each.strip() for each in (self.floor_words.data or "").split(","))):
            code, colon, count = (each.strip() for each in part.partition(":"))
            if not (colon and code and re.fullmatch(r"\d{1,3}", count, re.ASCII)):
                raise Problem("Write floors like 1: 2, 3: 1", "floor_words")
            found[code] = int(count)
        return found


class PackForm(BaseForm):
    strike = LongText(
        "Further names to take out of the redacted copy", [Optional()], rows=4,
        description="One in each line. People of the panel, the staff and the groups that applied are known already.",
    )  # fmt: skip


class LearnedForm(BaseForm):
    words = LongText(
        "What this round taught", [Required("Write what the round taught")], rows=8,
        description="For groups that will apply next time. Name no group and no person.",
    )  # fmt: skip
    role = Text("You sign as", description="For example head of fund. Your name stands before it.")
