"""Accepting on paper: where the grantee sends the signed letter, and where a grant manager compares it."""

from flask import render_template, request, url_for

from awards import letters, offers, parties, signed_copies
from awards.forms import SignedCopyForm, WhyForm
from awards.schedule import last_day
from awards.tables import Award, SignedCopy
from awards.views.doing import done
from fund.core import files
from fund.core.clock import now
from fund.core.navigation import audience_blueprint, serve_as
from fund.core.permissions import needs, signed_in

blueprint = audience_blueprint("signed_copies", __name__, "grantee")


@blueprint.route("/grants/<key:award_id>/signed-copy", methods=["GET", "POST"])
@needs("send_signed_copy", award=offers.load_award)
def send(award: Award):
    form = SignedCopyForm()
    named = parties.signatories_of(award)
    for place, field in ((1, form.role_1), (2, form.role_2)):
        if place <= len(named):
            field.label.text = f"Role of {named[place - 1].person.name}"
    if len(named) < 2:
        del form.role_2
    if form.validate_on_submit():
        file = request.files.get("files")
        roles = [field.data for field in (form.role_1, getattr(form, "role_2", None)) if field is not None]
        answer = done(
            lambda: signed_copies.send_copy(award, file.read(), file.filename, roles, by=signed_in(), now=now()),
            "Thank you. We look at the signatures and write to you.",
            url_for("grants.show", award_id=award.id),
            form,
        )
        if answer:
            return answer
    return render_template("awards/signed_copy_send.html", form=form, award=award, named=named, letter=letters.agreement_letter(award), last_day=last_day)  # fmt: skip


@blueprint.route("/office/signed-copies/<key:copy_id>")
@needs("manage_award", copy=signed_copies.load_copy)
def show(copy: SignedCopy):
    return _page(copy, WhyForm())


def _page(copy: SignedCopy, form: WhyForm):
    serve_as("staff")
    return render_template(
        "awards/signed_copy.html", copy=copy, award=copy.award, round=copy.award.round, form=form,
        letter=letters.agreement_letter(copy.award),
    )  # fmt: skip


@blueprint.route("/office/signed-copies/<key:copy_id>/file")
@needs("manage_award", copy=signed_copies.load_copy)
def file(copy: SignedCopy):
    return files.send(files.read(copy.file), copy.file.name, copy.file.media_type)


@blueprint.route("/office/signed-copies/<key:copy_id>/accept", methods=["POST"])
@needs("manage_award", copy=signed_copies.load_copy)
def accept(copy: SignedCopy):
    act = lambda: signed_copies.accept_copy(copy, by=signed_in(), now=now())  # noqa: E731
    return done(
        act, "The signatures count. The offer is accepted.", url_for("awards_office.show", award_id=copy.award_id)
    )


@blueprint.route("/office/signed-copies/<key:copy_id>/refuse", methods=["POST"])
@needs("manage_award", copy=signed_copies.load_copy)
def refuse(copy: SignedCopy):
    form = WhyForm()
    answer = form.validate_on_submit() and done(
        lambda: signed_copies.refuse_copy(copy, form.why.data, by=signed_in(), now=now()),
        "The grantee reads why and can send another.",
        url_for("awards_office.show", award_id=copy.award_id),
        form,
    )
    return answer or _page(copy, form)
