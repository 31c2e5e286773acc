"""For applicants: the papers of their organisation, added once and used by every bid."""

from flask import flash, redirect, render_template, request, url_for
from wtforms import FileField, SelectField

from fund import policies
from fund.core import files
from fund.core.clock import now, today
from fund.core.database import db
from fund.core.forms import BaseForm, DateField3
from fund.core.permissions import needs, signed_in
from fund.core.problems import NotYours, Problem
from fund.core.uploads import ACCEPT
from fund.organisations import load_organisation
from fund.papers import kept_papers_for
from fund.views.organisations import blueprint


class PolicyForm(BaseForm):
    kind = SelectField("What is it?", validate_choice=False)
    files = FileField("The file", description="PDF, Word, Excel, OpenDocument, photo or plain text")
    expires_on = DateField3(
        "When does it run out?", description="Leave this empty if it does not say. For example 27 3 2027"
    )


@blueprint.route("/organisations/<key:organisation_id>/papers", methods=["GET", "POST"])
@needs("change_own_organisation", organisation=load_organisation)
def papers(organisation):
    """What is in the vault. POST adds a paper, or takes the place of the one of its kind."""
    asked = [(paper, paper.label_for(organisation.legal_form)) for paper in kept_papers_for(organisation.legal_form)]
    form = PolicyForm(kind=request.args.get("kind"))
    form.kind.choices = [("", "Choose one"), *((paper.key, label) for paper, label in asked)]
    if form.validate_on_submit():
        try:
            _add(organisation, form)
        except Problem as problem:
            db.session.rollback()
            form.refuse(problem)
        else:
            db.session.commit()
            flash("The paper is kept. Your bids can use it.", "success")
            return redirect(url_for(".papers", organisation_id=organisation.id))
    return render_template(
        "organisations/policies.html", organisation=organisation, form=form, asked=asked, accept=ACCEPT,
        kept=policies.policies_of(organisation), today=today(now()), has_run_out=policies.has_run_out,
    )  # fmt: skip


def _add(organisation, form: PolicyForm) -> None:
    given = request.files.get("files")
    if given is None or not given.filename:
        raise Problem("Choose a file", "files")
    policies.add_policy(
        organisation,
        form.kind.data or "",
        given.read(),
        given.filename,
        form.expires_on.data,
        by=signed_in(),
        now=now(),
    )


def _policy(organisation, policy_id: int):
    policy = policies.load_policy(organisation, policy_id)
    if policy is None:
        raise NotYours()
    return policy


@blueprint.route("/organisations/<key:organisation_id>/papers/<key:policy_id>")
@needs("see_own_organisation", organisation=load_organisation)
def paper(organisation, policy_id):
    """The file, to be saved."""
    file = _policy(organisation, policy_id).file
    return files.send(files.read(file), file.name, file.media_type)


@blueprint.route("/organisations/<key:organisation_id>/papers/<key:policy_id>/remove", methods=["POST"])
@needs("change_own_organisation", organisation=load_organisation)
def remove_paper(organisation, policy_id):
    policies.remove_policy(organisation, _policy(organisation, policy_id), by=signed_in(), now=now())
    db.session.commit()
    flash("The paper is taken out. Bids that use it keep it.", "success")
    return redirect(url_for(".papers", organisation_id=organisation.id))
