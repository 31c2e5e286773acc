"""For the fund's office: keying in a bid that came on paper, by telephone or by email. First whose it is, then how it came."""

import re
import secrets

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import func, or_, select
from wtforms import FileField, RadioField, SelectField

from fund.core import files
from fund.core.clock import in_london, now, today
from fund.core.database import db
from fund.core.forms import BaseForm, DateField3, Email, LongText, Required, Text
from fund.core.permissions import needs, signed_in
from fund.core.problems import NotYours, Problem
from fund.forms_people import choices
from fund.identifiers import schemes
from fund.organisations import (
    add_identifier,
    add_organisation,
    forms_that_may_apply,
    is_member_of,
    load_organisation,
    members_of,
)
from fund.rounds import load_round
from fund.tables import Identifier, Organisation, Person
from fund.views.searching import words_asked_for

from ..applications import TooManyBids, load_application
from ..keyed import contact_of, keyed_bid_of, start_keyed_bid
from ..question_types.base import options
from ..tables.packs import CAME_BY
from .office_bid import moment_of
from .office_list import blueprint

MOST_FOUND = 20


@blueprint.route("/office/rounds/<key:round_id>/key-in")
@needs("key_in_bids", round=load_round)
def find_for_keying(round):
    """Whose bid is it? Looks for names and numbers; a new organisation comes with its contact."""
    asked = words_asked_for("q")
    return render_template(
        "applications/office/key_in_find.html", round=round, asked=asked, found=_found(asked) if asked else []
    )


def _found(words: str) -> list[Organisation]:
    like = f"%{words.replace('_', '')}%"
    numbered = select(Identifier.organisation_id).where(func.lower(Identifier.number).like(like))
    wanted = select(Organisation).where(or_(func.lower(Organisation.name).like(like), Organisation.id.in_(numbered)))
    return list(db.session.scalars(wanted.order_by(func.lower(Organisation.name), Organisation.id).limit(MOST_FOUND)))


class HowItCame(BaseForm):
    came_by = RadioField("How did it come in?", choices=options(CAME_BY.items()), validate_choice=False)
    day = DateField3("On which day was it received?", [Required("Enter a day")])
    hour = Text(
        "At what time? (London)", [Required("Enter a time, like 5pm or 9:30am")], description="Like 5pm or 9:30am"
    )
    late_reason = LongText(
        "If the round has closed: why is it keyed in now?", description="It is recorded with the extension.", rows=3
    )
    scan = FileField("A scan or the file that came (optional)")


class OfOrganisation(HowItCame):
    contact = RadioField("Who is the contact? They lead the bid and get its letters.", validate_choice=False)


class OfNewOrganisation(HowItCame):
    name = Text("Name of the organisation")
    legal_form = SelectField("What kind of organisation is it?", validate_choice=False)
    town = Text("Town or city")
    postcode = Text("Postcode")
    scheme = SelectField("Register (if it is on one)", validate_choice=False)
    number = Text("Number in the register")
    contact = Text("Name of the contact")
    email = Email(
        "Email address of the contact",
        description="Letters go there. It can be of somebody they trust who reads email.",
    )


@blueprint.route("/office/rounds/<key:round_id>/key-in/new", methods=["GET", "POST"])
@needs("key_in_bids", round=load_round)
def key_in(round):
    """How it came in and when; then the pages of the bid are open to the officer."""
    organisation = _organisation_asked_for()
    form = _form(organisation)
    if form.validate_on_submit():
        try:
            application = _start(round, organisation, form)
        except TooManyBids as problem:
            db.session.rollback()
            form.refuse(Problem(problem.sentence))
        except Problem as problem:
            if problem.status == 403:
                raise
            db.session.rollback()
            form.refuse(problem)
        else:
            address = url_for("applications_applicant.show", application_id=application.id)
            reference = application.reference
            db.session.commit()
            flash(f"{reference} is started. Key in the answers, or put the pack in under “Work offline”.", "success")
            return redirect(address)
    return render_template(
        "applications/office/key_in.html",
        round=round,
        organisation=organisation,
        form=form,
        has_closed=now() >= round.closes_at,
        once=request.form.get("once") or secrets.token_urlsafe(16),
    )


def _organisation_asked_for() -> Organisation | None:
    given = request.args.get("organisation", "")
    if not given:
        return None
    organisation = load_organisation(_key(given))
    if organisation is None:
        raise NotYours()
    return organisation


def _key(text: str) -> int:
    """A row's key as typed in an address or a form; 0, which no row has, for anything else."""
    return int(text) if re.fullmatch(r"[1-9]\d{0,8}", text, re.ASCII) else 0


def _form(organisation: Organisation | None) -> HowItCame:
    facts = {"day": today(), "hour": f"{in_london(now()):%H:%M}"}
    if organisation is not None:
        form = OfOrganisation(**facts)
        people = [membership.person for membership in members_of(organisation)]
        form.contact.choices = options((str(person.id), f"{person.name}, {person.email}") for person in people)
        return form
    new = OfNewOrganisation(**facts)
    new.legal_form.choices = choices([("", "Choose one"), *((each.key, each.label) for each in forms_that_may_apply())])
    new.scheme.choices = choices([("", "None"), *((key, each.label) for key, each in schemes().items())])
    return new


def _start(round, organisation: Organisation | None, form):
    received = moment_of(form.day.data, form.hour.data)
    organisation, contact = _known(organisation, form) if organisation else _new(form)
    given = request.files.get("scan")
    scan = (given.read(), given.filename) if given and given.filename else None
    return start_keyed_bid(
        round, organisation, contact, form.came_by.data or "", received, late_reason=form.late_reason.data, scan=scan,
        once=request.form.get("once") or None, by=signed_in(), now=now(),
    )  # fmt: skip


def _known(organisation: Organisation, form) -> tuple[Organisation, Person]:
    contact = db.session.get(Person, _key(form.contact.data or ""))
    if contact is None or not is_member_of(contact, organisation):
        raise Problem("Choose the contact", "contact")
    return organisation, contact


def _new(form) -> tuple[Organisation, Person]:
    by, moment = signed_in(), now()
    contact = contact_of(form.email.data, form.contact.data, by=by, now=moment)
    organisation = add_organisation(
        form.name.data, form.legal_form.data or "", by=by, now=moment, lead=contact, town=form.town.data, postcode=form.postcode.data
    )  # fmt: skip
    if form.number.data:
        add_identifier(organisation, form.scheme.data or "", form.number.data, by=by, now=moment)
    return organisation, contact


@blueprint.route("/office/applications/<key:application_id>/scan")
@needs("read_applications", application=load_application)
def scan(application):
    """What came in, as it came."""
    keyed = keyed_bid_of(application)
    if keyed is None or keyed.scan is None:
        raise NotYours()
    return files.send(files.read(keyed.scan), keyed.scan.name, keyed.scan.media_type)
