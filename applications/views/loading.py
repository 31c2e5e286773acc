"""What several pages load: a round that the public may see, and its form as one track asks it."""

from flask import request

from fund.core.problems import NotYours
from fund.rounds import load_round
from fund.tables import Round

from ..forms import AskedForm, asked_form, current_form


def public_round(key: int) -> Round:
    """A round that anybody may see. Raises NotYours for one that is being prepared or was cancelled."""
    round = load_round(key)
    if round is None or not round.is_public():
        raise NotYours()
    return round


def form_of_round(round: Round) -> AskedForm:
    """The newest form of a round. Raises NotYours while there is none."""
    form = current_form(round)
    if form is None:
        raise NotYours()
    return asked_form(form)


def chosen_track(whole: AskedForm) -> tuple[AskedForm, str | None]:
    """The form as ?form=short or ?form=full asks for it, and which of them that is; the whole form otherwise."""
    track = request.args.get("form")
    if whole.short_up_to_pence is None or track not in ("short", "full"):
        return whole, None
    return whole.view_for(None, track), track
