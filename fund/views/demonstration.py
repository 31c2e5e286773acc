"""For whoever tries the product out: be anybody of the story with one button, and read the mail that was "sent".

These pages exist in demonstration mode only. In production there is no such address.
"""

from flask import abort, current_app, flash, redirect, render_template, request, session, url_for
from sqlalchemy import func, select

from fund import sessions
from fund.core import outbox
from fund.core.clock import now
from fund.core.database import db
from fund.core.navigation import audience_blueprint
from fund.core.pages import page_from
from fund.core.permissions import public, signed_in
from fund.demonstration import BY_KEY, CAST, GROUPS, TOUR, cast_member
from fund.landing import leads_somewhere
from fund.tables import Person

blueprint = audience_blueprint("demonstration", __name__, "public")


@blueprint.before_request
def only_in_demonstration():
    if not current_app.config["SETTINGS"].is_demonstration:
        abort(404)


@blueprint.route("/demo")
@public
def index():
    there = set(db.session.scalars(select(Person.cast_as).where(Person.cast_as.is_not(None))))
    groups = [(title, text, [each for each in CAST if each.group == title]) for title, text in GROUPS.items()]
    waiting = db.session.scalar(select(func.count()).select_from(outbox.OutboxMessage))
    return render_template("demo/index.html", groups=groups, tour=TOUR, there=there, mail_count=waiting, me=signed_in())


@blueprint.route("/demo/sign-in/<word:cast>", methods=["POST"])
@public
def be(cast):
    person = cast_member(cast)
    if person is None:
        abort(404)
    moment = now()
    _leave(moment)
    token = sessions.begin(person, now=moment)
    db.session.commit()
    session.clear()
    sessions.remember(token, now=moment)
    part = BY_KEY[cast].part
    flash(f"You are now {person.name} ({part[:1].lower()}{part[1:]}).")
    start = _start(BY_KEY[cast])
    return redirect(start if leads_somewhere(start) else url_for("accounts.account"))


@blueprint.route("/demo/sign-in", methods=["POST"])
@public
def be_the_public():
    _leave(now())
    db.session.commit()
    session.clear()
    flash("You are a member of the public, not signed in.")
    return redirect("/")


def _start(part) -> str:
    """Where this person begins: their first page, or the other one that their card offers."""
    also = {address for _text, address in part.also}
    asked = request.form.get("start")
    return asked if asked in also else part.starts_at


def _leave(moment) -> None:
    if signed_in() is not None:
        sessions.end(session["token"], by=signed_in(), now=moment)


@blueprint.route("/demo/mail")
@public
def mail():
    row = outbox.OutboxMessage
    query = select(row.id, row.recipient, row.subject, row.created_at, Person.name).outerjoin(
        Person, Person.email == row.recipient
    )
    recipient = request.args.get("to", "")
    if recipient:
        query = query.where(row.recipient == recipient.replace("\x00", ""))
    wanted = select(row.recipient, func.count()).group_by(row.recipient).order_by(row.recipient)
    recipients = [(email, f"{email} ({count})") for email, count in db.session.execute(wanted)]
    return render_template(
        "demo/mail.html", page=page_from(query.order_by(row.created_at.desc(), row.id.desc())), recipients=recipients
    )


@blueprint.route("/demo/mail/<key:message_id>")
@public
def message(message_id):
    row = db.session.get(outbox.OutboxMessage, message_id)
    if row is None:
        abort(404)
    return render_template("demo/message.html", message=row)
