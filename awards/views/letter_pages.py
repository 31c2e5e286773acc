"""A letter as a page and as a PDF, for the people it is about and for staff."""

from flask import render_template

from awards import letters, offers
from awards.letter_words import TITLES, document_of
from awards.permissions import is_grantee
from awards.tables import Letter
from fund.core import files
from fund.core.navigation import audience_blueprint, serve_as
from fund.core.pdf.as_html import as_html
from fund.core.permissions import needs, signed_in
from fund.roles import is_staff

blueprint = audience_blueprint("letters", __name__, "grantee")


@blueprint.route("/letters/<key:letter_id>")
@needs("read_letter", letter=letters.load_letter)
def show(letter: Letter):
    """Staff read it in the office, everybody else among their own pages."""
    office = not is_grantee(signed_in(), letter) and bool(is_staff(signed_in(), letter))
    if office:
        serve_as("staff")
    partnership = letter.application.round.fund.partnership
    return render_template(
        "awards/letter.html", letter=letter, title=TITLES[letter.kind], letter_html=as_html(document_of(letter.facts)),
        partnership=partnership, layout="layouts/staff.html" if office else "layouts/grantee.html", office=office,
        award=offers.award_of(letter.application),
    )  # fmt: skip


@blueprint.route("/letters/<key:letter_id>/pdf")
@needs("read_letter", letter=letters.load_letter)
def pdf(letter: Letter):
    """The stored bytes, as they were sent."""
    name = f"{letter.application.reference}-{letter.kind}-{letter.number}.pdf"
    return files.send(letter.pdf, name, "application/pdf", inline=True)
