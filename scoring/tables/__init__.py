"""The tables of judging, one module per noun."""

from .criteria import Criterion, EvidenceCard
from .moderation import AgreedScore, Moderation, RankingRun
from .panels import (
    Assignment,
    Conflict,
    KeptApart,
    NotAConflict,
    Panel,
    Seat,
    SeatInvitation,
    StandIn,
    Wish,
)
from .portfolio import Draw, Scenario
from .quotes import Quote
from .scores import Score, Seal

__all__ = [
    "AgreedScore", "Assignment", "Conflict", "Criterion", "Draw", "EvidenceCard", "KeptApart", "Moderation", "NotAConflict", "Panel", "Quote", "RankingRun", "Scenario",
    "Score", "Seal", "Seat", "SeatInvitation", "StandIn", "Wish",
]  # fmt: skip
