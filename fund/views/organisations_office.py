"""For staff: every organisation, what registers say of it, asking them, and recording a check with its evidence."""

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import case, exists, func, select

from fund import members, organisations
from fund.caps import registration_of
from fund.core.clock import now
from fund.core.database import db
from fund.core.navigation import audience_blueprint
from fund.core.pages import as_csv, page_from, sort_from
from fund.core.permissions import may, needs, require, signed_in
from fund.core.problems import NotYours, Problem, TooMany, WrongMoment
from fund.forms_people import CheckForm
from fund.identifiers import schemes
from fund.organisations import load_identifier, load_organisation
from fund.plain_words import CHECKS, STANDING
from fund.registers import looking, showing
from fund.registers.known import REGISTERS, has_key
from fund.registers.queue import settle_queue
from fund.strategies.legal_form import legal_form, legal_forms
from fund.tables import Identifier, Organisation
from fund.views.searching import words_asked_for

blueprint = audience_blueprint("organisations_office", __name__, "staff")

FORM_LABELS = {form.key: form.label for form in legal_forms()}
NUMBERS = {"unchecked": "A number to check", "confirmed": "A number confirmed", "removed": "A number removed", "without": "No number"}  # fmt: skip


@blueprint.route("/office/organisations")
@needs("see_organisations")
def index():
    counted = _numbers().subquery()
    sort = sort_from(
        {
            "name": func.lower(Organisation.name),
            "form": Organisation.legal_form,
            "town": Organisation.town,
            "numbers": counted.c.unchecked,
            "added": Organisation.created_at,
        },
        "name",
    )
    query = sort.apply(_filtered(_rows(counted)), Organisation.id)
    if request.args.get("format") == "csv":
        return _export(query)
    page = page_from(query)
    return render_template(
        "organisations/office_index.html", page=page, sort=sort, form_labels=FORM_LABELS, numbers=NUMBERS
    )


def _numbers():
    """How many numbers each organisation has, by what the register said."""
    said = Identifier.check_result
    return select(
        Identifier.organisation_id,
        func.count().label("total"),
        func.sum(case((said.is_(None), 1), else_=0)).label("unchecked"),
        func.sum(case((said == "confirmed", 1), else_=0)).label("confirmed"),
        func.sum(case((said == "removed", 1), else_=0)).label("removed"),
        func.min(Identifier.scheme + " " + Identifier.number).label("first"),
    ).group_by(Identifier.organisation_id)


def _rows(counted):
    return select(
        Organisation.id,
        Organisation.name,
        Organisation.legal_form,
        Organisation.town,
        Organisation.postcode,
        Organisation.created_at,
        counted.c.total,
        counted.c.unchecked,
        counted.c.confirmed,
        counted.c.removed,
        counted.c.first,
    ).outerjoin(counted, counted.c.organisation_id == Organisation.id)


def _filtered(query):
    if words := words_asked_for("q"):
        like = f"%{words}%"
        number = exists().where(Identifier.organisation_id == Organisation.id, Identifier.number.ilike(like))
        query = query.where(
            func.lower(Organisation.name).like(like) | func.lower(Organisation.town).like(like) | number
        )
    if request.args.get("form") in FORM_LABELS:
        query = query.where(Organisation.legal_form == request.args["form"])
    wanted = request.args.get("numbers")
    if wanted in NUMBERS:
        query = query.where(_has(wanted))
    return query


def _has(wanted: str):
    here = Identifier.organisation_id == Organisation.id
    if wanted == "without":
        return ~exists().where(here)
    said = Identifier.check_result.is_(None) if wanted == "unchecked" else Identifier.check_result == wanted
    return exists().where(here, said)


def _export(query):
    headers = ("Name", "Legal form", "Town", "Postcode", "Numbers", "To check", "Confirmed", "Removed", "Added")
    rows = (
        (row.name, FORM_LABELS.get(row.legal_form, row.legal_form), row.town, row.postcode, row.total or 0, row.unchecked or 0,
         row.confirmed or 0, row.removed or 0, row.created_at.date().isoformat())
        for row in db.session.execute(query)
    )  # fmt: skip
    return as_csv("organisations", headers, rows)


@blueprint.route("/office/organisations/<key:organisation_id>")
@needs("see_organisations", organisation=load_organisation)
def show(organisation):
    numbers = organisation.identifiers  # read once, before the caps ask for them
    return render_template(
        "organisations/office_show.html",
        organisation=organisation,
        legal_form=legal_form(organisation.legal_form),
        schemes=schemes(),
        checks=CHECKS,
        standing=STANDING[registration_of(organisation)],
        people=members.members_of(organisation),
        shared=organisations.others_with(numbers),
        registers=showing.shown_for(organisation),
        outcomes=showing.OUTCOMES,
        who_asked=showing.who_asked,
        may_check=may(signed_in(), "check_identifiers", organisation),
    )


@blueprint.route("/office/identifiers/<key:identifier_id>", methods=["GET", "POST"])
@needs("see_organisations", identifier=load_identifier)
def check(identifier):
    organisation = load_organisation(identifier.organisation_id)
    require(signed_in(), "check_identifiers", organisation)
    form = CheckForm()
    if form.validate_on_submit():
        try:
            organisations.record_check(identifier, form.result.data, form.evidence.data, by=signed_in(), now=now())
        except Problem as problem:
            db.session.rollback()
            form.refuse(problem)
        else:
            db.session.commit()
            flash("The check is recorded.", "success")
            return redirect(url_for(".show", organisation_id=organisation.id))
    return render_template(
        "organisations/office_check.html",
        form=form,
        identifier=identifier,
        organisation=organisation,
        scheme=schemes()[identifier.scheme],
        history=organisations.checks_of(identifier),
        checks=CHECKS,
        looks=looking.looks_for([identifier])[identifier.id],
        outcomes=showing.OUTCOMES,
        who_asked=showing.who_asked,
        asks_itself=has_key(identifier.scheme),
    )


@blueprint.route("/office/identifiers/<key:identifier_id>/ask", methods=["POST"])
@needs("see_organisations", identifier=load_identifier)
def ask(identifier):
    """Ask the register now. The database is let go while it thinks, so nobody waits behind this page."""
    organisation_id, key = identifier.organisation_id, identifier.id
    require(signed_in(), "check_identifiers", load_organisation(organisation_id))
    if not has_key(identifier.scheme):
        raise WrongMoment("No key is set for this register, so its numbers are checked by hand.")
    register = REGISTERS[identifier.scheme].name
    back = redirect(url_for(".show", organisation_id=organisation_id, _anchor=f"number-{key}"))
    try:
        enquiry = looking.prepare(identifier, now=now(), at_most_old=timedelta(0))
    except TooMany as problem:
        flash(problem.sentence, "error")
        return back
    db.session.rollback()  # a lock held here would hold up every applicant who saves
    heard = looking.hear(enquiry, looking.PAGE_SECONDS)
    look = looking.record_look(enquiry, heard, "officer", by=signed_in(), now=now())
    if look is None:
        raise NotYours()
    if heard.said:
        settle_queue(key, None, True, now=now())
    db.session.commit()
    kind = {"confirmed": "success", "no_answer": "error"}.get(look.outcome, "notice")
    flash(f"We asked {register}. {showing.result_of(look)}", kind)
    return back
