"""For everybody: how accessible the site is, what it keeps about people, and whom to ask."""

from flask import current_app, render_template
from sqlalchemy import select

from fund.core.database import db
from fund.core.navigation import audience_blueprint
from fund.core.permissions import public
from fund.tables import Partnership

blueprint = audience_blueprint("information", __name__, "public")


def _partnerships() -> list[Partnership]:
    return list(db.session.scalars(select(Partnership).order_by(Partnership.name)))


@blueprint.route("/accessibility")
@public
def accessibility():
    return render_template("pages/accessibility.html", partnerships=_partnerships())


@blueprint.route("/privacy")
@public
def privacy():
    settings = current_app.config["SETTINGS"]
    return render_template("pages/privacy.html", partnerships=_partnerships(), settings=settings)


@blueprint.route("/contact")
@public
def contact():
    return render_template("pages/contact.html", partnerships=_partnerships())


@blueprint.route("/complaints")
@public
def complaints():
    """The route that letters name: whom to write to, who looks at it, how long it takes."""
    return render_template("pages/complaints.html", partnerships=_partnerships())
