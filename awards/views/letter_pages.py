"""A letter as a page and as a PDF, for the people it is about and for staff."""

from flask import render_template

from awards import letters
from awards.letter_words import TITLES, document_of
from awards.tables import Letter
from fund.core import files
from fund.core.navigation import audience_blueprint
from fund.core.pdf.as_html import as_html
from fund.core.permissions import needs

blueprint = audience_blueprint("letters", __name__, "grantee")


@blueprint.route("/letters/<key:letter_id>")
@needs("read_letter", letter=letters.load_letter)
def show(letter: Letter):
    partnership = letter.application.round.fund.partnership
    return render_template(
        "awards/letter.html", letter=letter, title=TITLES[letter.kind], letter_html=as_html(document_of(letter.facts)),
        partnership=partnership,
    )  # fmt: skip


@blueprint.route("/letters/<key:letter_id>/pdf")
@needs("read_letter", letter=letters.load_letter)
def pdf(letter: Letter):
    """The stored bytes, as they were sent."""
    name = f"{letter.application.reference}-{letter.kind}-{letter.number}.pdf"
    return files.send(letter.pdf, name, "application/pdf", inline=True)
