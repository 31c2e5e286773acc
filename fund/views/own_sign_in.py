"""For everybody: the second step of signing in, showing again that it is you, and another e-mail address."""

from flask import flash, redirect, render_template, request, session, url_for

from fund import email_change, second_factor, sessions
from fund.core.clock import now
from fund.core.database import db
from fund.core.navigation import audience_blueprint
from fund.core.pdf.as_html import qr_svg
from fund.core.permissions import needs, public, signed_in
from fund.core.problems import Problem
from fund.forms_people import CodeForm, NewEmailForm, SecondStepForm
from fund.landing import home_of, safe_next
from fund.sign_in import Refused, check_code, has_a_name, send_code
from fund.views.fresh import fresh_sign_in

blueprint = audience_blueprint("own_sign_in", __name__, "public")


@blueprint.route("/sign-in/second-step", methods=["GET", "POST"])
@public
def second_step():
    """All that opens to a session that still waits: the code of the app, or setting up the app."""
    person = sessions.waiting(now=now())
    if person is None:
        return redirect(url_for("accounts.sign_in"))
    if second_factor.confirmed_of(person) is None:
        return _set_up(person, lambda: sessions.complete(session["token"]), _onward(person), own=False)
    form = SecondStepForm()
    if form.validate_on_submit():
        refusal = second_factor.give_code(person, form.code.data, now=now())
        if refusal is None:
            sessions.complete(session["token"])
            db.session.commit()
            where = _onward(person)
            session.pop("next", None)
            return redirect(where)
        db.session.commit()  # a wrong try counts
        form.refuse(Problem(refusal, "code"))
    return render_template("account/second_step.html", form=form, person=person), _status(form)


def _status(form) -> int:
    return 429 if second_factor.PAUSED in form.code.errors else 200


def _onward(person) -> str:
    return (safe_next(session.get("next")) or home_of(person)) if has_a_name(person) else url_for("accounts.name")


def _set_up(person, then, onward: str, *, own: bool):
    """Show the secret and take the first code. The recovery codes are in the answer itself: no page shows them a second time."""
    form = SecondStepForm()
    if form.validate_on_submit():
        found = second_factor.confirm(person, form.code.data, now=now())
        if isinstance(found, list):
            then()
            db.session.commit()
            return render_template("account/recovery_codes.html", codes=found, onward=onward)
        db.session.commit()  # a wrong try counts
        form.refuse(Problem(found, "code"))
    factor = second_factor.factor_of(person)
    if factor is None:
        return redirect(url_for("accounts.sign_in"))
    picture = qr_svg(second_factor.address_for_app(factor, person), "The code to scan with your app")
    secret = second_factor.secret_of(factor)
    spaced = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    page = render_template("account/set_up_app.html", form=form, picture=picture, secret=spaced, own=own)
    return page, _status(form)


@blueprint.route("/account/second-step")
@needs("own_account")
def own_second_step():
    person = signed_in()
    return render_template(
        "account/own_second_step.html",
        factor=second_factor.confirmed_of(person),
        left=second_factor.codes_left(person),
        must=second_factor.must_have(person),
    )


@blueprint.route("/account/second-step/app", methods=["GET", "POST"])
@needs("own_account")
@fresh_sign_in
def set_up():
    if second_factor.confirmed_of(signed_in()) is not None or second_factor.factor_of(signed_in()) is None:
        return redirect(url_for(".own_second_step"))
    return _set_up(signed_in(), lambda: None, url_for(".own_second_step"), own=True)


@blueprint.route("/account/second-step/start", methods=["GET", "POST"])
@needs("own_account")
@fresh_sign_in
def start():
    """A first app, or another telephone in place of the old one."""
    person, factor = signed_in(), second_factor.confirmed_of(signed_in())
    form = SecondStepForm()
    if factor is None and request.method == "POST":
        second_factor.begin_set_up(person, now=now())
    elif factor is not None and form.validate_on_submit():
        refusal = second_factor.give_code(person, form.code.data, now=now())
        if refusal is not None:
            db.session.commit()
            form.refuse(Problem(refusal, "code"))
            return render_template("account/another_app.html", form=form, factor=factor), _status(form)
        second_factor.replace_app(person, now=now())
    else:
        return render_template("account/another_app.html", form=form, factor=factor)
    db.session.commit()
    return redirect(url_for(".set_up"))


@blueprint.route("/account/second-step/codes", methods=["GET", "POST"])
@needs("own_account")
@fresh_sign_in
def recovery_codes():
    if second_factor.confirmed_of(signed_in()) is None:
        return redirect(url_for(".own_second_step"))
    if request.method == "GET":
        return render_template("account/new_codes.html", left=second_factor.codes_left(signed_in()))
    codes = second_factor.make_recovery_codes(signed_in(), now=now())
    db.session.commit()
    return render_template("account/recovery_codes.html", codes=codes, onward=url_for(".own_second_step"))


@blueprint.route("/account/second-step/stop", methods=["POST"])
@needs("own_account")
@fresh_sign_in
def stop():
    second_factor.stop(signed_in(), now=now())
    db.session.commit()
    flash("You sign in with the emailed code alone from now on.", "success")
    return redirect(url_for(".own_second_step"))


@blueprint.route("/account/confirm", methods=["GET", "POST"])
@needs("own_account")
def confirm():
    """Show again that it is you: the button sends a code, the code makes the session fresh."""
    person = signed_in()
    form, sent, ask_again = CodeForm(), session.get("confirming") == person.id, False
    if request.method == "POST" and "send" in request.form:
        return _send_to_self(person)
    if sent and form.validate_on_submit():
        found = check_code(person.email, form.code.data, source=request.remote_addr, now=now(), purpose="confirm")
        if not isinstance(found, Refused):
            sessions.refresh(session["token"], by=person, now=now())
            db.session.commit()
            session.pop("confirming", None)
            return redirect(safe_next(session.pop("next", None)) or url_for("accounts.account"))
        db.session.commit()  # a wrong try counts
        ask_again = found.ask_again
        form.refuse(Problem(found.sentence, None if ask_again else "code"))
    return render_template("account/confirm.html", form=form, person=person, sent=sent, ask_again=ask_again)


def _send_to_self(person):
    try:
        send_code(person.email, source=request.remote_addr, now=now(), purpose="confirm")
    except Problem as problem:
        db.session.rollback()
        flash(problem.sentence, "error")
    else:
        db.session.commit()
        session["confirming"] = person.id
    return redirect(url_for(".confirm"))


@blueprint.route("/account/email", methods=["GET", "POST"])
@needs("own_account")
@fresh_sign_in
def new_email():
    form = NewEmailForm()
    if form.validate_on_submit():
        try:
            sent = email_change.ask(signed_in(), form.email.data, source=request.remote_addr, now=now())
        except Problem as problem:
            db.session.rollback()
            form.refuse(problem)
        else:
            db.session.commit()
            session["new_email"] = sent
            return redirect(url_for(".new_email_code"))
    return render_template("account/new_email.html", form=form, person=signed_in())


@blueprint.route("/account/email/code", methods=["GET", "POST"])
@needs("own_account")
@fresh_sign_in
def new_email_code():
    email = session.get("new_email")
    if not email:
        return redirect(url_for(".new_email"))
    form, ask_again = CodeForm(), False
    if form.validate_on_submit():
        refused = email_change.change(
            signed_in(), email, form.code.data, token=session["token"], source=request.remote_addr, now=now()
        )
        db.session.commit()  # a wrong try counts
        if refused is None:
            session.pop("new_email", None)
            flash("Your new email address is saved. Sign in with it from now on.", "success")
            return redirect(url_for("accounts.account"))
        ask_again = refused.ask_again
        form.refuse(Problem(refused.sentence, None if ask_again else "code"))
    return render_template("account/new_email_code.html", form=form, email=email, ask_again=ask_again)
