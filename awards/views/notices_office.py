"""For the commissioner's log of decisions: the notice of one decision in Word, and one notice for a whole round."""

from flask import current_app, render_template, request

from awards import decisions, notices, round_notice
from awards.tables import Decision
from fund.core import files
from fund.core.navigation import audience_blueprint
from fund.core.pdf.as_html import as_html
from fund.core.pdf.as_word import as_word
from fund.core.pdf.document import draw
from fund.core.permissions import needs
from fund.rounds import load_round
from fund.tables import Round

blueprint = audience_blueprint("notices_office", __name__, "staff")
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _site() -> str:
    return current_app.config["SETTINGS"].public_url.rstrip("/")


@blueprint.route("/office/decisions/<key:decision_id>/notice.docx")
@needs("see_decision", decision=decisions.load_decision)
def notice_word(decision: Decision):
    """The same words as the page and the PDF, to go on writing in."""
    content = as_word(notices.notice_of(decision, _site()))
    return files.send(content, f"decision-notice-{decision.application.reference}.docx", WORD)


@blueprint.route("/office/rounds/<key:round_id>/decision-notice")
@needs("see_decisions", round=load_round)
def of_round(round: Round):
    """All decisions of a round as a page, or with ?format=docx or pdf as a file."""
    found = round_notice.decisions_of(round)
    state, wanted, name = round_notice.state_of(found), request.args.get("format", ""), f"decision-notice-{round.prefix}"  # fmt: skip
    document = round_notice.round_notice(round, found, _site()) if found else None
    if document and wanted == "docx":
        return files.send(as_word(document), f"{name}.docx", WORD)
    if document and wanted == "pdf":
        return files.send(draw(document), f"{name}.pdf", "application/pdf", inline=True)
    return render_template("awards/round_notice.html", round=round, state=state, notice_html=as_html(document) if document else "")  # fmt: skip
