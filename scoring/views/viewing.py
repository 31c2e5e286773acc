"""One page for each bid, for young and lived-experience members: plain words, four pictures, a sentence."""

from flask import flash, redirect, render_template, request, url_for

from fund.core.clock import now
from fund.core.database import db
from fund.core.forms import clean
from fund.core.permissions import needs, signed_in
from fund.core.problems import Problem, Stale, WrongMoment

from .. import bid
from ..blind import mask, names_in
from ..conflicts import declare_beside
from ..forms import EmptyForm, ReasonForm
from ..opinions import BY_ANSWER, PICTURES, load_view, not_said, save_view, views_by_round
from ..tables import BidView
from ..view_pictures import face
from .assessing import blueprint

FIRST = 4  # answers that stand open on the page: what it is, why, and what they will do; the others are one press away


@blueprint.route("/assessing/views/<key:view_id>", methods=["GET", "POST"])
@needs("give_view", view=load_view)
def view(view: BidView):
    application, form, problems = view.application, EmptyForm(), []
    mine = views_by_round(signed_in())[application.round_id]
    if any(not each.declared for each in mine):
        flash("Before you open a bid, say for each whether you have a conflict of interest.", "notice")
        return redirect(url_for(".declare", round_id=application.round_id))
    if application.status == "eligible":
        raise WrongMoment("Scoring of this bid has not started yet.")
    if form.validate_on_submit():
        try:
            _save(view)
        except Problem as problem:
            if isinstance(problem, WrongMoment) and application.status != "in_scoring":
                raise
            db.session.rollback()
            problems = [problem] if isinstance(problem, WrongMoment) else not_said(*_sent()) or [problem]
        else:
            db.session.commit()
            return redirect(_next(view, mine))
    names = names_in(application)
    answers = [(each.text, mask(each.value, names)) for each in bid.answers_of(application) if each.kind == "long_text"]
    sent = request.form if form.is_submitted() else {}
    return render_template(
        "scoring/view.html", view=view, application=application, round=application.round, form=form, problems=problems,
        partnership=application.round.fund.partnership, title=mask(application.title or "", names), has_errors=bool(problems),
        answers=answers[:FIRST], more=answers[FIRST:], pictures=[(each, face(each.answer)) for each in PICTURES],
        before=BY_ANSWER.get(view.answer or 0) if any(isinstance(each, Stale) for each in problems) else None,
        chosen=sent.get("answer", str(view.answer or "")), reason=sent.get("reason", view.reason or ""),
        place=[each.id for each in mine].index(view.id) + 1, whole=len(mine), open=application.status == "in_scoring",
    )  # fmt: skip


@blueprint.route("/assessing/views/<key:view_id>/conflict", methods=["GET", "POST"])
@needs("give_view", view=load_view)
def view_conflict(view: BidView):
    """They know somebody in the group: the view does not count, and the bid closes to them."""
    form, application = ReasonForm(), view.application
    if form.validate_on_submit():
        try:
            declare_beside(view.seat, application, True, form.reason.data, by=signed_in(), now=now())
        except Problem as problem:
            db.session.rollback()
            problem.field = "reason"
            form.refuse(problem)
        else:
            db.session.commit()
            flash("Thank you for telling us. This bid is closed to you now.", "success")
            return redirect(url_for(".index"))
    return render_template(
        "scoring/conflict_late.html", form=form, application=application, title=mask(application.title or "", names_in(application)),
        blind=True, partnership=application.round.fund.partnership, back=url_for(".view", view_id=view.id),
    )  # fmt: skip


def _sent() -> tuple[int | None, str]:
    """The picture that was chosen and the sentence."""
    answer = request.form.get("answer", "")
    return int(answer) if answer in ("1", "2", "3", "4") else None, clean(request.form.get("reason", ""))


def _save(view: BidView) -> None:
    version = request.form.get("version", "")
    save_view(
        view, *_sent(),
        seen_version=int(version) if version.isdecimal() and len(version) < 9 else None, by=signed_in(), now=now(),
    )  # fmt: skip


def _next(view: BidView, mine) -> str:
    """The next bid without a view, else the list."""
    following = next((each.id for each in mine if each.id != view.id and each.answer is None and each.is_open), None)
    if following is None:
        flash("Thank you. You have said what you think about every bid.", "success")
        return url_for(".index")
    flash("Thank you. Here is the next one.", "success")
    return url_for(".view", view_id=following)
