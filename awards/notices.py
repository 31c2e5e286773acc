"""The decision notice: a draft for the commissioner's published decision log, as a page and a PDF with the same words."""

from datetime import UTC, datetime

from sqlalchemy import func, select

from applications.tables import Application
from fund.core.clock import speak_day, speak_moment
from fund.core.database import db
from fund.core.money import pounds
from fund.core.pdf import blocks
from fund.core.pdf.document import Document
from fund.pot_shown import pot_shown
from scoring.tables import Conflict

from .letter_facts import LEGAL_POWER, round_words
from .ranks import ranks_of
from .tables import Decision
from .tables.decisions import DECISION_KINDS

STATES = {
    "waiting": "Draft: waits for a second person",
    "replaced": "Replaced by a later decision",
    "approved": "Approved",
}


def state_of(decision: Decision) -> str:
    """ "waiting", "replaced" or "approved"."""
    if decision.superseded_at is not None:
        return "replaced"
    return "waiting" if decision.approved_at is None else "approved"


def notice_of(decision: Decision, site: str) -> Document:
    """The notice of one decision. It names the people who decided and nobody of the applicant's."""
    application = decision.application
    partnership = application.round.fund.partnership
    moment = (decision.approved_at or decision.proposed_at).astimezone(UTC)
    return Document(
        title=f"Decision notice {application.reference}",
        blocks=[
            blocks.Heading(1, f"Decision notice: {application.title or application.reference}"),
            blocks.KeyValue(_heads(decision, moment)),
            blocks.Heading(2, "What is decided"),
            blocks.Paragraph(_what(decision)),
            *_why_direct(decision),
            blocks.Heading(2, "Reasons"),
            blocks.Paragraph(decision.reasons),
            *_conditions(decision),
            blocks.Heading(2, "What was considered"),
            blocks.BulletList(_considered(application)),
            blocks.Heading(2, "Money"),
            blocks.KeyValue(_money(decision)),
            blocks.Heading(2, "Legal power and interests"),
            blocks.Paragraph(LEGAL_POWER),
            blocks.Paragraph(_interests(application)),
            blocks.Heading(2, "Publication"),
            blocks.Paragraph(
                f"The award, its purpose, conditions and reasons are published at {site}/register when it is accepted. "
                f"Questions and complaints: {partnership.email}."
            ),
        ],
        created_at=moment,
        letterhead=blocks.Letterhead(partnership.name, [partnership.funder_name, *partnership.letterhead]),
        reference=f"{application.reference}, decision {decision.id}",
        author=partnership.funder_name,
        subject=f"Decision notice {application.reference}",
    )


def _heads(decision: Decision, moment: datetime) -> list[tuple[str, str]]:
    application = decision.application
    rows = [
        ("Reference", application.reference),
        ("State", STATES[state_of(decision)]),
        ("Organisation", application.organisation.name),
        ("Fund and round", f"{application.round.fund.name}, {round_words(application.round)}"),
        ("Proposed by", f"{decision.proposed_by.name}, {speak_moment(decision.proposed_at)}"),
    ]
    if decision.approved_by is not None:
        rows.append(("Approved by", f"{decision.approved_by.name}, {speak_moment(decision.approved_at)}"))
    return [*rows, ("Date", speak_day(moment))]


def _what(decision: Decision) -> str:
    application = decision.application
    if decision.kind == "offer":
        return (
            f"To offer {application.organisation.name} a grant of {pounds(decision.amount_pence)} for “{application.title}”. "
            f"They asked for {pounds(application.requested_pence)}."
        )
    ends = {"reserve": "to put the bid on the reserve list", "reject": "not to fund the bid"}[decision.kind]
    return f"{DECISION_KINDS[decision.kind]}: {ends} “{application.title}” of {application.organisation.name}."


def _why_direct(decision: Decision) -> list[blocks.Block]:
    if not decision.direct_reason:
        return []
    return [blocks.Heading(2, "Why without competition"), blocks.Paragraph(decision.direct_reason)]


def _conditions(decision: Decision) -> list[blocks.Block]:
    if decision.kind != "offer":
        return []
    own = decision.conditions or ["None of its own"]
    return [blocks.Heading(2, "Conditions"), blocks.Paragraph("The standard conditions of the fund, and:"), blocks.BulletList(own)]  # fmt: skip


def _considered(application: Application) -> list[str]:
    place, total = ranks_of(application.round).get(application.id, (None, None))
    found = [f"The panel put it in place {place} with {total} of 100 points."] if place else ["The panel has not scored it."]  # fmt: skip
    count = db.session.scalar(
        select(func.count()).select_from(Application).where(Application.round_id == application.round_id, Application.submitted_at.isnot(None))
    )  # fmt: skip
    found.append(f"{count} {'bid' if count == 1 else 'bids'} came in this round.")
    if application.priority:
        found.append(f"It answers priority {application.priority.code}: {application.priority.title.rstrip('.')}.")
    return found


def _money(decision: Decision) -> list[tuple[str, str]]:
    pot = pot_shown(decision.application.round)
    if pot is None:
        return [("Pot", "Not set")]
    rows = [("Pot of the round", pounds(pot.total_pence)), ("Room now", pounds(pot.room_pence) + pot.note)]
    if decision.kind == "offer" and state_of(decision) == "waiting":
        rows.append(("Room after this decision", pounds(pot.room_pence - (decision.amount_pence or 0))))
    return rows


def _interests(application: Application) -> str:
    wanted = (Conflict.application_id == application.id, Conflict.conflicted)
    count = db.session.scalar(select(func.count()).select_from(Conflict).where(*wanted))
    declared = f"{count} panel member{'s' if count != 1 else ''} declared a conflict of interest and took no part." if count else "No panel member declared a conflict of interest."  # fmt: skip
    return f"{declared} Nobody who decided judged this bid or belongs to the applicant."
