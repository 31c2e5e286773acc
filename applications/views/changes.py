"""For applicants: the one answer that the fund asks them to change, on a page of its own; nothing else of the bid opens."""

from flask import flash, redirect, render_template, request, url_for

from fund.core.clock import now
from fund.core.database import db
from fund.core.permissions import needs, signed_in
from fund.core.problems import NotYours, Problem, Stale

from .. import change_requests
from ..answers import values_of
from ..applications import load_application
from ..collaborators import check_may_answer
from ..forms import form_of
from ..question_types import show
from ..question_types.rows import Rows, asked_to_change_rows, with_rows_changed
from ..tables import ChangeRequest
from .drafts import blueprint


def _request(application, request_id: int) -> ChangeRequest:
    row = db.session.get(ChangeRequest, request_id)
    if row is None or row.application_id != application.id or row.question_id not in form_of(application).by_id:
        raise NotYours()
    return row


@blueprint.route("/applications/<key:application_id>/changes/<key:request_id>", methods=["GET", "POST"])
@needs("write_application", application=load_application)
def change(application, request_id):
    row = _request(application, request_id)
    question = form_of(application).by_id[row.question_id]
    check_may_answer(signed_in(), application, question.kind)
    if row.answered_at is not None or row.cancelled_at is not None or application.status != "submitted":
        return redirect(url_for(".show", application_id=application.id))
    if request.method == "GET":
        form = question.form_class(data=question.type.fill(values_of(application).get(question.key)))
        form.version.data = str(change_requests.version_of(application, question))
        return _page(application, row, question, form)
    if asked_to_change_rows(request.form) and isinstance(question.type, Rows):
        return _page(
            application, row, question, question.form_class(with_rows_changed(request.form)), "add" in request.form
        )
    form = question.form_class()
    if form.validate_on_submit():
        try:
            value = question.type.read(form)
            change_requests.answer_change(row, application, value, form.seen_version or 0, by=signed_in(), now=now())
        except Stale as stale:
            db.session.rollback()
            theirs = show(question, stale.theirs.value)
            form.version.data = str(stale.theirs.version)
            form.refuse(Problem(f"{stale.sentence} What they wrote is below. Join the two, then send.", "value"))
            return _page(application, _request(application, request_id), question, form, theirs=theirs)
        except Problem as problem:
            db.session.rollback()
            form.refuse(Problem(problem.sentence, problem.field or "value"))
            row = _request(application, request_id)
        else:
            db.session.commit()
            flash("Your changed answer is sent.", "success")
            return redirect(url_for(".show", application_id=application.id))
    return _page(application, row, question, form)


def _page(application, row: ChangeRequest, question, form, focus_last: bool = False, theirs=None):
    return render_template(
        "applications/change.html", application=application, partnership=application.round.fund.partnership, request_=row,
        question=question, form=form, focus_last=focus_last, theirs=theirs, is_late=now() >= row.due_at,
    )  # fmt: skip
