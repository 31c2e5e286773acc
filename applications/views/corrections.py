"""For applicants: what the fund corrected in the questions since they began."""

from flask import render_template

from fund.core.permissions import needs

from ..applications import load_application
from ..corrections import corrections_since
from .drafts import blueprint


@blueprint.route("/applications/<key:application_id>/corrections")
@needs("read_application", application=load_application)
def corrections(application):
    return render_template(
        "applications/corrections.html", application=application, partnership=application.round.fund.partnership,
        corrections=corrections_since(application),
    )  # fmt: skip
