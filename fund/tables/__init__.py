"""The fund's tables, one module per noun."""

from .needs import Area, NeedsDataset, NeedsFigure
from .organisations import Identifier, Membership, Organisation, PolicyDocument
from .partnerships import Board, Measure, Outcome, Partnership, Priority, Strategy
from .people import ROLES, STAFF_ROLES, Person, RoleGrant, SignInCode, SignInSession, SignInTry
from .pot import LedgerEntry, Pot, PotChange
from .rounds import Cap, Fund, Round, RoundPriority

__all__ = [
    "ROLES", "STAFF_ROLES",
    "Area", "Board", "Cap", "Fund", "Identifier", "LedgerEntry", "Measure", "Membership", "NeedsDataset", "NeedsFigure",
    "Organisation", "Outcome", "Partnership", "Person", "PolicyDocument", "Pot", "PotChange", "Priority", "RoleGrant", "Round",
    "RoundPriority", "SignInCode", "SignInSession", "SignInTry", "Strategy",
]  # fmt: skip
