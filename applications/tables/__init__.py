"""The tables of applying, one module per noun."""

from .answers import Answer, AnswerChange, Document
from .applications import Application, ApplicationPlace, Collaborator, Extension, ReferenceCounter
from .change_requests import ChangeDraft, ChangeRequest
from .forms import EligibilityQuestion, Form, Question, Section
from .packs import KeyedBid, PackUpload
from .screening import EligibilityCheck
from .submissions import Submission

__all__ = [
    "Answer", "AnswerChange", "Application", "ApplicationPlace", "ChangeDraft", "ChangeRequest", "Collaborator", "Document",
    "EligibilityCheck", "EligibilityQuestion", "Extension", "Form", "KeyedBid", "PackUpload", "Question", "ReferenceCounter", "Section", "Submission",
]  # fmt: skip
