"""For the fund's office: the form as applicants will see it, question by question, at desktop and at phone width."""

from typing import Any

from flask import make_response, render_template, request, url_for
from wtforms import RadioField, SelectField

from fund.core.forms import BaseForm
from fund.core.permissions import needs
from fund.core.problems import NotYours
from fund.core.web import FRAMED_POLICY
from fund.rounds import load_round
from fund.strategies.legal_form import legal_form_keys, legal_forms
from fund.tables import Round

from ..form_design import live_choices
from ..forms import AskedForm, asked_form, newest_form
from ..place_needs import needs_beside
from ..question_types.base import options
from .office_list import blueprint

WIDTHS = {"desktop": "Wide screen", "phone": "Phone"}
TRACKS = {"full": "The full form", "short": "The short form"}


class AsWhomForm(BaseForm):
    """Sent by GET, so that a preview has an address of its own."""

    legal_form = SelectField("As which kind of organisation?", choices=options((each.key, each.label) for each in legal_forms()), validate_choice=False)  # fmt: skip
    track = RadioField("Which form?", choices=options(TRACKS.items()), validate_choice=False)
    width = RadioField("How wide?", choices=options(WIDTHS.items()), validate_choice=False)


def _seen_as(round: Round) -> tuple[AskedForm, dict[str, Any]]:
    """The form as the chosen kind of organisation sees it, and what was chosen."""
    form = newest_form(round)
    if form is None:
        raise NotYours()
    whole = asked_form(form)
    chosen: dict[str, Any] = {name: request.args.get(name, "") for name in ("legal_form", "track", "width")}
    if chosen["legal_form"] not in legal_form_keys():
        chosen["legal_form"] = "cio"
    if chosen["track"] not in TRACKS or whole.short_up_to_pence is None:
        chosen["track"] = "full"
    if chosen["width"] not in WIDTHS:
        chosen["width"] = "desktop"
    return whole.view_for(chosen["legal_form"], chosen["track"]), chosen


@blueprint.route("/office/rounds/<key:round_id>/form/preview")
@needs("see_form", round=load_round)
def preview_form(round: Round):
    """What the chosen kind of organisation is asked, part by part; every question leads to its preview."""
    asked, chosen = _seen_as(round)
    form = AsWhomForm(formdata=None, data=chosen, meta={"csrf": False})
    return render_template(
        "applications/office/preview_form.html", round=round, asked=asked, form=form, chosen=chosen,
        two_tracks=asked.short_up_to_pence is not None,
    )  # fmt: skip


@blueprint.route("/office/rounds/<key:round_id>/form/questions/<key:question_id>/preview")
@needs("see_form", round=load_round)
def preview(round: Round, question_id: int):
    """The question as applicants will see it; nothing can be sent from here. ?width=phone shows it in a narrow frame."""
    asked, chosen = _seen_as(round)
    whole = asked_form(newest_form(round))
    shown = asked.by_id.get(question_id) or whole.by_id.get(question_id)
    if shown is None:
        raise NotYours()
    framed = "framed" in request.args
    if chosen["width"] == "phone" and not framed:
        inside = url_for(".preview", round_id=round.id, question_id=question_id, framed=1, **chosen)
        return render_template("applications/office/preview_phone.html", round=round, question=shown, inside=inside, chosen=chosen)  # fmt: skip
    if shown.settings.get("choices") == "live":
        shown.settings = {**shown.settings, "choices": live_choices(shown, round)}
    page = make_response(render_template(
        "applications/office/preview.html",
        round=round,
        partnership=round.fund.partnership,
        question=shown,
        form=shown.form_class(formdata=None, data=shown.type.fill(None)),
        who=whole.who_is_asked(whole.by_id[question_id]),
        beside=asked.neighbours(shown.key) if shown.key in asked.by_key else (None, None),
        chosen=chosen,
        needs=needs_beside(round, shown),
        framed=framed,
    ))  # fmt: skip
    if framed:
        page.headers["Content-Security-Policy"] = FRAMED_POLICY
    return page
