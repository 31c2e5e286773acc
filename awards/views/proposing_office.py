"""For decision makers: the decisions of a whole round on one page, drafted, changed and proposed together."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for

from awards import proposing
from awards.proposing import Choice, Draft
from awards.tables.decisions import DECISION_KINDS
from fund import ledger
from fund.core.clock import now
from fund.core.database import db
from fund.core.forms import LONGEST_TEXT, clean, showable, unkeepable
from fund.core.money import parse_pounds, plain_pounds, pounds
from fund.core.navigation import audience_blueprint
from fund.core.permissions import needs, signed_in
from fund.core.problems import Problem
from fund.rounds import load_round
from fund.tables import Round
from scoring.planning import scenarios_of
from scoring.tables import Scenario

blueprint = audience_blueprint("proposing_office", __name__, "staff")


@dataclass
class Line:
    """One bid on the page: its draft, what stands in its boxes, and what is wrong with it (the box's name, the sentence)."""

    draft: Draft
    kind: str
    amount: str
    reasons: str
    problem: str = ""
    box: str = ""

    @property
    def key(self) -> int:
        return self.draft.application.id


@blueprint.route("/office/rounds/<key:round_id>/decisions/propose", methods=["GET", "POST"])
@needs("approve_decisions", round=load_round)
def propose(round: Round):
    """All undecided bids, drafted from the scenario that the address names, or from the ranking."""
    scenarios = scenarios_of(round, signed_in())
    asked = request.values.get("scenario", "")
    scenario = next((each for each in scenarios if str(each.id) == asked), None)
    lines = [_line(draft) for draft in proposing.drafts_of(round, scenario)]
    refusal = ""
    if request.method == "POST":
        refusal = _propose(round, lines)
        if not refusal:
            return redirect(url_for("decisions_office.index", round_id=round.id))
    return _page(round, lines, scenarios, scenario, refusal)


def _line(draft: Draft) -> Line:
    return Line(draft, draft.kind, plain_pounds(draft.amount), draft.reasons_for(draft.kind))


def _propose(round: Round, lines: list[Line]) -> str:
    """Propose what was sent; the sentence that refuses it, or nothing. What was typed stays in the lines."""
    choices = {line.key: choice for line in lines if (choice := _read(line)) is not None}
    if any(line.problem for line in lines):
        return "Some decisions cannot be proposed yet. Nothing was changed."
    try:
        made = proposing.propose_many(round, choices, by=signed_in(), now=now())
    except proposing.Refused as refused:
        db.session.rollback()
        for line in lines:
            if problem := refused.problems.get(line.key):
                line.problem, line.box = problem.sentence, problem.field or "kind"
        return refused.sentence
    except Problem as problem:
        db.session.rollback()
        return problem.sentence
    db.session.commit()
    flash(f"{len(made)} {'decision waits' if len(made) == 1 else 'decisions wait'} for another decision maker.", "success")  # fmt: skip
    return ""


def _read(line: Line) -> Choice | None:
    """What was sent for one bid. A bid that was not on the sender's page is left as it is."""
    kind = request.form.get(f"kind-{line.key}")
    if kind is None:
        line.kind = proposing.LEAVE
        return None
    line.kind = kind if kind in DECISION_KINDS else proposing.LEAVE
    line.amount = request.form.get(f"amount-{line.key}", "").strip()[:40]
    typed = clean(request.form.get(f"reasons-{line.key}", ""))
    line.reasons = showable(typed)
    if line.kind == proposing.LEAVE:
        return None
    if unkeepable(typed) or len(typed) > LONGEST_TEXT:
        line.problem, line.box = "Remove the characters that are not letters, numbers or signs", "reasons"
        return None
    if _are_of_the_other_kind(line):
        line.reasons, line.box = line.draft.reasons_for(line.kind), "reasons"
        line.problem = (
            "The reasons were drafted for another decision. They are drafted anew: read them, then propose again"
        )
        return None
    try:
        pence = parse_pounds(line.amount, "amount") if line.kind == "offer" else None
    except Problem as problem:
        line.problem, line.box = problem.sentence, "amount"
        return None
    return Choice(line.kind, pence, typed)


def _are_of_the_other_kind(line: Line) -> bool:
    """Whether the decision was changed from a yes to a no, or back, and nobody touched the drafted reasons."""
    yes, no = (" ".join(line.draft.said[each].split()) for each in (True, False))
    return yes != no and " ".join(line.reasons.split()) == (no if line.kind == "offer" else yes)


def _page(round: Round, lines: list[Line], scenarios: list[Scenario], scenario: Scenario | None, refusal: str):
    pot = ledger.pot_of(round)
    offers = [line for line in lines if line.kind == "offer"]
    errors = [(f"{line.box}-{line.key}", f"{line.draft.application.reference}: {line.problem}") for line in lines if line.problem]  # fmt: skip
    return render_template(
        "awards/propose_many.html", round=round, lines=lines, scenarios=scenarios, scenario=scenario, pot=pot, refusal=refusal,
        errors=errors, judged=proposing.still_judged(round), kinds=DECISION_KINDS, offers=len(offers), drafted=pounds(sum(line.draft.amount or 0 for line in lines)),
    )  # fmt: skip
