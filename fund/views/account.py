"""For everybody: signing in with a code, signing out, and one's own account."""

from flask import flash, redirect, render_template, request, session, url_for

from fund import people, second_factor, sessions
from fund.core.clock import now
from fund.core.database import db
from fund.core.navigation import audience_blueprint
from fund.core.permissions import needs, public, signed_in
from fund.core.problems import Problem
from fund.forms_people import CodeForm, NameForm, SignInForm
from fund.landing import home_of, safe_next
from fund.members import organisations_of
from fund.sign_in import enter_code, has_a_name, send_code
from fund.tables import ROLES, Partnership, Person, Round

blueprint = audience_blueprint("accounts", __name__, "public")


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in():
    if wanted := safe_next(request.args.get("next")):
        session["next"] = wanted
    if signed_in() is not None:
        return redirect(_onward(signed_in()))
    if sessions.waiting(now=now()) is not None:
        return redirect(url_for("own_sign_in.second_step"))
    form, status = SignInForm(), 200
    if form.validate_on_submit():
        try:
            sent = send_code(form.email.data, source=request.remote_addr, now=now())
        except Problem as problem:
            db.session.rollback()
            form.refuse(problem)
            status = problem.status
        else:
            db.session.commit()
            session["signing_in"] = sent.email
            return redirect(url_for(".code"))
    return render_template("account/sign_in.html", form=form), status


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
@public
def code():
    email = session.get("signing_in")
    if not email:
        return redirect(url_for(".sign_in"))
    form, status, ask_again = CodeForm(), 200, False
    if form.validate_on_submit():
        found = enter_code(email, form.code.data, source=request.remote_addr, now=now())
        if isinstance(found, Person):
            return let_in(found)
        db.session.commit()  # a wrong try counts
        status, ask_again = found.status, found.ask_again
        form.refuse(Problem(found.sentence, None if ask_again else "code"))  # without its box it has nothing to link to
    return render_template("account/code.html", form=form, email=email, ask_again=ask_again), status


def let_in(person: Person):
    """Begin a session in this browser and go on to where the person was going, over the second step if one is asked for."""
    moment, second = now(), second_factor.is_asked_for(person)
    token = sessions.begin(person, now=moment, waits=second)
    if second and second_factor.confirmed_of(person) is None:
        second_factor.begin_set_up(person, now=moment)
    db.session.commit()
    sessions.remember(token, now=moment)
    if second:
        return redirect(url_for("own_sign_in.second_step"))
    return redirect(_onward(person) if has_a_name(person) else url_for(".name"))


def _onward(person: Person) -> str:
    return safe_next(session.pop("next", None)) or home_of(person)


@blueprint.route("/sign-out", methods=["POST"])
@public
def sign_out():
    person = signed_in() or sessions.waiting(now=now())
    if person is not None:
        sessions.end(session["token"], by=person, now=now())
        db.session.commit()
    session.clear()
    flash("You are signed out.", "success")
    return redirect("/")


@blueprint.route("/work")
@needs("own_account")
def work():
    """The way back from any open page to what one does here."""
    return redirect(home_of(signed_in()))


@blueprint.route("/account")
@needs("own_account")
def account():
    person = signed_in()
    return render_template(
        "account/account.html",
        person=person,
        organisations=organisations_of(person),
        roles=[describe_role(grant) for grant in people.running(person, now())],
        sessions=sessions.running_of(person, now=now()),
    )


@blueprint.route("/account/name", methods=["GET", "POST"])
@needs("own_account")
def name():
    person = signed_in()
    is_new = not has_a_name(person)
    form = NameForm(name="" if is_new else person.name, phone=person.phone)
    if form.validate_on_submit():
        people.name_person(person, form.name.data, form.phone.data, by=person, now=now())
        db.session.commit()
        if is_new:
            return redirect(_onward(person))
        flash("Your name and telephone number are saved.", "success")
        return redirect(url_for(".account"))
    return render_template("account/name.html", form=form, is_new=is_new)


@blueprint.route("/account/sign-out-everywhere", methods=["POST"])
@needs("own_account")
def sign_out_everywhere():
    people.end_sessions(signed_in(), by=signed_in(), now=now())
    db.session.commit()
    session.clear()
    flash("You are signed out on every device.", "success")
    return redirect("/")


def describe_role(grant) -> dict:
    """A role in words: what, where, until when."""
    where = "everywhere"
    if grant.round_id:
        where = db.session.get_one(Round, grant.round_id).title
    elif grant.partnership_id:
        where = db.session.get_one(Partnership, grant.partnership_id).name
    return {"id": grant.id, "role": ROLES[grant.role], "where": where, "since": grant.granted_at, "until": grant.until}
