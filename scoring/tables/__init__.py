"""The tables of judging, one module per noun."""

from .calibration import Calibration, CalibrationAnchor, CalibrationReading
from .criteria import Criterion, EvidenceCard, JudgedCard
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
from .reading import SectionRead
from .scores import Score, Seal
from .views import BidView

__all__ = [
    "AgreedChange",
    "AgreedScore",
    "Assignment",
    "Attendance",
    "BidView",
    "Calibration",
    "CalibrationAnchor",
    "CalibrationReading",
    "Conflict",
    "Criterion",
    "DecisionPack",
    "Draw",
    "EvidenceCard",
    "JudgedCard",
    "KeptApart",
    "LearnedNote",
    "Meeting",
    "MeetingItem",
    "Moderation",
    "NotAConflict",
    "Panel",
    "Quote",
    "RankingRun",
    "Scenario",
    "Score",
    "Seal",
    "Seat",
    "SeatInvitation",
    "SectionRead",
    "StandIn",
    "ViableAt",
    "Wish",
]  # fmt: skip
