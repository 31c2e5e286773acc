"""The forms of signing in, of organisations and of the administrator. They check shape; the acts check rules."""

from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from fund.core.forms import BaseForm, DateField3, Email, LongText, MoneyField, Required, Text
from fund.identifiers import schemes
from fund.organisations import forms_that_may_apply
from fund.plain_words import LEGAL_FORMS
from fund.tables import CHECK_RESULTS, ROLES


def choices(pairs) -> list[SelectChoice]:
    """(value, text) pairs as the choices of a field."""
    return [SelectChoice(value, text) for value, text in pairs]


_CHOOSE_FORM = "Choose what kind of organisation you are"


class SignInForm(BaseForm):
    email = Email(
        "Email address",
        description="We send a code to this address. You do not need a password.",
        validators=[Required("Enter your email address")],
        render_kw={"autocomplete": "email"},
    )


class CodeForm(BaseForm):
    code = Text(
        "6-digit code",
        validators=[Required("Enter the 6-digit code from the email")],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )


class SecondStepForm(BaseForm):
    code = Text(
        "Code from your app",
        description="6 digits that change every half minute. If your telephone is lost, type one of your recovery codes.",
        validators=[Required("Enter the code that your app shows")],
        render_kw={"autocomplete": "one-time-code", "spellcheck": "false", "autocapitalize": "none"},
    )


class NewEmailForm(BaseForm):
    email = Email(
        "New email address",
        description="We send a code to it, to be sure that you can read mail there.",
        validators=[Required("Enter your new email address")],
        render_kw={"autocomplete": "email"},
    )


class ReasonForm(BaseForm):
    reason = LongText("Why?", rows=3, validators=[Required("Say why")])


class NameForm(BaseForm):
    name = Text("Your name", validators=[Required("Enter your name")], render_kw={"autocomplete": "name"})
    phone = Text(
        "Telephone number (optional)",
        description="So that we can ring if something about a bid is not clear.",
        render_kw={"autocomplete": "tel"},
    )


class OrganisationForm(BaseForm):
    name = Text(
        "Name of the organisation",
        description="The full name, as on your bank account or in your rules.",
        validators=[Required("Enter the name of your organisation")],
        render_kw={"autocomplete": "organization"},
    )
    legal_form = RadioField("What kind of organisation is it?", validators=[Required(_CHOOSE_FORM)])
    address = Text("Building and street (optional)", render_kw={"autocomplete": "street-address"})
    town = Text(
        "Town or city", validators=[Required("Enter a town or city")], render_kw={"autocomplete": "address-level2"}
    )
    postcode = Text("Postcode", validators=[Required("Enter a postcode")], render_kw={"autocomplete": "postal-code"})
    email = Email("Email address of the organisation (optional)")
    phone = Text("Telephone number of the organisation (optional)")
    website = Text("Website or social media page (optional)")
    annual_income_pence = MoneyField(
        "Income last year (optional)", description="About how much came in during your last full year."
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.legal_form.choices = [
            SelectChoice(form.key, form.label, {"hint": LEGAL_FORMS.get(form.key)}) for form in forms_that_may_apply()
        ]

    def facts(self) -> dict:
        """What was typed, by column of the organisation."""
        left_out = ("csrf_token", "version")
        return {field.name: field.data for field in self if field.name not in left_out}


class IdentifierForm(BaseForm):
    scheme = RadioField("Which register is the number from?", validators=[Required("Choose a register")])
    number = Text("Number", validators=[Required("Enter the number")], render_kw={"spellcheck": "false"})

    def offer(self, first: tuple[str, ...]) -> None:
        """Offer the registers, those that can confirm this organisation's legal form first."""
        known = [*first, *(key for key in schemes() if key not in first and key != "360G")]
        self.scheme.choices = [
            SelectChoice(key, schemes()[key].label, {"hint": f"{schemes()[key].register}: {schemes()[key].shape}"})
            for key in known
        ]


class InviteForm(BaseForm):
    email = Email("Their email address", validators=[Required("Enter an email address")])


class CheckForm(BaseForm):
    result = RadioField(
        "What does the register say?",
        choices=choices(CHECK_RESULTS.items()),
        validators=[Required("Choose what the register says")],
    )
    evidence = LongText(
        "How do you know?",
        rows=4,
        description="The page you looked at, its date, and the name it shows. Others read this when they pay the grant.",
        validators=[Required("Say how you know, such as the page you looked at and its date")],
    )


class RoleForm(BaseForm):
    role = SelectField(
        "Role", choices=choices([("", "Choose a role"), *ROLES.items()]), validators=[Required("Choose a role")]
    )
    where = SelectField("Where it holds", validators=[Required("Choose where the role holds")])
    until = DateField3("Last day (optional)", description="Leave empty when it has no end.", validators=[Optional()])
