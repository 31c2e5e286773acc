"""The tables of applying, one module per noun."""

from .answers import Answer, AnswerChange, Document
from .applications import Application, ApplicationPlace, Collaborator, Extension, ReferenceCounter
from .change_requests import ChangeRequest
from .diligence import DiligenceLook, DiligencePack
from .forms import EligibilityQuestion, Form, Question, Section
from .packs import KeyedBid, PackUpload
from .sanctions import SanctionsList, SanctionsName
from .screening import EligibilityCheck
from .signals import BidPrint, Signal, SignalAnswer
from .submissions import Submission

__all__ = [
    "Answer", "AnswerChange", "Application", "ApplicationPlace", "BidPrint", "ChangeRequest", "Collaborator", "DiligenceLook",
    "DiligencePack", "Document", "EligibilityCheck", "EligibilityQuestion", "Extension", "Form", "KeyedBid", "PackUpload",
    "Question", "ReferenceCounter", "SanctionsList", "SanctionsName", "Section", "Signal", "SignalAnswer", "Submission",
]  # fmt: skip
