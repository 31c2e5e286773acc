"""The tables of applying, one module per noun."""

from .answers import Answer, AnswerChange, Document
from .applications import Application, ApplicationPlace, Collaborator, Extension, ReferenceCounter
from .change_requests import ChangeDraft, ChangeRequest
from .diligence import DiligenceLook, DiligencePack
from .easy_read import EasyRead
from .forms import EligibilityQuestion, Form, Question, Section
from .packs import KeyedBid, PackUpload
from .sanctions import SanctionsList, SanctionsName
from .screening import EligibilityCheck
from .signals import BidPrint, Signal, SignalAnswer
from .submissions import Submission
from .voices import VoiceNote

__all__ = [
    "Answer", "AnswerChange", "Application", "ApplicationPlace", "BidPrint", "ChangeDraft", "ChangeRequest", "Collaborator",
    "DiligenceLook", "DiligencePack", "Document", "EasyRead", "EligibilityCheck", "EligibilityQuestion", "Extension", "Form",
    "KeyedBid", "PackUpload", "Question", "ReferenceCounter", "SanctionsList", "SanctionsName", "Section", "Signal",
    "SignalAnswer", "Submission", "VoiceNote",
]  # fmt: skip
