"""The ranked list on screen and as CSV: sorted, filtered, with the line where the pot ends."""

from flask import flash, redirect, request, url_for

from applications.workflow import APPLICATION
from fund.core.clock import now
from fund.core.database import db
from fund.core.money import plain_pounds, pounds
from fund.core.pages import as_csv
from fund.core.permissions import may, needs, signed_in
from fund.ledger import pot_of
from fund.tables import Round

from ..criteria import criteria_of
from ..loading import load_round
from ..ranking import freeze_ranking, latest_run, rank
from .office import blueprint, page

SORTS = {
    "position": lambda row: row.position,
    "reference": lambda row: row.reference,
    "organisation": lambda row: row.organisation.casefold(),
    "asked": lambda row: row.asked_pence,
    "total": lambda row: row.total if row.total is not None else -1,
    "spread": lambda row: row.spread,
}


@blueprint.route("/office/rounds/<key:round_id>/ranking")
@needs("see_ranking", round=load_round)
def ranking(round: Round):
    criteria, pot = criteria_of(round), pot_of(round)
    pot_pence = pot.total_pence if pot else 0
    rows = rank(round, criteria, pot_pence, reader=signed_in())
    sort = request.args.get("sort", "position")
    key = sort.removeprefix("-")
    sort, key = (sort, key) if key in SORTS else ("position", "position")
    wanted = request.args.get("priority", ""), request.args.get("q", "").strip().casefold()
    shown = [row for row in rows if _matches(row, *wanted)]
    shown.sort(key=SORTS[key], reverse=sort.startswith("-"))
    if request.args.get("format") == "csv":
        return _csv(round, criteria, shown)
    above = [row for row in rows if row.above_line]
    return page(
        "scoring/ranking.html", round, rows=_lines(shown, criteria), shown=len(shown), criteria=criteria, sort=sort, pot_pence=pot_pence,
        chosen_pence=sum(row.asked_pence for row in above), chosen=len(above), room_pence=pot_pence - sum(row.asked_pence for row in above), columns_count=8 + len(criteria), all=len(rows),
        run=latest_run(round),
        priority_options=[("", "Any"), *((code, f"Priority {code}") for code in sorted({row.priority for row in rows if row.priority}))],
        columns=[{"text": each.code, "numeric": True} for each in criteria],
        may_freeze=may(signed_in(), "freeze_ranking", round),
        draw_line=sort == "position" and not any(wanted),
    )  # fmt: skip


def _lines(rows, criteria):
    """The table's rows as plain words, in the order of the template's names: there may be a thousand of them."""
    states = {state.key: (state.colour, state.staff) for state in APPLICATION.states}
    codes = [each.code for each in criteria]
    for row in rows:
        marks = row.criteria or {}
        yield (
            row.above_line, row.total is not None and not row.stopped, row.position, row.reference, row.title,
            row.organisation, pounds(row.asked_pence), row.total, row.is_agreed, row.stopped, row.spread,
            [marks.get(code, "") for code in codes], pounds(row.adds_up_to), *states[row.status],
        )  # fmt: skip


def _matches(row, priority: str, words: str) -> bool:
    return (not priority or row.priority == priority) and (
        not words or words in f"{row.reference} {row.title} {row.organisation}".casefold()
    )


def _csv(round: Round, criteria, rows):
    headers = (
        "Position", "Reference", "Title", "Organisation", "Legal form", "Priority", "State", "Asked", "Total", "Members' mean",
        "Members counted", "Widest spread", *(f"{each.code} {each.title}" for each in criteria), "Adds up to", "Above the line",
        "Stopped",
    )  # fmt: skip
    lines = (
        (
            row.position, row.reference, row.title, row.organisation, row.legal_form, row.priority,
            APPLICATION.state(row.status).staff, plain_pounds(row.asked_pence), row.total, row.members_total, row.counted,
            row.spread, *((row.criteria or {}).get(each.code) for each in criteria), plain_pounds(row.adds_up_to),
            "yes" if row.above_line else "no", row.stopped,
        )
        for row in rows
    )  # fmt: skip
    return as_csv(f"ranking-{round.prefix}", headers, lines)


@blueprint.route("/office/rounds/<key:round_id>/ranking/freeze", methods=["POST"])
@needs("freeze_ranking", round=load_round)
def freeze(round: Round):
    run = freeze_ranking(round, by=signed_in(), now=now())
    db.session.commit()
    flash(f"The ranking is recorded. Its fingerprint begins {run.inputs_sha256[:12]}.", "success")
    return redirect(url_for(".ranking", round_id=round.id))
