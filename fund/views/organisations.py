"""For applicants: their organisations, the numbers registers know them by, and who works on the bids."""

from flask import flash, redirect, render_template, url_for

from fund import members, organisations
from fund.caps import standing
from fund.core.clock import now
from fund.core.database import db
from fund.core.navigation import audience_blueprint
from fund.core.permissions import needs, signed_in
from fund.core.problems import NotYours, Problem
from fund.forms_people import IdentifierForm, InviteForm, OrganisationForm
from fund.identifiers import schemes
from fund.organisations import load_organisation
from fund.people import load_person
from fund.plain_words import CHECKS
from fund.strategies.legal_form import legal_form
from fund.tables import Invitation

blueprint = audience_blueprint("organisations", __name__, "applicant")


@blueprint.route("/organisations")
@needs("own_account")
def index():
    return render_template("organisations/index.html", organisations=members.organisations_of(signed_in()))


@blueprint.route("/organisations/new", methods=["GET", "POST"])
@needs("own_account")
def new():
    form = OrganisationForm()
    if form.validate_on_submit():
        try:
            added = organisations.add_organisation(**form.facts(), by=signed_in(), now=now())
        except Problem as problem:
            db.session.rollback()
            form.refuse(problem)
        else:
            db.session.commit()
            flash(f"{added.name} is added. You are its lead.", "success")
            page = ".add_number" if organisations.registers_for(added) else ".show"
            return redirect(url_for(page, organisation_id=added.id))
    return render_template("organisations/form.html", form=form, organisation=None)


@blueprint.route("/organisations/<key:organisation_id>")
@needs("see_own_organisation", organisation=load_organisation)
def show(organisation):
    return _page(organisation, InviteForm())


def _page(organisation, form):
    people = members.members_of(organisation)
    return render_template(
        "organisations/show.html",
        organisation=organisation,
        form=form,
        legal_form=legal_form(organisation.legal_form),
        schemes=schemes(),
        checks=CHECKS,
        standing=standing(organisation.legal_form, organisation.identifiers),
        people=people,
        is_lead=any(held.person_id == signed_in().id and held.role == "lead" for held in people),
        invitations=members.invitations_of(organisation, now=now()),
    )


@blueprint.route("/organisations/<key:organisation_id>/change", methods=["GET", "POST"])
@needs("change_own_organisation", organisation=load_organisation)
def change(organisation):
    form = OrganisationForm(obj=organisation)
    if form.validate_on_submit():
        try:
            organisations.change_organisation(
                organisation, by=signed_in(), now=now(), seen=form.seen_version, **form.facts()
            )
        except Problem as problem:
            db.session.rollback()
            form.refuse(problem)
        else:
            db.session.commit()
            flash("Your changes are saved.", "success")
            return redirect(url_for(".show", organisation_id=organisation.id))
    return render_template("organisations/form.html", form=form, organisation=organisation)


@blueprint.route("/organisations/<key:organisation_id>/numbers", methods=["GET", "POST"])
@needs("change_own_organisation", organisation=load_organisation)
def add_number(organisation):
    form = IdentifierForm()
    form.offer(organisations.registers_for(organisation))
    if form.validate_on_submit():
        try:
            organisations.add_identifier(organisation, form.scheme.data, form.number.data, by=signed_in(), now=now())
        except Problem as problem:
            db.session.rollback()
            form.refuse(problem)
        else:
            db.session.commit()
            flash("The number is added. It is checked with the register before any money is awarded.", "success")
            return redirect(url_for(".show", organisation_id=organisation.id))
    return render_template("organisations/number.html", form=form, organisation=organisation)


@blueprint.route("/organisations/<key:organisation_id>/numbers/<key:number_id>/remove", methods=["POST"])
@needs("change_own_organisation", organisation=load_organisation)
def remove_number(organisation, number_id):
    number = organisations.load_identifier(number_id)
    if number is None or number.organisation_id != organisation.id:
        raise NotYours()
    return _do(organisation, organisations.remove_identifier, number, done="The number is taken off.")


@blueprint.route("/organisations/<key:organisation_id>/people", methods=["POST"])
@needs("lead_organisation", organisation=load_organisation)
def invite(organisation):
    form = InviteForm()
    if form.validate_on_submit():
        try:
            members.invite_member(organisation, form.email.data, by=signed_in(), now=now())
        except Problem as problem:
            db.session.rollback()
            form.refuse(problem)
        else:
            db.session.commit()
            flash("We sent them an email that says how to join.", "success")
            return redirect(url_for(".show", organisation_id=organisation.id))
    return _page(organisation, form)


@blueprint.route("/organisations/<key:organisation_id>/people/<key:person_id>/lead", methods=["POST"])
@needs("lead_organisation", organisation=load_organisation)
def hand_over(organisation, person_id):
    return _do(organisation, members.hand_over, _member(organisation, person_id), done="The new lead is in charge now.")


@blueprint.route("/organisations/<key:organisation_id>/people/<key:person_id>/remove", methods=["POST"])
@needs("lead_organisation", organisation=load_organisation)
def remove_person(organisation, person_id):
    who = _member(organisation, person_id)
    return _do(organisation, members.end_membership, who, done=f"{who.name} no longer belongs to your organisation.")


@blueprint.route("/organisations/<key:organisation_id>/invitations/<key:invitation_id>/withdraw", methods=["POST"])
@needs("lead_organisation", organisation=load_organisation)
def withdraw_invitation(organisation, invitation_id):
    invitation = db.session.get(Invitation, invitation_id)
    if invitation is None or invitation.organisation_id != organisation.id:
        raise NotYours()
    members.withdraw_invitation(invitation, by=signed_in(), now=now())
    db.session.commit()
    flash("The invitation is taken back.", "success")
    return redirect(url_for(".show", organisation_id=organisation.id))


@blueprint.route("/organisations/<key:organisation_id>/leave", methods=["POST"])
@needs("see_own_organisation", organisation=load_organisation)
def leave(organisation):
    try:
        members.end_membership(organisation, signed_in(), by=signed_in(), now=now())
    except Problem as problem:
        db.session.rollback()
        flash(problem.sentence, "error")
        return redirect(url_for(".show", organisation_id=organisation.id))
    db.session.commit()
    flash(f"You have left {organisation.name}.", "success")
    return redirect(url_for(".index"))


def _member(organisation, person_id: int):
    """The person with this key, when they belong to the organisation; else nobody at all."""
    person = load_person(person_id)
    if person is None or not members.is_member_of(person, organisation):
        raise NotYours()
    return person


def _do(organisation, act, thing, *, done: str):
    """One act on the organisation, then back to its page with what happened."""
    try:
        act(organisation, thing, by=signed_in(), now=now())
    except Problem as problem:
        db.session.rollback()
        flash(problem.sentence, "error")
    else:
        db.session.commit()
        flash(done, "success")
    return redirect(url_for(".show", organisation_id=organisation.id))
