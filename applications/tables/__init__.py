"""The tables of applying, one module per noun."""

from .answers import Answer, AnswerChange, Document
from .applications import Application, ApplicationPlace, Collaborator, Extension, ReferenceCounter
from .change_requests import ChangeDraft, ChangeRequest
from .easy_read import EasyRead
from .forms import EligibilityQuestion, Form, Question, Section
from .packs import KeyedBid, PackUpload
from .screening import EligibilityCheck
from .submissions import Submission
from .voices import VoiceNote

__all__ = [
    "Answer", "AnswerChange", "Application", "ApplicationPlace", "ChangeDraft", "ChangeRequest", "Collaborator", "Document",
    "EasyRead", "EligibilityCheck", "EligibilityQuestion", "Extension", "Form", "KeyedBid", "PackUpload", "Question",
    "ReferenceCounter", "Section", "Submission", "VoiceNote",
]  # fmt: skip
