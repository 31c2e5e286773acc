"""All questions of a round as a Word file, to read and to collect answers in before starting; made with python-docx."""

import io

from docx import Document
from docx.oxml.ns import qn
from docx.shared import Pt

from fund.core.clock import speak_moment
from fund.tables import Round

from .forms import AskedForm, AskedQuestion

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def question_sheet(round: Round, asked: AskedForm) -> bytes:
    """The DOCX: real headings and lists, British English, room under each question. Nothing in it runs or calls outside."""
    sheet = Document()
    _set_up(sheet, round)
    sheet.add_heading("All the questions", 0)
    sheet.add_paragraph(f"{round.title}. The round closes on {speak_moment(round.closes_at)} (London time).")
    sheet.add_paragraph("Write your answers down here first if you like. Then copy them into the form on the website. A bid counts only when it is sent there.")  # fmt: skip
    for number, section in enumerate(asked.sections, 1):
        sheet.add_heading(f"{number}. {section.title}", 1)
        for question in section.questions:
            _add_question(sheet, question, asked.who_is_asked(question))
    out = io.BytesIO()
    sheet.save(out)
    return out.getvalue()


def _set_up(sheet, round: Round) -> None:
    facts = sheet.core_properties
    facts.title, facts.author, facts.language = (
        f"All the questions: {round.title}",
        round.fund.partnership.name,
        "en-GB",
    )
    facts.created = facts.modified = round.opens_at.replace(tzinfo=None)
    facts.comments = ""
    normal = sheet.styles["Normal"]
    normal.font.name, normal.font.size = "Arial", Pt(12)
    for language in normal.element.getparent().iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")


def _add_question(sheet, question: AskedQuestion, who: str) -> None:
    sheet.add_heading(question.text, 2)
    if who:
        sheet.add_paragraph().add_run(who).italic = True
    about = [question.why, question.help, f"Up to {question.word_limit} words." if question.word_limit else ""]
    about.append("" if question.required else "You can leave this out.")
    if words := " ".join(filter(None, about)):
        sheet.add_paragraph(words)
    for choice in _choices(question):
        sheet.add_paragraph(choice, style="List Bullet")
    if question.example:
        sheet.add_paragraph("Example: ").add_run(question.example).italic = True
    sheet.add_paragraph("Your answer:")
    sheet.add_paragraph("")


def _choices(question: AskedQuestion) -> list[str]:
    """The words of what can be chosen; none while the round has not filled them in."""
    given = question.settings.get("choices") or []
    return [": ".join(filter(None, row[1:3])) for row in given] if isinstance(given, list) else []
