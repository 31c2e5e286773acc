"""The decision pack: one button makes it, the history keeps every one with its SHA-256, the page says how far it is."""

from flask import flash, redirect, request, url_for

from fund.core import files
from fund.core.clock import now
from fund.core.database import db
from fund.core.permissions import may, needs, require, signed_in
from fund.core.problems import NotYours, Problem
from fund.tables import Round

from ..forms import PackForm
from ..loading import load_round
from ..pack import keeping
from ..tables.packs import PACK_STATES
from .office import blueprint, page


@blueprint.route("/office/rounds/<key:round_id>/decision-pack", methods=["GET", "POST"])
@needs("read_pack", round=load_round)
def decision_pack(round: Round):
    form = PackForm()
    if form.validate_on_submit():
        require(signed_in(), "make_pack", round)
        try:
            strike = keeping.words_to_strike(form.strike.data or "")
            pack = keeping.ask_for_pack(round, redacted=request.form.get("do") == "redacted", strike=strike, by=signed_in(), now=now())  # fmt: skip
            if keeping.is_small(round):
                keeping.make_pack(pack, now=now())
        except Problem as problem:
            db.session.rollback()
            form.refuse(problem)
        else:
            db.session.commit()
            flash("The pack is ready." if pack.file_id else "The pack is being made. This page says how far it is.", "success")  # fmt: skip
            return redirect(url_for(".decision_pack", round_id=round.id))
    packs = keeping.packs_of(round)
    busy = next((each for each in packs if each.state in ("waiting", "building")), None)
    return page("scoring/decision_pack.html", round, form=form, packs=packs, busy=busy, states=PACK_STATES, may_make=may(signed_in(), "make_pack", round))  # fmt: skip


@blueprint.route("/office/rounds/<key:round_id>/decision-pack/<key:pack_id>")
@needs("read_pack", round=load_round)
def pack_file(round: Round, pack_id):
    """One pack as it was kept."""
    pack = keeping.pack_in(round, pack_id)
    if pack is None or pack.file is None:
        raise NotYours()
    return files.send(files.read(pack.file), pack.file.name, "application/pdf", inline=True)
