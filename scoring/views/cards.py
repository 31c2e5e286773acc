"""An officer writes a new version of an evidence card."""

from flask import flash, redirect, render_template, url_for

from fund.core.clock import now
from fund.core.database import db
from fund.core.permissions import needs, signed_in
from fund.core.problems import Problem

from ..card_versions import EDITABLE, revise_card
from ..evidence import toolkit_name
from ..forms import CardForm
from ..loading import load_card
from ..tables import EvidenceCard
from .office import blueprint


@blueprint.route("/office/evidence/<key:card_id>", methods=["GET", "POST"])
@needs("edit_cards", card=load_card)
def card(card: EvidenceCard):
    form = CardForm(data={name: getattr(card, name) for name in EDITABLE} | {"flag": card.flag or ""})
    if form.validate_on_submit():
        try:
            row = revise_card(card, form.facts(), by=signed_in(), now=now())
        except Problem as problem:
            db.session.rollback()
            form.refuse(problem)
        else:
            db.session.commit()
            flash(f"Version {row.number} is in force. Bids whose scoring has begun keep the version before.", "success")
            return redirect(url_for("scoring_public.card", card_id=row.id))
    return render_template("scoring/card_edit.html", card=card, form=form, toolkit=toolkit_name(card))
