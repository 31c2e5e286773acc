"""For anybody who holds a letter: is it genuine, replaced or altered? Nothing is kept and nothing personal is shown."""

from flask import render_template, request

from awards import letters
from awards.forms import VerifyForm
from awards.tables.letters import LETTER_KINDS
from fund.core.navigation import audience_blueprint
from fund.core.permissions import public

blueprint = audience_blueprint("verify", __name__, "public")


@blueprint.route("/verify", methods=["GET", "POST"])
@public
def verify():
    form = VerifyForm()
    verdict = None
    if form.validate_on_submit():
        sent = request.files.get("file")
        if sent is not None and sent.filename:
            verdict = letters.verify_file(sent.stream.read())
        elif form.fingerprint.data:
            verdict = letters.verify_text(form.fingerprint.data)
        else:
            form.file.errors = ["Choose the PDF, or type its fingerprint"]
    return render_template("awards/verify.html", form=form, verdict=verdict, titles=LETTER_KINDS)
