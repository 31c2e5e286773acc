"""For administrators: people and their roles, sessions, the audit log, the jobs and the mail that leaves."""

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import exists, func, or_, select

from fund import people, second_factor, sessions
from fund.core import audit, outbox, withholding
from fund.core.clock import london_moment, now
from fund.core.database import db
from fund.core.jobs import JOBS, last_runs
from fund.core.navigation import Link, audience_blueprint
from fund.core.pages import as_csv, page_from, sort_from
from fund.core.permissions import may, needs, signed_in
from fund.core.problems import Problem
from fund.forms_people import ReasonForm, RoleForm, choices
from fund.people import load_person
from fund.tables import ROLES, Partnership, Person, RoleGrant, Round
from fund.views.account import describe_role
from fund.views.searching import words_asked_for

blueprint = audience_blueprint("administrator", __name__, "staff")

PAGES = (
    ("People", "administrator.people", "manage_people"),
    ("Keeping and erasing", "keeping_office.index", "see_keeping"),
    ("Audit log", "administrator.audit_log", "read_audit_log"),
    ("Jobs", "administrator.jobs", "see_machinery"),
    ("Mail", "administrator.mail", "see_machinery"),
)


@blueprint.context_processor
def administration_sections():
    """The pages of administration for who is signed in; other blueprints of it use this too."""
    person = signed_in()
    shown = [
        Link(text, url_for(page), request.endpoint == page)
        for text, page, rule in PAGES
        if person is not None and may(person, rule)
    ]
    return {"section_navigation": shown, "section_label": "Administration"}


@blueprint.route("/office/people", endpoint="people")
@needs("manage_people")
def people_list():
    sort = sort_from({"name": func.lower(Person.name), "email": Person.email, "added": Person.created_at}, "name")
    query = sort.apply(_people_asked_for(), Person.id)
    if request.args.get("format") == "csv":
        rows = db.session.execute(query).all()
        held = _roles_of([row.id for row in rows])
        return as_csv(
            "people",
            ("Name", "Email", "Roles", "Added", "Closed"),
            (
                (r.name, r.email, ", ".join(held.get(r.id, ())), r.created_at.date(), r.disabled_at and "closed")
                for r in rows
            ),
        )
    page = page_from(query)
    return render_template(
        "administrator/people.html", page=page, sort=sort, roles=ROLES, held=_roles_of([row.id for row in page.rows])
    )


def _people_asked_for():
    query = select(Person.id, Person.name, Person.email, Person.created_at, Person.disabled_at)
    if words := words_asked_for("q"):
        query = query.where(or_(func.lower(Person.name).like(f"%{words}%"), Person.email.like(f"%{words}%")))
    if (role := request.args.get("role")) in ROLES:
        query = query.where(exists().where(RoleGrant.person_id == Person.id, RoleGrant.role == role, _holds(now())))
    state = request.args.get("state")
    if state in ("open", "closed"):
        query = query.where(Person.disabled_at.is_(None) if state == "open" else Person.disabled_at.is_not(None))
    return query


def _holds(moment):
    return RoleGrant.until.is_(None) | (RoleGrant.until > moment)


def _roles_of(keys: list[int]) -> dict[int, list[str]]:
    """The roles of these people in words, in one statement."""
    found: dict[int, list[str]] = {}
    wanted = select(RoleGrant.person_id, RoleGrant.role).where(RoleGrant.person_id.in_(keys), _holds(now()))
    for key, role in db.session.execute(wanted.order_by(RoleGrant.id)):
        found.setdefault(key, []).append(ROLES[role])
    return found


@blueprint.route("/office/people/<key:person_id>")
@needs("manage_people", person=load_person)
def person(person):
    return _person_page(person, _role_form())


def _person_page(person, form):
    return render_template(
        "administrator/person.html",
        person=person,
        form=form,
        is_me=person.id == signed_in().id,
        roles=[describe_role(grant) for grant in people.running(person, now())],
        sessions=sessions.running_of(person, now=now()),
        factor=second_factor.confirmed_of(person),
        must_have=second_factor.must_have(person),
        resets=second_factor.resets_of(person),
    )


def _role_form() -> RoleForm:
    form = RoleForm()
    places = [
        (f"partnership-{each.id}", each.name)
        for each in db.session.scalars(select(Partnership).order_by(Partnership.name))
    ]
    rounds = [
        (f"round-{each.id}", f"Only the round {each.title}")
        for each in db.session.scalars(select(Round).order_by(Round.id.desc()))
    ]
    everywhere = ("everywhere", "Everywhere (administrators, auditors)")
    form.where.choices = choices([("", "Choose where"), *places, *rounds, everywhere])
    return form


@blueprint.route("/office/people/<key:person_id>/roles", methods=["POST"])
@needs("manage_people", person=load_person)
def grant_role(person):
    form = _role_form()
    if form.validate_on_submit():
        try:
            people.grant_role(person, form.role.data, by=signed_in(), now=now(), until=_until(form), **_where(form))
        except Problem as problem:
            db.session.rollback()
            form.refuse(problem)
        else:
            db.session.commit()
            flash(f"{person.name} has the role. They have to sign in again.", "success")
            return redirect(url_for(".person", person_id=person.id))
    return _person_page(person, form)


def _where(form: RoleForm) -> dict:
    kind, _, key = form.where.data.partition("-")
    if kind == "everywhere":
        if form.role.data not in people.EVERYWHERE:
            raise Problem("Choose the partnership or the round that this role is for", "where")
        return {}
    return {kind: db.session.get_one(Partnership if kind == "partnership" else Round, int(key))}


def _until(form: RoleForm):
    """The end of the last day in London, or None."""
    day = form.until.data
    if day is None:
        return None
    from_midnight = now().replace(
        tzinfo=None, year=day.year, month=day.month, day=day.day, hour=23, minute=59, second=59
    )
    return london_moment(from_midnight, field="until")


@blueprint.route("/office/people/<key:person_id>/roles/<key:grant_id>/end", methods=["POST"])
@needs("manage_people", person=load_person)
def end_role(person, grant_id):
    grant = db.session.get(RoleGrant, grant_id)
    if grant is None or grant.person_id != person.id:
        raise Problem("This person does not have that role.")
    return _do(person, people.end_role, grant, done="The role has ended. They have to sign in again.")


@blueprint.route("/office/people/<key:person_id>/close", methods=["POST"])
@needs("manage_people", person=load_person)
def close(person):
    return _do(person, people.disable_person, person, done="The account is closed and signed out everywhere.")


@blueprint.route("/office/people/<key:person_id>/open", methods=["POST"])
@needs("manage_people", person=load_person)
def reopen(person):
    return _do(person, people.enable_person, person, done="The account is open again.")


@blueprint.route("/office/people/<key:person_id>/sign-out", methods=["POST"])
@needs("manage_people", person=load_person)
def end_sessions(person):
    return _do(person, people.end_sessions, person, done=f"{person.name} is signed out everywhere.")


@blueprint.route("/office/people/<key:person_id>/second-step", methods=["GET", "POST"])
@needs("manage_people", person=load_person)
def reset_second_step(person):
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            second_factor.reset(person, form.reason.data, by=signed_in(), now=now())
        except Problem as problem:
            db.session.rollback()
            form.refuse(problem)
        else:
            db.session.commit()
            flash(
                "Their app is forgotten. They are signed out, are told, and set up another at their next sign-in.",
                "success",
            )
            return redirect(url_for(".person", person_id=person.id))
    return render_template("administrator/reset_second_step.html", person=person, form=form)


def _do(person, act, thing, *, done: str):
    """One act, then back to the person's page with what happened."""
    try:
        act(thing, by=signed_in(), now=now())
    except Problem as problem:
        db.session.rollback()
        flash(problem.sentence, "error")
    else:
        db.session.commit()
        flash(done, "success")
    return redirect(url_for(".person", person_id=person.id))


@blueprint.route("/office/audit-log")
@needs("read_audit_log")
def audit_log():
    line = audit.AuditEvent
    sort = sort_from({"number": line.number, "action": line.action, "actor": line.actor}, "-number")
    query = select(
        line.number, line.at, line.actor, line.action, line.subject_type, line.subject_id, line.details, line.hash
    )
    if withholding.kept_from(signed_in()):
        query = query.where(~withholding.about(signed_in(), line.subject_type, line.subject_id, line.details))
    if action := words_asked_for("action"):
        query = query.where(line.action.startswith(action, autoescape=True))
    for name, column in (("actor", line.actor), ("subject", line.subject_type)):
        if words := words_asked_for(name):
            query = query.where(column == words)
    query = sort.apply(query, line.number.desc())
    if request.args.get("format") == "csv":
        headers = ("Number", "At (UTC)", "Who", "Action", "About", "Key", "Details", "Hash")
        return as_csv(
            "audit-log",
            headers,
            ((r.number, r.at.isoformat(), *r[2:6], str(r.details), r.hash) for r in db.session.execute(query)),
        )
    checked = "verify" in request.args
    return render_template(
        "administrator/audit_log.html",
        page=page_from(query),
        sort=sort,
        checked=checked,
        broken=audit.verify() if checked else None,
    )


@blueprint.route("/office/jobs")
@needs("see_machinery")
def jobs():
    last = {run.job: run for run in last_runs()}
    rows = [(job, last.get(job.name), _speak_cron(job.cron)) for _name, job in sorted(JOBS.items())]
    return render_template("administrator/jobs.html", rows=rows)


HOURS_BUT_ONE = "0,2-23"  # no job runs in the hour that the clocks may repeat or drop


def _speak_cron(cron: dict) -> str:
    """When a job runs, in words."""
    for unit in ("second", "minute", "hour"):
        if str(cron.get(unit, "")).startswith("*/"):
            return f"every {cron[unit][2:]} {unit}s"
    if str(cron.get("hour", "")) == HOURS_BUT_ONE:
        return f"every hour, {int(cron.get('minute', 0))} minutes past, but not between 1 and 2 am"
    if "hour" in cron:
        day = f" on {cron['day_of_week']}" if "day_of_week" in cron else ""
        return f"at {cron['hour']}:{int(cron.get('minute', 0)):02d}{day or ' every day'}"
    return ", ".join(f"{unit} {value}" for unit, value in cron.items())


MAIL_STATES = {"sent": "Sent", "waiting": "Waiting", "given_up": "Given up"}


@blueprint.route("/office/mail")
@needs("see_machinery")
def mail():
    row = outbox.OutboxMessage
    sort = sort_from(
        {"created": row.created_at, "recipient": row.recipient, "subject": row.subject, "tries": row.tries_count},
        "-created",
    )
    query = select(
        row.id,
        row.recipient,
        row.subject,
        row.created_at,
        row.sent_at,
        row.given_up_at,
        row.tries_count,
        row.last_error,
    )
    if withholding.kept_from(signed_in()):
        query = query.where(~withholding.named(signed_in(), row.subject, row.body))
    if words := words_asked_for("q"):
        query = query.where(func.lower(row.recipient).like(f"%{words}%") | func.lower(row.subject).like(f"%{words}%"))
    states = {
        "sent": row.sent_at.is_not(None),
        "waiting": row.sent_at.is_(None) & row.given_up_at.is_(None),
        "given_up": row.given_up_at.is_not(None),
    }
    if (state := request.args.get("state")) in states:
        query = query.where(states[state])
    query = sort.apply(query, row.id.desc())
    if request.args.get("format") == "csv":
        headers = ("To", "Subject", "Written (UTC)", "Sent (UTC)", "Tries", "Last problem")
        return as_csv(
            "mail",
            headers,
            (
                (r.recipient, r.subject, r.created_at, r.sent_at, r.tries_count, r.last_error)
                for r in db.session.execute(query)
            ),
        )
    return render_template("administrator/mail.html", page=page_from(query), sort=sort, states=MAIL_STATES)
