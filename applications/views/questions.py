"""For applicants: one question on a page. Saved by a plain post, or by the page's script as one types."""

from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from sqlalchemy import select

from fund.core.clock import now, speak_moment
from fund.core.database import db
from fund.core.permissions import needs, signed_in
from fund.core.problems import NotYours, Problem, Stale
from fund.core.web import wants_json

from ..answers import changes_of, keep_theirs, save_answer, values_of
from ..applications import load_application
from ..caps import room_for
from ..collaborators import check_may_answer
from ..completeness import facts_for, gaps_of, warnings_of
from ..forms import AskedForm, AskedQuestion, asked_form, form_of
from ..open_pages import new_page, page_in
from ..place_needs import needs_beside
from ..question_types import show
from ..question_types.budget import total_of
from ..question_types.rows import Rows, asked_to_change_rows, with_rows_changed
from ..tables import Answer
from ..tracks import switched_sentence
from ..workflow import OPEN_TO_APPLICANT
from . import documents, voices
from .drafts import blueprint

TEXT_KINDS = ("text", "long_text")


def _question(application, key: str) -> tuple[AskedForm, AskedQuestion]:
    """The form and the question. One that the bid's track hides meanwhile can still be saved: no word is lost."""
    asked = form_of(application)
    question = asked.question(key)
    if question is None:
        asked = asked_form(application.form)
        question = asked.question(key)
    if question is None:
        raise NotYours()
    return asked, question


def _is_hidden(application, question: AskedQuestion) -> bool:
    return form_of(application).question(question.key) is None


@blueprint.route("/applications/<key:application_id>/questions/<word:key>", methods=["GET", "POST"])
@needs("write_application", application=load_application)
def question(application, key):
    asked, question = _question(application, key)
    check_may_answer(signed_in(), application, question.kind)
    if request.method == "POST":
        return _post(application, asked, question)
    if question.kind == "documents" and application.status in OPEN_TO_APPLICANT:
        return documents.page(application, asked, question)
    if application.status not in OPEN_TO_APPLICANT:
        return redirect(url_for(".show", application_id=application.id))
    answer = db.session.scalar(
        select(Answer).where(Answer.application_id == application.id, Answer.question_id == question.id)
    )
    value = answer.value if answer else None
    form = question.form_class(data=question.type.fill(value))
    form.version.data = str(answer.version if answer else 0)
    if "check" in request.args and value is not None:
        sentences = _sentences(application, question, value)
        if not sentences:
            return redirect(_after(application, asked, question, request.args.get("go")))
        for sentence in sentences:
            form.refuse(Problem(sentence, getattr(sentence, "field", "value")))
    return _page(application, asked, question, form, value)


def _post(application, asked: AskedForm, question: AskedQuestion):
    if question.kind == "documents":  # its files came by their own address; this is only the way on
        return redirect(_after(application, asked, question, request.form.get("go")))
    if asked_to_change_rows(request.form) and isinstance(question.type, Rows):
        form = question.form_class(with_rows_changed(request.form))
        return _page(application, asked, question, form, question.type.read(form), focus_last="add" in request.form)
    form = question.form_class()
    if not form.validate_on_submit():
        if wants_json():
            return jsonify(error=next((each["text"] for each in form.error_list()), "Look at what is marked.")), 422
        return _page(application, asked, question, form, None)
    value, track = question.type.read(form), application.track
    if request.form.get("keep") == "theirs":
        return _keep_theirs(application, question, form, value)
    try:
        version = save_answer(
            application, question, value, form.seen_version or 0, by=signed_in(), now=now(), page=page_in(request.form)
        )
    except Stale as stale:
        db.session.rollback()
        return _both(application, question, stale)
    except Problem as problem:
        if problem.status != 400:
            raise
        db.session.rollback()
        form.refuse(problem)
        return (
            (jsonify(error=problem.sentence), 422) if wants_json() else _page(application, asked, question, form, value)
        )
    # The address is made before the commit: after it the bid would have to be read again.
    now_asked = asked if _is_hidden(application, question) else form_of(application)
    address = _address_after_saving(application, now_asked, question, value)
    if application.track != track and not wants_json():
        flash(switched_sentence(application.track), "notice")
    db.session.commit()
    return jsonify(version=version, saved=speak_moment(now())) if wants_json() else redirect(address)


def _keep_theirs(application, question: AskedQuestion, form, value):
    """The text that stands stays, the other one goes into the history, and the page shows what stands."""
    here = url_for(
        ".question", application_id=application.id, key=question.key, theirs=1
    )  # the device forgets its text
    try:
        keep_theirs(application, question, value, form.seen_version or 0, by=signed_in(), now=now())
    except Stale as stale:
        db.session.rollback()
        return _both(application, question, stale)
    db.session.commit()
    flash("This text stands. The other one is in the history of the answer.", "success")
    return redirect(here)


def _address_after_saving(application, asked: AskedForm, question: AskedQuestion, value) -> str:
    """The next page; or this one again, which says what stands against the answer that was saved."""
    go = request.form.get("go")
    gaps = [] if value is None else gaps_of(question, facts_for(application, {question.key: value}))
    if go != "return" and (question.type.needs_cap or gaps):
        return url_for(".question", application_id=application.id, key=question.key, check=1, go=go)
    return _after(application, asked, question, go)


def _sentences(application, question: AskedQuestion, value) -> list[str]:
    """What stands against this answer by itself, and against the cap where it is about money."""
    sentences = gaps_of(question, facts_for(application, {"asked": application.requested_pence, question.key: value}))
    if question.type.needs_cap and question.key in ("asked", "budget"):
        room = room_for(application, value if question.key == "asked" else total_of(value))
        sentences += [room.sentence] if room.is_over else []
    return sentences


def _after(application, asked: AskedForm, question: AskedQuestion, go: str | None) -> str:
    if go == "return" or _is_hidden(application, question):
        return url_for(".show", application_id=application.id)
    if go == "check":
        return url_for(".check", application_id=application.id)
    values = values_of(application) if asked.waits else None
    following = asked.neighbours(question.key, values)[1]
    if following is None:
        return url_for(".check", application_id=application.id)
    return url_for(".question", application_id=application.id, key=following.key)


def money_beside(application, question: AskedQuestion, value) -> dict[str, Any]:
    """What stands under the thumb where money is typed: the room under the cap, and what the budget has to add up to."""
    if not question.type.needs_cap or question.key not in ("asked", "budget"):
        return {"room": None, "lines_pence": 0, "adds_up_to": None}
    is_budget = question.key == "budget"
    return {
        "room": room_for(application, total_of(value) if is_budget else (value or 0)),
        "lines_pence": total_of(value) if is_budget else 0,
        "adds_up_to": application.requested_pence if is_budget else None,
    }


def _page(application, asked, question, form, value, focus_last: bool = False):
    section = next(each for each in asked.sections if each.key == question.section_key)
    hidden = _is_hidden(application, question)
    values = values_of(application) if asked.waits else {}
    beside = [each for each in section.questions if each is question or each.is_asked(values)]
    facts = facts_for(
        application, {"asked": application.requested_pence, **({question.key: value} if value is not None else {})}
    )
    page = render_template(
        "applications/question.html",
        application=application,
        partnership=application.round.fund.partnership,
        asked=asked,
        question=question,
        section=section,
        place=beside.index(question) + 1,
        many=len(beside),
        form=form,
        page=page_in(request.form) or new_page(),
        needs=needs_beside(application.round, question),
        **money_beside(application, question, value),
        warnings=warnings_of(question, facts),
        before=None if hidden else asked.neighbours(question.key, values)[0],
        hidden=hidden,
        to_check=request.values.get("go") == "check",  # whoever came from there to change one answer goes back there
        focus_last=focus_last,
        voice=voices.part_for(application, question),
    )
    return voices.with_microphone(page) if question.may_be_spoken else page


def _both(application, question: AskedQuestion, stale: Stale):
    """Both texts side by side: keep mine, keep theirs, or join them (design rule 16). What is chosen comes from a new page."""
    theirs = stale.theirs
    if wants_json():
        return jsonify(error=stale.sentence, stale=True, version=theirs.version), 409
    of_the_page = ("csrf_token", "version", "go", "page", "turn", "keep")
    kept = [(name, text) for name, text in request.form.items(multi=True) if name not in of_the_page]
    is_text = question.kind in TEXT_KINDS
    page = render_template(
        "applications/both.html",
        application=application,
        partnership=application.round.fund.partnership,
        question=question,
        sentence=stale.sentence,
        theirs=show(question, theirs.value),
        mine=show(question, stale.yours),
        who=None if theirs.saved_by_id == signed_in().id else theirs.saved_by.name,
        page=new_page(),
        version=theirs.version,
        kept=kept,
        is_text=is_text,
        joined=f"{stale.yours or ''}\n\n{theirs.value or ''}".strip() if is_text else "",
    )
    return page, 409


@blueprint.route("/applications/<key:application_id>/questions/<word:key>/history")
@needs("read_application", application=load_application)
def history(application, key):
    """Who changed this answer, and what it said before."""
    _asked, question = _question(application, key)
    return render_template(
        "applications/history.html", application=application, partnership=application.round.fund.partnership, question=question,
        changes=changes_of(application, question), show=show,
    )  # fmt: skip
