"""The fund's tables, one module per noun."""

from . import pot_guards  # noqa: F401  (declares what the database keeps by itself)
from .factors import FactorReset, RecoveryCode, SecondFactor
from .keeping import ERASED_BECAUSE, Erasure, LegalHold
from .needs import Area, NeedsDataset, NeedsFigure
from .organisations import (
    CHECK_RESULTS,
    MEMBER_ROLES,
    Identifier,
    IdentifierCheck,
    Invitation,
    Membership,
    Organisation,
    PolicyDocument,
)
from .partnerships import Board, Measure, Outcome, Partnership, Priority, Strategy
from .people import ROLES, STAFF_ROLES, Person, RoleGrant, SignInCode, SignInSession, SignInTry
from .pot import LedgerEntry, Pot, PotChange
from .registers import LOOK_OUTCOMES, LOOK_WHYS, QueuedLook, RegisterAnswer, RegisterLook
from .rounds import ROUND_STATES, SCORE_VISIBILITY, Cap, Fund, Round, RoundPriority

__all__ = [
    "CHECK_RESULTS", "ERASED_BECAUSE", "LOOK_OUTCOMES", "LOOK_WHYS", "MEMBER_ROLES", "ROLES", "ROUND_STATES",
    "SCORE_VISIBILITY", "STAFF_ROLES",
    "Area", "Board", "Cap", "Erasure", "FactorReset", "Fund", "Identifier", "IdentifierCheck", "Invitation", "LedgerEntry",
    "LegalHold", "Measure", "Membership", "NeedsDataset", "NeedsFigure", "Organisation", "Outcome", "Partnership", "Person",
    "PolicyDocument", "Pot", "PotChange", "Priority", "QueuedLook", "RecoveryCode", "RegisterAnswer", "RegisterLook",
    "RoleGrant", "Round",
    "RoundPriority", "SecondFactor", "SignInCode", "SignInSession", "SignInTry", "Strategy",
]  # fmt: skip
