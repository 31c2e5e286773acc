"""What a round taught: the office writes and signs, everybody reads."""

from flask import flash, redirect, render_template, request, url_for

from fund.core.clock import now
from fund.core.database import db
from fund.core.permissions import needs, public, signed_in
from fund.core.problems import NotYours, Problem
from fund.tables import Round

from .. import learned
from ..forms import LearnedForm
from ..loading import load_round
from ..plain_words import remarks
from .office import blueprint, page
from .public import blueprint as public_blueprint


@public_blueprint.route("/rounds/<key:round_id>/what-we-learned")
@public
def what_we_learned(round_id):
    round = load_round(round_id)
    if round is None or not round.is_closed(now()) or not round.is_public():
        raise NotYours()
    note = learned.public_note(round)
    return render_template(
        "scoring/learned_public.html", round=round, partnership=round.fund.partnership, note=note,
        found=learned.learned_from(round) if note else None,
    )  # fmt: skip


@blueprint.route("/office/rounds/<key:round_id>/what-we-learned", methods=["GET", "POST"])
@needs("run_panel", round=load_round)
def write_learned(round: Round):
    """Write the words, see what could be plainer, sign."""
    note = learned.note_of(round)
    form = LearnedForm(obj=note) if note else LearnedForm()
    if form.validate_on_submit():
        try:
            sentence = _act(round, form)
        except Problem as problem:
            db.session.rollback()
            form.refuse(problem)
        else:
            db.session.commit()
            flash(sentence, "success")
            return redirect(url_for(".write_learned", round_id=round.id))
    return page(
        "scoring/learned.html", round, form=form, note=note, remarks=remarks(form.words.data), decided=learned.is_decided(round),
        found=learned.learned_from(round) if learned.is_decided(round) else None,
    )  # fmt: skip


def _act(round: Round, form: LearnedForm) -> str:
    moment, by = now(), signed_in()
    if request.form.get("do") == "take-back":
        learned.take_signature_back(round, by=by, now=moment)
        return "The page is not public any more."
    learned.write_note(round, form.words.data or "", seen_version=form.seen_version, by=by, now=moment)
    if request.form.get("do") == "sign":
        learned.sign_note(round, form.role.data or "", by=by, now=moment)
        return "Signed. Everybody can read it now."
    return "Saved. Nobody outside reads it before somebody signs."
