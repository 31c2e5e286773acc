"""The tables of applying, one module per noun."""

from .answers import Answer, AnswerChange, Document
from .applications import Application, ApplicationPlace, Collaborator
from .forms import EligibilityQuestion, Form, Question, Section
from .screening import EligibilityCheck
from .submissions import Submission

__all__ = [
    "Answer", "AnswerChange", "Application", "ApplicationPlace", "Collaborator", "Document", "EligibilityCheck",
    "EligibilityQuestion", "Form", "Question", "Section", "Submission",
]  # fmt: skip
