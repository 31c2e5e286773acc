"""The tables of judging, one module per noun."""

from .criteria import Criterion, EvidenceCard
from .learned import LearnedNote
from .meetings import AgreedChange, Attendance, Meeting, MeetingItem
from .moderation import AgreedScore, Moderation, RankingRun
from .packs import DecisionPack
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
from .portfolio import Draw, Scenario, ViableAt
from .quotes import Quote
from .scores import Score, Seal

__all__ = [
    "AgreedChange", "AgreedScore", "Assignment", "Attendance", "Conflict", "Criterion", "DecisionPack", "Draw", "EvidenceCard", "KeptApart", "LearnedNote", "Meeting", "MeetingItem",
    "Moderation", "NotAConflict", "Panel", "Quote", "RankingRun", "Scenario", "Score", "Seal", "Seat", "SeatInvitation", "StandIn", "ViableAt", "Wish",
]  # fmt: skip
