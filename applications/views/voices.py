"""Voice notes: an applicant records or uploads one under a question, staff listen and type the words down."""

from flask import flash, jsonify, make_response, redirect, render_template, request, url_for
from wtforms import FileField, HiddenField

from fund.core import files
from fund.core.clock import now
from fund.core.database import db
from fund.core.forms import BaseForm, LongText, Required
from fund.core.permissions import needs, signed_in
from fund.core.problems import NotYours, Problem, Stale
from fund.core.upload_audio import ACCEPT
from fund.core.web import WITH_MICROPHONE, wants_json

from .. import voices
from ..applications import load_application
from ..forms import form_of
from .drafts import blueprint
from .office_list import blueprint as office


class VoiceForm(BaseForm):
    recording = FileField("The recording", description="webm, ogg, mp3, m4a or wav")


class WordsForm(BaseForm):
    words = LongText("What is said", [Required("Type down what you hear")], rows=12)
    version = HiddenField()


def part_for(application, question, form: VoiceForm | None = None):
    """What the question's page shows below its form; None where typed answers only are taken."""
    if not question.may_be_spoken:
        return None
    note, form = voices.note_under(application, question), form or VoiceForm()
    form.recording.label.text = "Put another recording in its place" if note else "Add a recording from this device"
    return {"note": note, "form": form, "accept": ACCEPT, "most_minutes": voices.MOST_MINUTES}


def with_microphone(page: str):
    """Only the pages that record may ask for the microphone."""
    answer = make_response(page)
    answer.headers["Permissions-Policy"] = WITH_MICROPHONE
    return answer


def _asked(application, key: str):
    question = form_of(application).question(key)
    if question is None or not question.may_be_spoken:
        raise NotYours()
    return question


def _note(application, note_id: int):
    note = voices.note_of(application, note_id)
    if note is None:
        raise NotYours()
    return note


def send_note(application, note_id: int):
    """The recording for a player, or NotYours."""
    file = _note(application, note_id).file
    return files.send_sound(files.read(file), file.name, file.media_type)


@blueprint.route("/applications/<key:application_id>/questions/<word:key>/voice", methods=["GET", "POST"])
@needs("write_application", application=load_application)
def voice(application, key):
    """Add a recording. GET leads to the question: that is where the form is."""
    question = _asked(application, key)
    here = url_for(".question", application_id=application.id, key=question.key, _anchor="voice")
    if request.method == "GET":
        return redirect(here)
    form, given = VoiceForm(), request.files.get("recording")
    if form.validate_on_submit():
        try:
            if given is None or not given.filename:
                raise Problem("Choose a recording", "recording")
            voices.add_note(application, question, given.read(), given.filename, by=signed_in(), now=now())
        except Problem as problem:
            if problem.status not in (400, 503):
                raise
            db.session.rollback()
            form.refuse(problem)
        else:
            db.session.commit()
            if not wants_json():
                flash("Your voice note is added.", "success")
            return jsonify(saved=True) if wants_json() else redirect(here)
    if wants_json():
        return jsonify(error=" ".join(each["text"] for each in form.error_list())), 422
    part = part_for(application, question, form)
    return render_template(
        "applications/voice.html", application=application, partnership=application.round.fund.partnership, question=question,
        voice=part,
    )  # fmt: skip


@blueprint.route("/applications/<key:application_id>/voice/<key:note_id>/remove", methods=["POST"])
@needs("write_application", application=load_application)
def remove_voice(application, note_id):
    note = _note(application, note_id)
    question = form_of(application).by_id.get(note.question_id)
    voices.remove_note(application, note, by=signed_in(), now=now())
    db.session.commit()
    flash("The voice note is taken out.", "success")
    if question is None:
        return redirect(url_for(".show", application_id=application.id))
    return redirect(url_for(".question", application_id=application.id, key=question.key))


@blueprint.route("/applications/<key:application_id>/voice/<key:note_id>")
@needs("read_application", application=load_application)
def play_voice(application, note_id):
    """The applicant's own recording."""
    return send_note(application, note_id)


@office.route("/office/applications/<key:application_id>/voice/<key:note_id>")
@needs("read_applications", application=load_application)
def voice_of_bid(application, note_id):
    """The recording, for staff."""
    return send_note(application, note_id)


@office.route("/office/applications/<key:application_id>/voice/<key:note_id>/words", methods=["GET", "POST"])
@needs("screen_application", application=load_application)
def words_of_voice(application, note_id):
    """Listen and type down what is said."""
    note = _note(application, note_id)
    form = WordsForm(words=note.transcript)
    if form.version.data in (None, ""):
        form.version.data = str(note.version)
    if form.validate_on_submit():
        try:
            voices.type_down(note, form.words.data, form.seen_version or 0, by=signed_in(), now=now())
        except Problem as problem:
            if problem.status != 400 and not isinstance(problem, Stale):
                raise
            db.session.rollback()
            form.refuse(problem)
        else:
            db.session.commit()
            flash("The words are kept. Assessors read them.", "success")
            return redirect(url_for(".show", application_id=application.id))
    return render_template(
        "applications/office/voice_words.html", application=application, round=application.round, note=note, form=form,
        question=form_of(application).by_id[note.question_id],
    )  # fmt: skip
