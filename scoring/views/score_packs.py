"""Score packs: take the bids along as a Word file, bring the marks back, look at them, keep them."""

from flask import flash, redirect, render_template, request, url_for

from fund.core import files
from fund.core.clock import now
from fund.core.database import db
from fund.core.permissions import needs, signed_in
from fund.core.problems import NotYours, Problem, Stale
from fund.tables import Round

from .. import score_packs, scores
from ..calibration import comes_first_for
from ..conflicts import has_undeclared
from ..criteria import criteria_of
from ..forms import EmptyForm
from ..loading import load_round
from ..panels import seat_in
from ..tables import Seat
from .assessing import blueprint
from .meeting import WORD
from .typed import typed_in


def _seat(round: Round) -> Seat:
    seat = seat_in(signed_in(), round.id)
    if seat is None:
        raise NotYours()
    return seat


@blueprint.route("/assessing/rounds/<key:round_id>/score-pack", methods=["GET", "POST"])
@needs("declare_conflicts", round=load_round)
def score_pack(round: Round):
    """Download, upload, and look at what the file says beside what is online."""
    seat, form, problems, found = _seat(round), EmptyForm(), [], []
    if has_undeclared(seat):
        flash("Before you open a bid, say for each whether you have a conflict of interest.", "notice")
        return redirect(url_for(".declare", round_id=round.id))
    if comes_first_for(seat):
        flash("Score the calibration bid first. It counts for nothing; the other bids open after it.", "notice")
        return redirect(url_for(".calibrate", round_id=round.id))
    readings, criteria = score_packs.open_readings(seat), criteria_of(round)
    if form.validate_on_submit():
        try:
            if request.form.get("do") == "keep":
                kept = _keep(readings, criteria)
                db.session.commit()
                flash(f"{kept} {'score is' if kept == 1 else 'scores are'} kept. Finish each bid online.", "success")
                return redirect(url_for(".index"))
            file = request.files.get("files")
            if file is None or not file.filename:
                raise Problem("Choose the file that you filled in", "files")
            found = score_packs.compare(score_packs.read_pack(file.read(), file.filename), readings, criteria)
            if not found:
                raise Problem("None of the bids in this file is yours to score now", "files")
        except Problem as problem:
            db.session.rollback()
            problems = [problem]
    return render_template("scoring/score_pack.html", round=round, partnership=round.fund.partnership, form=form, readings=readings, found=found, problems=problems, has_errors=bool(problems))  # fmt: skip


def _keep(readings, criteria) -> int:
    """Keep what was chosen on the check screen, all of it or nothing. Raises Problem when online moved on since it was shown."""
    kept, moment = 0, now()
    for reading in readings:
        stored = scores.scores_of(reading)
        for each in criteria:
            field = f"{reading.id}-{each.id}"
            if request.form.get(f"take-{field}") != "file":
                continue
            given = typed_in(request.form, field)
            if given.problem:
                raise Problem(given.problem.sentence, "files")
            try:
                scores.save_score(
                    reading, each, mark=given.mark, reason=given.reason, not_applicable=given.not_applicable,
                    seen_version=given.version or 0, by=signed_in(), now=moment, stored=stored,
                )  # fmt: skip
            except Stale as moved:
                raise Problem(
                    f"You changed “{each.title}” of {reading.application.reference} online while you looked at this. "
                    "Nothing of the file is kept. Upload it again: both texts are shown then.", "files",
                ) from moved  # fmt: skip
            kept += 1
    return kept


@blueprint.route("/assessing/rounds/<key:round_id>/score-pack/file")
@needs("declare_conflicts", round=load_round)
def score_pack_file(round: Round):
    """The Word file with every bid that is to be scored."""
    seat = _seat(round)
    if has_undeclared(seat):
        return redirect(url_for(".declare", round_id=round.id))
    if comes_first_for(seat):
        return redirect(url_for(".calibrate", round_id=round.id))
    content = score_packs.pack_for(round, score_packs.open_readings(seat), criteria_of(round), now())
    return files.send(content, f"score-pack-{round.prefix}.docx", WORD)
