"""The forms of awarding. They check shape; the acts check rules."""

from collections.abc import Callable

from wtforms import BooleanField, FileField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from fund.core.forms import BaseForm, DateField3, Email, LongText, MoneyField, Required, Text, ValidationError
from fund.core.problems import Problem

from .bank import read_account_number, read_sort_code
from .letters import NOT_A_FINGERPRINT
from .tables.decisions import DECISION_KINDS


class DecisionForm(BaseForm):
    kind = RadioField(
        "Decision",
        choices=[SelectChoice(key, label) for key, label in DECISION_KINDS.items()],
        validators=[Required("Choose a decision")],
    )
    amount = MoneyField(
        "Amount to offer", description="Only for an offer. At most what they asked for and the cap allows."
    )
    reasons = LongText(
        "Reasons",
        description="The applicant reads these words, and for an award they are published. Name no person.",
        validators=[Required("Give the reasons in words that can be published")],
        rows=5,
    )
    conditions = LongText(
        "Conditions of its own (optional)",
        description="One on each line. The standard conditions are added by themselves.",
        rows=3,
    )

    direct_reason = LongText(
        "Why without competition?",
        description="For example: the only organisation that can do this work there. These words are published.",
        rows=3,
    )

    def own_conditions(self) -> list[str]:
        return [line.strip() for line in (self.conditions.data or "").splitlines() if line.strip()]


class LimitForm(BaseForm):
    person = SelectField("For whom", coerce=int)
    amount = MoneyField("Most for one award", validators=[Required("Enter the most for one award")])
    why = Text(
        "What it rests on",
        description="For example: scheme of consent, 1 April 2026, paragraph 4.2",
        validators=[Required("Say what the limit rests on")],
    )


class SubsidyForm(BaseForm):
    others = MoneyField("What you had from others", validators=[Required("Enter an amount, or 0")])


class WithdrawalNoteForm(BaseForm):
    note = LongText(
        "What you want to add (optional)",
        description="One or two sentences that stand in the letter. For example what you agreed about the last return.",
        rows=3,
    )


class OtherGrantsForm(BaseForm):
    file = FileField("360Giving file", description="JSON or CSV, up to 5 MB", render_kw={"accept": ".json,.csv"})


class YearForm(BaseForm):
    year = SelectField("Financial year", coerce=int)
    amount = MoneyField("Money of the year", validators=[Required("Enter how much of the pot this year has")])


class PrefixForm(BaseForm):
    prefix = Text(
        "Prefix",
        description="360Giving gives it to you when you register as a publisher. It begins the identifier of every grant. Enter it once and leave it.",
    )


class SendBackForm(BaseForm):
    why = LongText("What should change?", validators=[Required("Say what should change")], rows=3)


class SignForm(BaseForm):
    name = Text("Your full name", validators=[Required("Type your name")], render_kw={"autocomplete": "name"})
    role = Text(
        "Your role",
        description="For example chair, trustee, treasurer, director.",
        validators=[Required("Enter your role, for example trustee or chair")],
        render_kw={"autocomplete": "organization-title"},
    )
    terms_read = BooleanField(
        "I have read the letter and accept its conditions",
        [Required("Confirm that you have read the letter and accept its conditions")],
    )


class SignedCopyForm(BaseForm):
    files = FileField(
        "The signed letter",
        description="A PDF or a photo (jpg, png).",
        validators=[Required("Choose the scan or photo of the signed letter")],
    )
    role_1 = Text("Role of the person who signs", description="For example chair, trustee, treasurer, director.")
    role_2 = Text("Role of the second person", description="For example chair, trustee, treasurer, director.")


class WhyForm(BaseForm):
    why = LongText(
        "What is wrong with it?",
        validators=[Required("Say what is wrong with the copy, for example a missing page")],
        rows=3,
    )


class DeclineForm(BaseForm):
    reason = LongText(
        "Why do you decline?",
        description="This helps us to plan. A sentence is enough.",
        validators=[Required("Say why you decline")],
        rows=3,
    )


class SignatoryForm(BaseForm):
    name = Text("Full name", validators=[Required("Enter the person's name")])
    email = Email(
        "Email address",
        description="They sign in with this address. It must be their own.",
        validators=[Required("Enter the person's email address")],
    )


def read_by(reader: Callable[[str], object]):
    """A validator that refuses what the act would refuse, so that everything wrong is said at once."""

    def check(_form, field):
        try:
            reader(field.data or "")
        except Problem as problem:
            raise ValidationError(problem.sentence) from None

    return check


class BankForm(BaseForm):
    account_name = Text(
        "Name on the account",
        description="The account must be in the name of your organisation or group.",
        validators=[Required("Enter the name on the account")],
    )
    sort_code = Text(
        "Sort code",
        description="6 digits, like 20-45-67",
        validators=[Required("Enter a sort code with 6 digits, like 20-45-67"), read_by(read_sort_code)],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    account_number = Text(
        "Account number",
        description="8 digits",
        validators=[Required("Enter an account number with 8 digits"), read_by(read_account_number)],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )


class BankCheckForm(BaseForm):
    note = LongText(
        "Note of the call back",
        description="Whom you called, on which number, and where you found that number. Not the number the grantee gave you.",
        validators=[Required("Say whom you called, on which number, and where you found it")],
        rows=3,
    )


class EvidenceForm(BaseForm):
    evidence = Text(
        "What you saw",
        description="For example the policy number and its end date",
        validators=[Required("Say what you saw, for example the policy number and its end date")],
    )


class EndForm(BaseForm):
    reason = LongText("Why does it end early?", validators=[Required("Give a reason")], rows=4)
    recover = MoneyField("Money to ask back (optional)", validators=[Optional()])


class AskBackForm(BaseForm):
    amount = MoneyField("How much to ask for", validators=[Required("Enter an amount")])
    why = LongText("What the group reads", validators=[Required("Say why")], rows=3)


class KeepForm(BaseForm):
    why = LongText("Why may the group keep it?", validators=[Required("Give a reason")], rows=3)


class ReasonForm(BaseForm):
    reason = Text("Why?", validators=[Required("Give a reason")])


class TemplateForm(BaseForm):
    words = LongText("Words of the letter", validators=[Required("Write the words of the letter")], rows=28)
    facts = SelectField("Try it on", coerce=int)
    why = Text(
        "What did you change?",
        description="Only needed to save. Those who look at the versions later read it.",
    )


class VerifyForm(BaseForm):
    file = FileField("The PDF letter")
    fingerprint = Text("Or type its fingerprint", description="64 letters and digits. Spaces do not matter.")

    def validate_fingerprint(self, field):
        """A slip of the finger must not look like a forged letter."""
        count = len(NOT_A_FINGERPRINT.sub("", field.data.lower())) if field.data else 64
        if count != 64:
            raise ValidationError(
                f"Type all 64 letters and digits of the fingerprint, 0 to 9 and a to f. These are {count}"
            )


class VariationForm(BaseForm):
    amount = MoneyField("New amount of the award", validators=[Required("Enter the new amount")])
    purpose = Text("Purpose", validators=[Required("Enter the purpose")])
    ends_on = DateField3("Last day", validators=[Optional()])
    why = LongText(
        "What changes, and why?",
        description="The grantee reads these words in the new letter.",
        validators=[Required("Say what changes and why")],
        rows=4,
    )
