"""For everybody: what the fund keeps about oneself, on a page and as a file."""

import io
import json
import zipfile
from datetime import date, datetime

from flask import current_app, render_template

from fund import people_data
from fund.core import files
from fund.core.clock import now
from fund.core.navigation import audience_blueprint
from fund.core.permissions import needs, signed_in
from fund.views.fresh import fresh_sign_in

blueprint = audience_blueprint("own_data", __name__, "public")
README = """What the Violence Prevention Fund keeps about you
==================================================

what-we-keep.json holds it by heading: any text program opens it, and other programs can read it.
Moments are in UTC. Bids and their papers belong to your organisation; its people can download them from the bid.
Codes and secrets that you sign in with are not in it.
"""


@blueprint.route("/account/data")
@needs("own_account")
def index():
    about = people_data.all_about(signed_in(), now=now())
    return render_template("account/data.html", about=about, settings=current_app.config["SETTINGS"])


@blueprint.route("/account/data/file")
@needs("own_account")
@fresh_sign_in
def file():
    """A ZIP with one JSON file and a page of words about it."""
    written = json.dumps(people_data.data_of(signed_in()), indent=1, ensure_ascii=False, default=_plain)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr("README.txt", README)
        pack.writestr("what-we-keep.json", written)
    return files.send(out.getvalue(), "what-we-keep-about-you.zip", "application/zip")


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime | date) else str(value)
