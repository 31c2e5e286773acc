"""For the fund's office: the signals of a round and of one bid, and the answer to each."""

from flask import flash, redirect, render_template, request, url_for
from wtforms import RadioField

from fund.core.clock import now
from fund.core.database import db
from fund.core.forms import BaseForm, LongText, Required
from fund.core.pages import as_csv, page_from, sort_from
from fund.core.permissions import may, needs, require, signed_in
from fund.core.problems import NotYours, Problem
from fund.rounds import load_round
from fund.tables import Round

from ..applications import load_application
from ..question_types.base import options
from ..sanctions.lists import current_list, warning_about
from ..signals import answering, listing
from ..signals.kinds import KINDS
from ..tables import Signal
from ..tables.signals import SIGNAL_ANSWERS
from .office_list import blueprint


def readable(shown: list[answering.Shown]) -> list[answering.Shown]:
    """Those of which the reader may read both bids: some staff have one round only."""
    person, known = signed_in(), {}

    def may_read(bid) -> bool:
        if bid is not None and bid.round_id not in known:
            known[bid.round_id] = may(person, "read_applications", bid)
        return bid is None or known[bid.round_id]

    return [each for each in shown if may_read(each.signal.application) and may_read(each.signal.other)]


def _wanted() -> listing.Wanted:
    """What the address asks for; what it asks for and is not offered is left out."""
    asked = {name: request.args.get(name, "").strip()[:100] for name in ("show", "kind", "q")}
    return listing.Wanted(
        show=asked["show"] if asked["show"] in listing.FILTERS else "open",
        kind=asked["kind"] if asked["kind"] in KINDS else "",
        words=asked["q"],
    )


@blueprint.route("/office/rounds/<key:round_id>/signals")
@needs("read_applications", round=load_round)
def signals(round: Round):
    """Everything the bids of a round have in common with bids of others, what holds a bid first. ?format=csv takes it away."""
    wanted, here = _wanted(), listing.in_round(round, signed_in(), now=now())
    sort = sort_from(listing.SORTS, "state")
    query = sort.apply(listing.listed(here, wanted), Signal.id)
    if request.args.get("format") == "csv":
        lines = (listing.line_of(answering.Shown(*row)) for row in db.session.execute(query))
        return as_csv(f"signals-of-round-{round.id}", listing.HEADERS, lines)
    page = page_from(query)
    total, left = listing.counted(here)
    return render_template(
        "applications/office/signals.html",
        round=round,
        page=page,
        rows=[answering.Shown(*row) for row in page.rows],
        total=total,
        left=left,
        filtered=bool(wanted.kind or wanted.words),
        filters=[
            {"name": "q", "label": "Reference or organisation", "value": wanted.words},
            {"name": "show", "label": "Which", "value": wanted.show, "options": tuple(listing.FILTERS.items())},
            {"name": "kind", "label": "Kind", "value": wanted.kind, "options": [("", "All"), *((each.key, each.title) for each in KINDS.values())]},
        ],
        sort=f"-{sort.key}" if sort.descending else sort.key,
        list_warning=warning_about(current_list(round.fund.partnership_id), now()),
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
