"""For the fund's office: the bids of a round, sorted, filtered, searched, taken away."""

from collections.abc import Sequence
from textwrap import shorten

from flask import render_template, request
from sqlalchemy import func, or_, select

from fund.core.clock import now, speak_moment
from fund.core.database import db
from fund.core.money import plain_pounds
from fund.core.navigation import audience_blueprint
from fund.core.pages import as_csv, page_from, sort_from
from fund.core.permissions import may, needs, signed_in
from fund.rounds import load_round
from fund.strategies.legal_form import legal_forms
from fund.tables import Organisation, Priority, Round, RoundPriority

from ..tables import Application
from ..tables.packs import CAME_BY
from ..workflow import APPLICATION

blueprint = audience_blueprint("applications_office", __name__, "staff")

SORTS = {
    "reference": Application.reference,
    "title": func.lower(Application.title),
    "organisation": func.lower(Organisation.name),
    "priority": Priority.code,
    "status": Application.status,
    "asked": Application.requested_pence,
    "sent": Application.submitted_at,
}


def _query(round: Round):
    wanted = (
        select(
            Application.id, Application.reference, Application.title, Application.status, Application.requested_pence,
            Application.submitted_at, Application.late_until, Application.source, Organisation.name.label("organisation"), Organisation.legal_form,
            Priority.code.label("priority"),
        )
        .join(Organisation, Organisation.id == Application.organisation_id)
        .outerjoin(Priority, Priority.id == Application.priority_id)
        .where(Application.round_id == round.id)
    )  # fmt: skip
    return _filtered(wanted)


def _filtered(wanted):
    asked = {name: request.args.get(name, "").strip()[:100] for name in ("status", "priority", "legal-form", "q")}
    if asked["status"] in APPLICATION.keys:
        wanted = wanted.where(Application.status == asked["status"])
    if asked["priority"]:
        wanted = wanted.where(Priority.code == asked["priority"])
    if asked["legal-form"]:
        wanted = wanted.where(Organisation.legal_form == asked["legal-form"])
    if asked["q"] and "\x00" not in asked["q"]:
        like = "%" + asked["q"].lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        columns = (Application.reference, Application.title, Organisation.name)
        wanted = wanted.where(or_(*(func.lower(column).like(like, escape="\\") for column in columns)))
    return wanted


def _filters(round: Round) -> Sequence[dict]:
    codes = (
        select(Priority.code, Priority.title)
        .join(RoundPriority, RoundPriority.priority_id == Priority.id)
        .where(RoundPriority.round_id == round.id)
    )
    given = request.args
    return [
        {"name": "q", "label": "Reference, name or organisation", "value": given.get("q")},
        {"name": "status", "label": "State", "value": given.get("status"), "options": [("", "All"), *((state.key, state.staff) for state in APPLICATION.states)]},
        {"name": "priority", "label": "Priority", "value": given.get("priority"), "options": [("", "All"), *((code, f"{code}: {shorten(title, 70, placeholder='…')}") for code, title in db.session.execute(codes.order_by(RoundPriority.position)))]},
        {"name": "legal-form", "label": "Legal form", "value": given.get("legal-form"), "options": [("", "All"), *((form.key, form.label) for form in legal_forms())]},
    ]  # fmt: skip


@blueprint.route("/office/rounds/<key:round_id>/applications")
@needs("read_applications", round=load_round)
def list(round: Round):
    """One row query, one loop. ?format=csv takes the same rows away."""
    query = sort_from(SORTS, "reference").apply(_query(round), Application.id)
    labels = {form.key: form.label for form in legal_forms()}
    if request.args.get("format") == "csv":
        return _csv(round, query, labels)
    page = page_from(query)
    return render_template(
        "applications/office/list.html",
        round=round,
        page=page,
        filters=_filters(round),
        filtered=any(request.args.get(name) for name in ("q", "status", "priority", "legal-form")),
        sort=request.args.get("sort", "reference"),
        states={state.key: state for state in APPLICATION.states},
        labels=labels,
        now_=now(),
        ways=CAME_BY,
        may_key=round.status == "published" and may(signed_in(), "key_in_bids", round),
    )


def _csv(round: Round, query, labels):
    rows = (
        (
            row.reference, row.title, row.organisation, labels.get(row.legal_form, row.legal_form), row.priority,
            APPLICATION.state(row.status).staff, plain_pounds(row.requested_pence), speak_moment(row.submitted_at), CAME_BY.get(row.source, "Online"),
        )
        for row in db.session.execute(query)
    )  # fmt: skip
    headers = (
        "Reference",
        "Project",
        "Organisation",
        "Legal form",
        "Priority",
        "State",
        "Asked for (pounds)",
        "Sent",
        "Came in",
    )
    return as_csv(f"bids-of-round-{round.id}", headers, rows)
