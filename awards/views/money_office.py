"""For staff: where every penny of a round's pot is, by award and by movement."""

from flask import render_template, request
from sqlalchemy import Text, cast, select

from applications.tables import Application
from applications.workflow import APPLICATION
from awards.tables import Award
from fund.core.charts import ChartTable, stacked_bar
from fund.core.clock import in_london
from fund.core.database import db
from fund.core.money import plain_pounds, pounds
from fund.core.navigation import audience_blueprint
from fund.core.pages import as_csv, page_from, sort_from
from fund.core.permissions import needs
from fund.pot_shown import ShownPot, pot_shown
from fund.rounds import load_round
from fund.tables import LedgerEntry, Organisation, Person, Round
from fund.tables.pot import ENTRY_KINDS

blueprint = audience_blueprint("money_office", __name__, "staff")


def figure_of(pot: ShownPot):
    """The pot cut into paid, committed, offered and room, as a drawing with its table."""
    rows = [
        ("Paid and not recovered", pot.paid_pence - pot.recovered_pence),
        ("Committed, not paid yet", pot.committed_pence),
        ("Offered, not accepted yet", pot.offered_pence),
        ("Room", pot.room_pence),
    ]
    said = "; ".join(f"{name.lower()} {pounds(pence)}" for name, pence in rows)
    drawing = stacked_bar("The pot", f"Of {pounds(pot.total_pence)}{pot.note}: {said}.", rows, show=pounds)
    table = ChartTable.of(("Part", "Amount"), [*rows, ("Pot", pot.total_pence + pot.over_pence)], show=pounds)
    return drawing, table


@blueprint.route("/office/rounds/<key:round_id>/money")
@needs("see_money", round=load_round)
def show(round: Round):
    sort = sort_from({"at": LedgerEntry.at, "kind": LedgerEntry.kind, "amount": LedgerEntry.amount_pence, "award": Award.reference}, "-at")  # fmt: skip
    entries = sort.apply(_filtered(_entries(round)), LedgerEntry.id)
    if request.args.get("format") == "csv":
        return _export(round, entries)
    pot = pot_shown(round)
    return render_template(
        "awards/money.html", round=round, pot=pot, figure=figure_of(pot) if pot else None, awards=_awards(round),
        page=page_from(entries), sort=sort, kinds=ENTRY_KINDS, states={s.key: s for s in APPLICATION.states},
    )  # fmt: skip


def _entries(round: Round):
    return (
        select(
            LedgerEntry.id, LedgerEntry.kind, LedgerEntry.amount_pence, LedgerEntry.at, LedgerEntry.note,
            Award.id.label("award_id"), Award.reference, Person.name.label("person"),
        )
        .outerjoin(Award, LedgerEntry.about == "award-" + cast(Award.id, Text))
        .outerjoin(Person, Person.id == LedgerEntry.by_id)
        .where(LedgerEntry.round_id == round.id)
    )  # fmt: skip


def _filtered(query):
    if request.args.get("kind") in ENTRY_KINDS:
        query = query.where(LedgerEntry.kind == request.args["kind"])
    if words := request.args.get("q", "").strip()[:100]:
        query = query.where(Award.reference.icontains(words, autoescape=True))
    return query


def _awards(round: Round):
    """Each award with its sums, in one statement."""
    query = (
        select(
            Award.id, Award.reference, Organisation.name.label("organisation"), Application.status, Award.offered_pence,
            Award.committed_pence, Award.paid_pence, Award.recovered_pence,
        )
        .join(Application, Application.id == Award.application_id)
        .join(Organisation, Organisation.id == Award.organisation_id)
        .where(Award.round_id == round.id)
        .order_by(Award.reference)
    )  # fmt: skip
    return db.session.execute(query).all()


def _export(round: Round, query):
    headers = ("When", "Movement", "Amount", "Award", "By", "Note")
    lines = (
        (in_london(row.at).isoformat(timespec="minutes"), ENTRY_KINDS[row.kind], plain_pounds(row.amount_pence), row.reference,
         row.person or "the system", row.note)
        for row in db.session.execute(query)
    )  # fmt: skip
    return as_csv(f"ledger-{round.prefix}", headers, lines)
