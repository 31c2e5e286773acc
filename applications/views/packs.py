"""Form packs: a blank one for everybody, and for writers of a draft its own, put back in and checked before anything is saved."""

import re

from flask import flash, redirect, render_template, request, url_for
from wtforms import FileField

from fund.core import files
from fund.core.clock import now
from fund.core.database import db
from fund.core.forms import BaseForm
from fund.core.permissions import may, needs, public, signed_in
from fund.core.problems import NotYours, Problem

from ..answers import values_of
from ..applications import load_application
from ..forms import form_of
from ..packs import docx_writer, odt_writer
from ..packs.placing import placements_of
from ..packs.sheet import pack_of
from ..packs.taking import discard, keep_upload, take, upload_of, waiting_upload
from ..workflow import OPEN_TO_APPLICANT
from .drafts import blueprint
from .loading import chosen_track, form_of_round, public_round
from .public import blueprint as public_blueprint

WRITERS = {"docx": (docx_writer.as_docx, docx_writer.MEDIA_TYPE), "odt": (odt_writer.as_odt, odt_writer.MEDIA_TYPE)}


def _file(kind: str, pack, made_at, name: str):
    if kind not in WRITERS:
        raise NotYours()
    write, media_type = WRITERS[kind]
    return files.send(write(pack, made_at), f"{name}.{kind}", media_type)


@public_blueprint.route("/rounds/<key:round_id>/pack/<word:kind>")
@public
def blank_pack(round_id, kind):
    """The form as docx or odt, to read and to fill in anywhere; ?form=short or ?form=full that track only."""
    round = public_round(round_id)
    asked, track = chosen_track(form_of_round(round))
    name = f"{track}-form-{round.prefix}" if track else f"form-{round.prefix}"
    return _file(kind, pack_of(round, asked), round.opens_at, name)


@public_blueprint.route("/rounds/<key:round_id>/questions/word")
@public
def questions_as_word(round_id):
    """The address of the question sheet that the pack replaced."""
    track = request.args.get("form")
    return redirect(url_for(".blank_pack", round_id=public_round(round_id).id, kind="docx", form=track), 301)


class PackForm(BaseForm):
    pack = FileField("The filled form", description="Word (docx) or OpenDocument (odt)")


def _page(application, form, status: int = 200):
    page = render_template(
        "applications/pack.html",
        application=application,
        partnership=application.round.fund.partnership,
        form=form,
        waiting=waiting_upload(application),
        may_write=may(signed_in(), "write_application", application),
        is_draft=application.status in OPEN_TO_APPLICANT,
    )
    return page, status


@blueprint.route("/applications/<key:application_id>/pack")
@needs("read_application", application=load_application)
def pack(application):
    """Work offline: take the form away, and put it back in."""
    return _page(application, PackForm())


@blueprint.route("/applications/<key:application_id>/pack/<word:kind>")
@needs("read_application", application=load_application)
def pack_file(application, kind):
    """The form of this bid with what it says already."""
    filled = pack_of(application.round, form_of(application), values_of(application), application)
    return _file(kind, filled, now(), f"form-{application.reference}")


@blueprint.route("/applications/<key:application_id>/pack", methods=["POST"])
@needs("write_application", application=load_application)
def put_in(application):
    """Read a filled pack. It changes nothing; the next page shows what it would do."""
    form, given = PackForm(), request.files.get("pack")
    if not form.validate_on_submit():
        return _page(application, form, 400)
    try:
        if given is None or not given.filename:
            raise Problem("Choose the file with your answers", "pack")
        upload = keep_upload(application, given.read(), given.filename, by=signed_in(), now=now())
    except Problem as problem:
        if problem.status != 400:
            raise
        db.session.rollback()
        form.refuse(problem)
        return _page(application, form)
    db.session.commit()
    return redirect(url_for(".check_pack", application_id=application.id, upload_id=upload.id))


def _upload(application, upload_id: int):
    upload = upload_of(application, upload_id)
    if upload is None:
        raise NotYours()
    return upload


@blueprint.route("/applications/<key:application_id>/pack/<key:upload_id>/check", methods=["GET", "POST"])
@needs("write_application", application=load_application)
def check_pack(application, upload_id):
    """Every answer of the pack beside what is there. Only what is chosen here is saved."""
    upload, missing = _upload(application, upload_id), None
    if upload.closed_at is not None or application.status not in OPEN_TO_APPLICANT:
        return redirect(url_for(".show", application_id=application.id))
    refused: dict[str, str] = {}
    if request.method == "POST":
        try:
            done = take(application, upload, _choices(), _seen(), by=signed_in(), now=now())
        except Problem as problem:
            if problem.status != 400:
                raise
            db.session.rollback()
            missing, upload = problem, _upload(application, upload_id)
        else:
            words = "1 answer is saved." if done.saved == 1 else f"{done.saved} answers are saved."
            refused = {question.key: sentence for question, sentence in done.refused}
            db.session.commit()
            if not refused:
                flash(f"{words} Read them through, then check and send your bid.", "success")
                return redirect(url_for(".show", application_id=application.id))
            flash(words, "success")
    return _check_page(application, upload, missing, refused)


def _check_page(application, upload, missing: Problem | None, refused: dict[str, str]):
    placements = placements_of(application, upload)
    page = render_template(
        "applications/pack_check.html",
        application=application,
        partnership=application.round.fund.partnership,
        upload=upload,
        placements=[each for each in placements if each.state not in ("same", "stays", "empty")],
        quiet=[each for each in placements if each.state in ("same", "stays", "empty")],
        loose=upload.content.get("loose", []),
        other_bids=[each for each in upload.content.get("references", []) if each != application.reference],
        chosen=_choices() if request.method == "POST" else {},
        missing=missing,
        refused=refused,
    )
    return page, 409 if refused else 200


def _choices() -> dict[str, str]:
    """What was chosen, by question key: the fields are called take-KEY."""
    return {name.removeprefix("take-"): value for name, value in request.form.items() if name.startswith("take-")}


def _seen() -> dict[str, int]:
    """Which version of each answer the page showed: the fields are called seen-KEY."""
    given = ((name.removeprefix("seen-"), value) for name, value in request.form.items() if name.startswith("seen-"))
    return {key: int(value) for key, value in given if re.fullmatch(r"\d{1,9}", value, re.ASCII)}


@blueprint.route("/applications/<key:application_id>/pack/<key:upload_id>/discard", methods=["POST"])
@needs("write_application", application=load_application)
def discard_pack(application, upload_id):
    """Take nothing from this pack."""
    discard(application, _upload(application, upload_id), by=signed_in(), now=now())
    db.session.commit()
    flash("Nothing was taken from the pack. Your bid is as it was.", "success")
    return redirect(url_for(".pack", application_id=application.id))
