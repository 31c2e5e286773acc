"""The forms of a round's parts. Each says how it is filled from a round (`facts`) and what it asks to change (`values`)."""

import re
from datetime import date, datetime, time
from typing import Any

from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation

from fund.core.clock import LONDON, in_london, london_moment, speak_time
from fund.core.forms import BaseForm, DateField3, LongText, MoneyField, Required, Text, Whole
from fund.round_terms import CapTerms
from fund.strategies.legal_form import legal_forms
from fund.tables import Round
from fund.tables.rounds import PAY_WHEN, SCORE_VISIBILITY

_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?", re.ASCII)


def read_time(text: str) -> time:
    """A time of day as people write it: "5pm", "5:30 pm", "17:00", "midday". Raises ValueError for anything else."""
    words = {"midday": time(12), "noon": time(12), "midnight": time(0)}
    text = text.strip().lower()
    if text in words:
        return words[text]
    found = _TIME.fullmatch(text)
    if not found or (not found[2] and not found[3]):
        raise ValueError
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half and not 1 <= hour <= 12:
        raise ValueError
    return time(hour % 12 + 12 * (half == "pm") if half else hour, minute)


class TimeText(Text):
    """A time of day; `data` is the text, `time` what it means."""

    def pre_validate(self, form):
        super().pre_validate(form)
        try:
            self.time = read_time(self.data or "")
        except ValueError:
            raise StopValidation("Enter a time, like 5pm or 9:30am") from None


class PartForm(BaseForm):
    """A form for some columns of a round, named as they are."""

    columns: tuple[str, ...] = ()

    @classmethod
    def facts(cls, round: Round) -> dict[str, Any]:
        return {name: getattr(round, name) for name in cls.columns}

    def values(self) -> dict[str, Any]:
        return {name: self[name].data for name in self.columns}


class WordsForm(PartForm):
    columns = ("title", "summary", "prefix")
    title = Text(
        "Title", [Required("Enter a title")], description="What people see first, like “Violence Prevention Fund 2026”"
    )
    summary = LongText(
        "Summary", [Required("Enter a summary")], description="One or two sentences: what the money is for", rows=4
    )
    prefix = Text(
        "Start of references", [Required("Enter how references start")],
        description="Bids are numbered from it: VPF-2026 gives VPF-2026-0001. It cannot change once the round is published",
    )  # fmt: skip


WHICH = [
    SelectChoice("first", "The first one, before the clocks go back"),
    SelectChoice("second", "The second one, an hour later"),
]
OFTEN = {
    1: "Every month",
    2: "Every 2 months",
    3: "Every 3 months",
    4: "Every 4 months",
    6: "Every 6 months",
    12: "Once a year",
}


class WindowForm(PartForm):
    opens_on = DateField3(
        "Day the round opens", [Required("Enter the day the round opens")], description="For example, 27 3 2027"
    )
    opens_time = TimeText(
        "Time it opens", [Required("Enter the time the round opens")], description="London time, like 9am"
    )
    opens_which = RadioField("Which of the two?", choices=WHICH, validate_choice=False)
    closes_on = DateField3(
        "Day the round closes", [Required("Enter the day the round closes")], description="For example, 28 5 2027"
    )
    closes_time = TimeText(
        "Time it closes",
        [Required("Enter the time the round closes")],
        description="London time, like 5pm. A bid that arrives at this time is late",
    )
    closes_which = RadioField("Which of the two?", choices=WHICH, validate_choice=False)
    decisions_by = DateField3(
        "Day by which people hear", description="You can leave this empty. It is shown on the round's page"
    )
    reason = Text("Why the round closes later", description="Kept in the history of the round")

    @classmethod
    def facts(cls, round: Round) -> dict[str, Any]:
        facts: dict[str, Any] = {"decisions_by": round.decisions_by}
        for end in ("opens", "closes"):
            local = in_london(getattr(round, f"{end}_at"))
            facts |= {f"{end}_on": local.date(), f"{end}_time": speak_time(local)}
            if happens_twice(local.replace(tzinfo=None, fold=0)):
                facts[f"{end}_which"] = "second" if local.fold else "first"
        return facts

    def values(self) -> dict[str, Any]:
        """Both moments in UTC. Raises Problem for a time that does not exist, or happens twice and nobody said which."""
        return {
            "opens_at": self.moment("opens"), "closes_at": self.moment("closes"), "decisions_by": self.decisions_by.data,
        }  # fmt: skip

    def moment(self, end: str) -> datetime:
        local = self.local(end)
        if local is None:
            raise ValueError(f"{end} was not checked")
        earlier = {"first": True, "second": False}.get(self[f"{end}_which"].data)
        return london_moment(local, earlier=earlier, field=f"{end}_time")

    def local(self, end: str) -> datetime | None:
        """What was typed as a wall-clock time, if it is one."""
        day, text = self[f"{end}_on"].data, self[f"{end}_time"].data or ""
        try:
            return datetime.combine(day, read_time(text)) if isinstance(day, date) else None
        except ValueError:
            return None

    def asks_which(self, end: str) -> bool:
        """Whether the page must ask which of two equal times is meant."""
        local = self.local(end)
        return local is not None and happens_twice(local)


def happens_twice(local: datetime) -> bool:
    """Whether this wall-clock time comes twice in London, because the clocks go back."""
    first, second = (local.replace(tzinfo=LONDON, fold=fold).utcoffset() for fold in (0, 1))
    return first is not None and second is not None and first > second


class DeliveryForm(PartForm):
    columns = ("delivery_start_on", "delivery_end_on")
    delivery_start_on = DateField3(
        "First day of delivery", [Required("Enter the first day")], description="For example, 1 6 2027"
    )
    delivery_end_on = DateField3(
        "Last day of delivery", [Required("Enter the last day")], description="For example, 31 8 2028"
    )


class LimitsForm(PartForm):
    columns = ("bids_per_organisation", "joint_cap_pence")
    bids_per_organisation = Whole("Bids one organisation may send", [Required("Enter a number")], least=1, most=20)
    joint_cap_pence = MoneyField(
        "The most all its bids together may ask for", description="Leave it empty for no joint limit"
    )


class PanelForm(PartForm):
    columns = (
        "assessors_per_bid",
        "panel_quorum",
        "spread_flag",
        "visibility",
        "minimum_total",
        "any_zero_stops",
        "hides_names",
        "view_weight",
    )
    assessors_per_bid = Whole("Assessors for each bid", [Required("Enter a number")], least=1, most=12)
    panel_quorum = Whole(
        "Quorum",
        [Required("Enter a number")],
        description="How many of them must have no conflict before scoring starts",
        least=1,
        most=12,
    )
    spread_flag = Whole(
        "Spread that is flagged",
        [Required("Enter a number")],
        description="Highest minus lowest mark on one criterion that asks for a talk at moderation",
        least=1,
        most=5,
    )
    visibility = RadioField(
        "When assessors see each other's scores",
        choices=[SelectChoice(key, words) for key, words in SCORE_VISIBILITY.items()],
    )
    minimum_total = Whole(
        "Lowest total that can be funded", description="Out of 100. Leave it empty for none", most=100
    )
    any_zero_stops = BooleanField("A mark of 0 on any criterion stops a bid")
    hides_names = BooleanField("Assessors read without names and addresses, and without attached documents")
    view_weight = Whole(
        "What the view of young and lived-experience members counts",
        description="Of 100. They then read one plain page for each bid and choose one of four pictures. It is published with the criteria and cannot change after that. Leave it empty if they give marks like everybody else",
        least=1,
        most=50,
    )


class AwardRulesForm(PartForm):
    columns = ("acceptance_days", "return_every_months", "underspend_flag_percent", "pay_when", "retention_percent")
    acceptance_days = Whole("Days to accept an offer", [Required("Enter a number of days")], least=1, most=365)
    return_every_months = SelectField(
        "How often funded groups report", coerce=int,
        choices=[SelectChoice(months, words) for months, words in OFTEN.items()],
    )  # fmt: skip
    underspend_flag_percent = Whole(
        "Underspend that is flagged (%)",
        [Required("Enter a percentage")],
        description="A return that spent less than the profile by more than this asks why",
        most=100,
    )
    pay_when = RadioField(
        "When awards are paid", choices=[SelectChoice(key, words) for key, words in PAY_WHEN.items()],
    )  # fmt: skip
    retention_percent = Whole(
        "Kept back until the last return (%)",
        [Required("Enter a percentage, or 0")],
        description="Awards of up to £5,000.00 and groups that are not registered are always paid once, in advance",
        most=50,
    )


def form_choices() -> list[SelectChoice]:
    return [SelectChoice(form.key, form.label) for form in legal_forms() if form.can_apply != "no"]


class CapRow(Form):
    """One cap of a round. A row without words, money and forms is not there."""

    key = HiddenField()
    plural = Text(
        "Who this is for, in the plural", description="As in “Groups that are not registered can ask for up to …”"
    )
    most_pence = MoneyField("The most they can ask for")
    legal_forms = SelectMultipleField("Legal forms", choices=form_choices())
    needs_register = BooleanField("Only with a number that a register confirms")

    @property
    def is_empty(self) -> bool:
        return not (self.plural.data or self.most_pence.data or self.legal_forms.data)

    def validate_plural(self, field):
        if not self.is_empty and not field.data:
            raise StopValidation("Say who this cap is for")

    def validate_most_pence(self, field):
        if not self.is_empty and not field.data and not field.errors:
            raise StopValidation("Enter the most they can ask for")


class CapsForm(BaseForm):
    caps = FieldList(FormField(CapRow), max_entries=12)

    def terms(self) -> list[CapTerms]:
        return [
            CapTerms(
                row["plural"],
                row["most_pence"],
                row["legal_forms"] or [],
                bool(row["needs_register"]),
                row["key"] or "",
            )
            for entry, row in ((entry, entry.data) for entry in self.caps)
            if not entry.form.is_empty
        ]


class PotForm(BaseForm):
    pot = MoneyField(
        "The pot", [Required("Enter the pot")], description="Everything this round can promise, like 700,000"
    )
    over = MoneyField(
        "How much more than the pot may be offered",
        description="Leave it empty for nothing, which is usual. Two people must agree",
    )
    reason = Text("Why it changes", description="Kept in the history of the round. Needed once the round is published")


class StartForm(BaseForm):
    partnership = RadioField("Whose round is it?", coerce=int)
    title = Text("Title", description="Leave it empty to take the strategy's own")


class CloneForm(BaseForm):
    title = Text("Title of the new round", [Required("Enter a title")])


class ReasonForm(BaseForm):
    reason = LongText("Why?", [Required("Give a reason")], description="Kept in the history of the round", rows=4)


class EmptyForm(BaseForm):
    pass
