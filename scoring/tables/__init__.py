"""The tables of judging, one module per noun."""

from .criteria import Criterion, EvidenceCard
from .learned import LearnedNote
from .meetings import AgreedChange, Attendance, Meeting, MeetingItem
from .moderation import AgreedScore, Moderation, RankingRun
from .packs import DecisionPack
from .panels import Assignment, Conflict, Panel, Seat
from .portfolio import Draw, Scenario, ViableAt
from .quotes import Quote
from .scores import Score, Seal

__all__ = [
    "AgreedChange", "AgreedScore", "Assignment", "Attendance", "Conflict", "Criterion", "DecisionPack", "Draw", "EvidenceCard", "LearnedNote", "Meeting", "MeetingItem", "Moderation", "Panel",
    "Quote", "RankingRun", "Scenario", "Score", "Seal", "Seat", "ViableAt",
]  # fmt: skip
