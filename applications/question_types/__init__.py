"""Question types by kind. Adding one touches its own file and this list."""

from markupsafe import Markup

from .amounts import Amount
from .base import Facts, QuestionType
from .beneficiaries import Beneficiaries
from .budget import Budget
from .choices import Checkboxes, Level, Priority, Radios, Strand, YesNo
from .dates import Dates
from .days import Day
from .documents import Documents
from .numbers import Money, Number
from .people import Partners, Signatories
from .places import Places
from .postcodes import Postcode
from .tables import Match, Milestones, Outcomes, Risks
from .texts import Paragraphs, ShortText

TYPES: dict[str, QuestionType] = {
    each.kind: each()
    for each in (
        ShortText, Paragraphs, Money, Number, Dates, YesNo, Radios, Checkboxes, Priority, Level, Strand, Places,
        Beneficiaries, Outcomes, Milestones, Risks, Budget, Match, Documents, Day, Amount, Postcode, Partners, Signatories,
    )
}  # fmt: skip


def type_of(question) -> QuestionType:
    """The type of a question (anything with a `kind`)."""
    return TYPES[question.kind]


def show(question, value) -> Markup | str:
    """An answer as readers see it; empty when there is none."""
    return "" if value is None else type_of(question).show(question, value)


__all__ = ["TYPES", "Facts", "QuestionType", "show", "type_of"]
