"""The chapter of the decision pack that says what was decided, by whom, and why."""

from sqlalchemy import select

from applications.tables import Application
from fund.core.database import db
from fund.core.money import pounds
from fund.core.pdf.blocks import Block, Heading, KeyValue, Paragraph
from fund.tables import Round
from scoring.pack.names import Names
from scoring.pack.parts import add_part, iso, said

from .tables import Decision
from .tables.decisions import DECISION_KINDS


def decisions(round: Round, names: Names) -> list[dict]:
    """Every decision about the round's bids, superseded ones too, by reference and moment."""
    query = select(Decision, Application.reference).join(Application, Application.id == Decision.application_id)
    rows = [
        {
            "reference": reference, "kind": DECISION_KINDS[row.kind], "amount_pence": row.amount_pence,
            "reasons": names.text(row.reasons), "proposed_at": iso(row.proposed_at), "proposed_by": names.of(row.proposed_by_id),
            "approved_at": iso(row.approved_at), "approved_by": row.approved_by_id and names.of(row.approved_by_id),
            "superseded_at": iso(row.superseded_at), "superseded_why": names.text(row.superseded_why),
        }
        for row, reference in db.session.execute(query.where(Application.round_id == round.id))
    ]  # fmt: skip
    return sorted(rows, key=lambda each: (each["reference"], each["proposed_at"], each["kind"]))


def decisions_in_words(facts: list[dict]) -> list[Block]:
    found: list[Block] = []
    for each in facts:
        found.append(Heading(3, f"{each['reference']}: {each['kind']}"))
        rows = [("Proposed", f"{each['proposed_by']}, {said(each['proposed_at'])}")]
        if each["amount_pence"] is not None:
            rows.insert(0, ("Amount", pounds(each["amount_pence"])))
        rows.append(("Approved", f"{each['approved_by']}, {said(each['approved_at'])}" if each["approved_at"] else "not yet"))  # fmt: skip
        if each["superseded_at"]:
            rows.append(("Superseded", f"{said(each['superseded_at'])}. {each['superseded_why']}".strip()))
        found += [KeyValue([*rows, ("Reasons", each["reasons"])])]
    return found or [Paragraph("Nothing is decided yet.")]


add_part(100, "decisions", "Decisions", decisions, decisions_in_words)
