"""The tables of awarding, one module per noun."""

from .awards import Acceptance, Award, AwardVersion, Condition, Signatory, Variation
from .batches import LetterBatch, LetterBatchItem
from .copies import SignedCopy
from .decisions import Decision
from .letters import Letter, LetterTemplate
from .payments import BankDetail, Payment, PaymentRun, Recovery, Tranche

__all__ = [
    "Acceptance", "Award", "AwardVersion", "BankDetail", "Condition", "Decision", "Letter",
    "LetterBatch", "LetterBatchItem", "LetterTemplate", "Payment", "PaymentRun", "Recovery", "Signatory", "SignedCopy", "Tranche", "Variation",
]  # fmt: skip
