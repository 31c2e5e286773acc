"""For applicants: the page of a question that asks for documents. Plain form posts; a script adds progress."""

from flask import flash, jsonify, redirect, render_template, request, url_for
from wtforms import BooleanField, MultipleFileField, SelectField

from fund.core import files
from fund.core.clock import now, today
from fund.core.database import db
from fund.core.forms import BaseForm
from fund.core.permissions import needs, signed_in
from fund.core.problems import NotYours, Problem
from fund.core.uploads import ACCEPT
from fund.core.web import wants_json
from fund.papers import papers_for

from .. import documents
from ..applications import load_application
from ..forms import form_of
from ..question_types.documents import label_of
from .drafts import blueprint


class DocumentsForm(BaseForm):
    kind = SelectField("What is it?", validate_choice=False)
    files = MultipleFileField("Files", description="PDF, Word, Excel, OpenDocument, photo or plain text")
    keep = BooleanField("Keep it for our next bid too", default=True)


def page(application, asked, question, form: DocumentsForm | None = None, status: int = 200):
    """The question's page: what is asked of this organisation, what is there, and a form to add more."""
    legal_form, here = application.organisation.legal_form, documents.documents_of(application, question)
    papers = papers_for(legal_form)
    form = form or DocumentsForm()
    form.kind.choices = [("", "Choose one"), *((paper.key, paper.label_for(legal_form)) for paper in papers)]
    section = next(each for each in asked.sections if each.key == question.section_key)
    answered = render_template(
        "applications/documents.html",
        application=application,
        partnership=application.round.fund.partnership,
        question=question,
        section=section,
        place=section.questions.index(question) + 1,
        before=asked.neighbours(question.key)[0],
        form=form,
        here=here,
        have={document.kind for document in here if not document.file.is_infected},
        papers=[(paper, paper.label_for(legal_form), paper.hint_for(legal_form)) for paper in papers if paper.key != "other"],
        ready=documents.ready_policies(application, here, signed_in(), today(now())),
        label_of=label_of,
        accept=ACCEPT,
    )  # fmt: skip
    return answered, status


def _asked(application, key: str):
    asked = form_of(application)
    question = asked.question(key)
    if question is None or question.kind != "documents":
        raise NotYours()
    return asked, question


def _here(application, question):
    return redirect(url_for(".question", application_id=application.id, key=question.key))


@blueprint.route("/applications/<key:application_id>/questions/<word:key>/documents", methods=["POST"])
@needs("write_application", application=load_application)
def add_documents(application, key):
    """Add one file or several. Those that are good stay, whatever is wrong with the one beside them."""
    asked, question = _asked(application, key)
    form, added = DocumentsForm(), []
    given = [each for each in request.files.getlist("files") if each.filename]
    if not form.validate_on_submit():
        return page(application, asked, question, form, 400)
    if not given:
        form.refuse(Problem("Choose one file or more", "files"))
    for each in given:
        try:
            with db.session.begin_nested():
                added.append(_add(application, question, form, each))
        except Problem as problem:
            if problem.status != 400:
                raise
            form.refuse(problem)
    db.session.commit()
    if wants_json():
        sentences = [each["text"] for each in form.error_list()]
        return jsonify(added=[document.id for document in added], errors=sentences), 422 if sentences else 200
    if form.errors or form.form_errors:
        return page(application, asked, question, form)
    flash("The paper is added." if len(added) == 1 else f"{len(added)} papers are added.", "success")
    return _here(application, question)


def _add(application, question, form, each):
    return documents.add_document(
        application, question, form.kind.data or "", each.read(), each.filename, by=signed_in(), now=now(), keep=form.keep.data
    )  # fmt: skip


@blueprint.route("/applications/<key:application_id>/questions/<word:key>/documents/kept", methods=["POST"])
@needs("write_application", application=load_application)
def use_kept(application, key):
    """Use the papers that the organisation keeps."""
    _form, question = _asked(application, key)
    try:
        used = documents.use_policies(application, question, by=signed_in(), now=now())
    except Problem as problem:
        db.session.rollback()
        flash(problem.sentence, "error")
    else:
        db.session.commit()
        flash("1 paper is added." if len(used) == 1 else f"{len(used)} papers are added.", "success")
    return _here(application, question)


@blueprint.route(
    "/applications/<key:application_id>/questions/<word:key>/documents/<key:document_id>/remove", methods=["POST"]
)
@needs("write_application", application=load_application)
def remove_document(application, key, document_id):
    _form, question = _asked(application, key)
    document = documents.document_of(application, document_id)
    if document is None or document.question_id != question.id:
        raise NotYours()
    documents.remove_document(application, question, document, by=signed_in(), now=now())
    db.session.commit()
    flash("The paper is taken out.", "success")
    return _here(application, question)


def send_document(application, document_id: int):
    """The file, to be saved and never run, or NotYours."""
    document = documents.document_of(application, document_id)
    if document is None:
        raise NotYours()
    return files.send(files.read(document.file), document.file.name, document.file.media_type)


@blueprint.route("/applications/<key:application_id>/documents/<key:document_id>")
@needs("read_application", application=load_application)
def document(application, document_id):
    return send_document(application, document_id)
