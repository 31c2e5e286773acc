"""For the fund's office: the signals of a round and of one bid, and the answer to each."""

from flask import flash, redirect, render_template, request, url_for
from wtforms import RadioField

from fund.core.clock import now
from fund.core.database import db
from fund.core.forms import BaseForm, LongText, Required
from fund.core.permissions import may, needs, require, signed_in
from fund.core.problems import NotYours, Problem
from fund.rounds import load_round
from fund.tables import Round

from ..applications import load_application
from ..question_types.base import options
from ..sanctions.lists import current_list, warning_about
from ..signals import answering
from ..signals.kinds import KINDS
from ..tables.signals import SIGNAL_ANSWERS
from .office_list import blueprint

FILTERS = {"open": "To answer", "held": "Holding a bid", "answered": "Answered", "all": "All"}


def readable(shown: list[answering.Shown]) -> list[answering.Shown]:
    """Those of which the reader may read both bids: some staff have one round only."""
    person, known = signed_in(), {}

    def may_read(bid) -> bool:
        if bid is not None and bid.round_id not in known:
            known[bid.round_id] = may(person, "read_applications", bid)
        return bid is None or known[bid.round_id]

    return [each for each in shown if may_read(each.signal.application) and may_read(each.signal.other)]


@blueprint.route("/office/rounds/<key:round_id>/signals")
@needs("read_applications", round=load_round)
def signals(round: Round):
    """Everything the bids of a round have in common with bids of others, what holds a bid first."""
    wanted = request.args.get("show", "open")
    wanted = wanted if wanted in FILTERS else "open"
    kind = request.args.get("kind", "")
    found = readable(answering.signals_in(round))
    keep = {
        "open": lambda each: each.is_open, "held": lambda each: each.holds, "answered": lambda each: not each.is_open,
        "all": lambda each: True,
    }[wanted]  # fmt: skip
    partnership = round.fund.partnership
    return render_template(
        "applications/office/signals.html",
        round=round,
        rows=[each for each in found if keep(each) and kind in ("", each.signal.kind)],
        total=len(found),
        left=sum(each.answer is None for each in found),
        filters=[
            {"name": "show", "label": "Which", "value": wanted, "options": tuple(FILTERS.items())},
            {"name": "kind", "label": "Kind", "value": kind, "options": [("", "All"), *((each.key, each.title) for each in KINDS.values())]},
        ],
        answers=SIGNAL_ANSWERS,
        list_warning=warning_about(current_list(partnership.id), now()),
    )  # fmt: skip


class AnswerForm(BaseForm):
    answer = RadioField("Your answer", choices=options(SIGNAL_ANSWERS.items()), validate_choice=False)
    reason = LongText(
        "Because",
        [Required("Say why, in a few words that another officer understands")],
        description="Write what you looked at and whom you asked. Neither group reads it, and neither is told of the other.",
        rows=4,
    )


@blueprint.route("/office/applications/<key:application_id>/signals/<key:signal_id>", methods=["GET", "POST"])
@needs("read_applications", application=load_application)
def signal(application, signal_id):
    """One signal with both sides; fund officers and heads of fund answer it."""
    shown = answering.signal_of(application, signal_id)
    if shown is None or not readable([shown]):
        raise NotYours()
    form = AnswerForm()
    if request.method == "POST":
        require(signed_in(), "screen_application", application)
    if form.validate_on_submit():
        try:
            answering.answer_signal(shown, form.answer.data or "", form.reason.data, by=signed_in(), now=now())
        except Problem as problem:
            if problem.status in (403, 409):
                raise
            db.session.rollback()
            form.refuse(problem)
        else:
            db.session.commit()
            flash("Your answer is kept.", "success")
            return redirect(url_for(".show", application_id=application.id))
    return render_template(
        "applications/office/signal.html",
        application=application,
        round=application.round,
        shown=shown,
        form=form,
        answers=SIGNAL_ANSWERS,
        history=answering.history_of(shown),
        may_answer=may(signed_in(), "screen_application", application),
    )
