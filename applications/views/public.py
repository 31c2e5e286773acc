"""For everybody, before any sign-in: all questions of a round, and five questions that say whether you can apply."""

import re
from typing import Any

from flask import redirect, render_template, request, url_for

from fund.core.clock import now
from fund.core.navigation import audience_blueprint
from fund.core.permissions import public

from ..forms import AskedForm
from .loading import chosen_track, form_of_round, public_round

blueprint = audience_blueprint("applications_public", __name__, "public")


@blueprint.route("/rounds/<key:round_id>/questions")
@public
def questions(round_id):
    """Every question with its help and example, to read and collect answers before starting."""
    round = public_round(round_id)
    whole = form_of_round(round)
    asked, track = chosen_track(whole)
    return render_template(
        "applications/questions.html",
        round=round,
        whole=whole,
        track=track,
        asked=asked,
        partnership=round.fund.partnership,
        is_open=round.is_open(now()),
    )


@blueprint.route("/rounds/<key:round_id>/can-you-apply")
@public
def can_you_apply(round_id):
    """One question a page. The answers so far travel in the address: ?so-far=yyn&answer=y; nothing is kept."""
    round = public_round(round_id)
    asked = form_of_round(round)
    so_far = request.args.get("so-far", "")
    if not re.fullmatch(r"[yn]{0,20}", so_far) or len(so_far) > len(asked.eligibility):
        so_far = ""
    answer = request.args.get("answer")
    if answer in ("y", "n") and len(so_far) < len(asked.eligibility):
        further: dict[str, Any] = {"so-far": so_far + answer}  # with a hyphen, so it has no name as an argument
        return redirect(url_for(".can_you_apply", round_id=round.id, **further))
    verdict, question = _verdict(asked, so_far)
    return render_template(
        "applications/can_you_apply.html",
        round=round,
        partnership=round.fund.partnership,
        asked=asked,
        so_far=so_far,
        number=len(so_far) + 1,
        question=question,
        verdict=verdict,
        missing="next" in request.args and answer is None,
        is_open=round.is_open(now()),
    )


def _verdict(asked: AskedForm, so_far: str):
    """("no" or "talk", its question) at the first answer that ends it; ("yes", None) at the end; else (None, next question)."""
    for question, given in zip(asked.eligibility, so_far, strict=False):
        if (given == "y") != question["good"]:
            return question["ends"], question
    if len(so_far) == len(asked.eligibility):
        return "yes", None
    return None, asked.eligibility[len(so_far)]
