"""The tables of awarding, one module per noun."""

from . import guards  # noqa: F401  (declares what the database keeps by itself)
from .awards import Acceptance, Award, AwardVersion, Condition, Signatory, Variation
from .batches import LetterBatch, LetterBatchItem
from .copies import SignedCopy
from .decisions import Decision
from .editions import Edition
from .letters import Letter, LetterTemplate
from .limits import DelegatedLimit
from .other_grants import OtherGrant
from .payments import BankDetail, Payment, PaymentRun, Recovery, Tranche
from .subsidies import Subsidy
from .withdrawals import WithdrawalLetter
from .years import YearShare

__all__ = [
    "Acceptance", "Award", "AwardVersion", "BankDetail", "Condition", "Decision", "DelegatedLimit", "Edition", "Letter", "LetterBatch",
    "LetterBatchItem", "LetterTemplate", "OtherGrant", "Payment", "PaymentRun", "Recovery", "Signatory", "SignedCopy", "Subsidy",
    "Tranche", "Variation", "WithdrawalLetter", "YearShare",
]  # fmt: skip
