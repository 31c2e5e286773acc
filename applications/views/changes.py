"""For applicants: the one answer that the fund asks them to change, on a page of its own; nothing else of the bid opens.

What is written is kept by itself and by a button, as at any question; the sent answer changes only when it is sent.
"""

from flask import flash, jsonify, redirect, render_template, request, url_for

from fund.core.clock import now, speak_moment
from fund.core.database import db
from fund.core.permissions import needs, signed_in
from fund.core.problems import NotYours, Problem, Stale
from fund.core.web import wants_json

from .. import change_requests
from ..answers import values_of
from ..applications import load_application
from ..change_drafts import newest_draft, save_draft
from ..collaborators import check_may_answer
from ..forms import form_of
from ..open_pages import new_page, page_in
from ..place_needs import needs_beside
from ..question_types import show
from ..question_types.rows import Rows, asked_to_change_rows, with_rows_changed
from ..tables import ChangeRequest
from .drafts import blueprint
from .questions import money_beside


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
        return _closed(application, row, question)
    if request.method == "GET":
        draft = newest_draft(row)
        value = draft.value if draft else values_of(application).get(question.key)
        form = question.form_class(data=question.type.fill(value))
        form.version.data = str(draft.version if draft else 0)
        return _page(application, row, question, form, value, draft=draft)
    if asked_to_change_rows(request.form) and isinstance(question.type, Rows):
        form = question.form_class(with_rows_changed(request.form))
        return _page(application, row, question, form, question.type.read(form), focus_last="add" in request.form)
    form = question.form_class()
    if not form.validate_on_submit():
        if wants_json():
            return jsonify(error=next((each["text"] for each in form.error_list()), "Look at what is marked.")), 422
        return _page(application, row, question, form)
    return _keep_or_send(application, row, question, form)


def _keep_or_send(application, row: ChangeRequest, question, form):
    """Keep the draft, for the page's script and for the second button; or send the changed answer."""
    value, only_keep = question.type.read(form), wants_json() or request.form.get("go") == "return"
    try:
        version = save_draft(
            row, question, value, form.seen_version or 0, by=signed_in(), now=now(), page=page_in(request.form)
        )
        if not only_keep:
            seen = change_requests.version_of(application, question)
            change_requests.answer_change(row, application, value, seen, by=signed_in(), now=now())
    except Stale as stale:
        db.session.rollback()
        if wants_json():
            return jsonify(error=stale.sentence, stale=True, version=stale.theirs.version), 409
        form.version.data = str(stale.theirs.version)
        form.refuse(Problem(f"{stale.sentence} What was saved is below. Join the two, then send.", "value"))
        return _page(application, _request(application, row.id), question, form, value, theirs=show(question, stale.theirs.value))  # fmt: skip
    except Problem as problem:
        db.session.rollback()
        if wants_json():
            return jsonify(error=problem.sentence), 422
        form.refuse(Problem(problem.sentence, problem.field or "value"))
        return _page(application, _request(application, row.id), question, form, value)
    # The address is made before the commit: after it the bid would have to be read again.
    address = url_for(".show", application_id=application.id)
    db.session.commit()
    if wants_json():
        return jsonify(version=version, saved=speak_moment(now()))
    flash("What you wrote is kept. It is not sent yet." if only_keep else "Your changed answer is sent.", "success")
    return redirect(address)


def _closed(application, row: ChangeRequest, question):
    """Nothing is to be changed any more. Words that were on their way are shown, to be copied: they are in nobody's draft."""
    home = redirect(url_for(".show", application_id=application.id))
    if request.method == "GET":
        return home
    form = question.form_class()
    value = question.type.read(form) if form.validate_on_submit() else None
    if row.answered_at is not None and value == row.after:  # the button was pressed twice
        return jsonify(version=form.seen_version or 0) if wants_json() else home
    if row.answered_at is not None:
        sentence = f"{row.answered_by.name} sent this answer already, on {speak_moment(row.answered_at)}."
    else:
        sentence = "The fund does not ask for this change any more."
    if wants_json():
        return jsonify(error=sentence, stale=True, version=form.seen_version or 0), 409
    page = render_template(
        "applications/change_closed.html", application=application, partnership=application.round.fund.partnership,
        question=question, sentence=sentence, mine=show(question, value) if value is not None else None,
        stands=show(question, row.after) if row.after is not None else None,
    )  # fmt: skip
    return page, 409


def _page(
    application, row: ChangeRequest, question, form, value=None, *, draft=None, focus_last: bool = False, theirs=None
):
    return render_template(
        "applications/change.html", application=application, partnership=application.round.fund.partnership, request_=row,
        question=question, form=form, focus_last=focus_last, theirs=theirs, is_late=now() >= row.due_at, draft=draft,
        page=page_in(request.form) or new_page(), needs=needs_beside(application.round, question),
        **money_beside(application, question, value),
    )  # fmt: skip
