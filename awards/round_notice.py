"""One decision notice for a whole round: a draft for the commissioner's published log, as page, PDF and Word with the same words.

It names the organisations that are offered money and nobody who is turned down: the law asks for the grants.
"""

from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from applications.tables import Application
from fund import ledger
from fund.core.clock import speak_day
from fund.core.database import db
from fund.core.money import pounds
from fund.core.pdf import blocks
from fund.core.pdf.document import Document
from fund.core.pdf.runs import Bold, Text
from fund.tables import Round
from scoring.tables import Conflict

from .letter_facts import LEGAL_POWER, round_words
from .tables import Decision


def decisions_of(round: Round) -> list[Decision]:
    """The decisions of a round that hold or wait, by reference."""
    bid = joinedload(Decision.application).joinedload(Application.organisation)
    wanted = (
        select(Decision).join(Application).where(Application.round_id == round.id, Decision.superseded_at.is_(None))
    )
    wanted = wanted.options(bid, joinedload(Decision.proposed_by), joinedload(Decision.approved_by))
    return list(db.session.scalars(wanted.order_by(Application.reference)))


def state_of(decisions: list[Decision]) -> str:
    """ "none", "waiting" while one waits for its second person, or "approved"."""
    if not decisions:
        return "none"
    return "waiting" if any(each.approved_at is None for each in decisions) else "approved"


def round_notice(round: Round, decisions: list[Decision], site: str) -> Document:
    """The notice of all decisions of a round; there must be one at least."""
    partnership = round.fund.partnership
    moment = max(each.approved_at or each.proposed_at for each in decisions).astimezone(UTC)
    offers = [each for each in decisions if each.kind == "offer"]
    return Document(
        title=f"Decision notice {round.title}",
        blocks=[
            blocks.Heading(1, f"Decision notice: {round.title}"),
            blocks.KeyValue(_heads(round, decisions, moment)),
            blocks.Heading(2, "What is decided"),
            blocks.Paragraph(_what(decisions, offers)),
            *_offers(offers),
            *_reasons(offers),
            blocks.Heading(2, "What was considered"),
            blocks.Paragraph(_considered(round)),
            blocks.Heading(2, "Money"),
            blocks.KeyValue(_money(round, offers)),
            blocks.Heading(2, "Legal power and interests"),
            blocks.Paragraph(LEGAL_POWER),
            blocks.Paragraph(_interests(round)),
            blocks.Heading(2, "Publication"),
            blocks.Paragraph(
                f"Each award, its purpose, conditions and reasons are published at {site}/register when it is accepted. "
                f"Questions and complaints: {partnership.email}."
            ),
        ],
        created_at=moment,
        letterhead=blocks.Letterhead(partnership.name, [partnership.funder_name, *partnership.letterhead]),
        reference=f"{round.prefix}, decision notice",
        author=partnership.funder_name,
        subject=f"Decision notice {round.title}",
    )


def _heads(round: Round, decisions: list[Decision], moment: datetime) -> list[tuple[Text, Text]]:
    waits = sum(each.approved_at is None for each in decisions)
    state = f"Draft: {waits} of {len(decisions)} decisions wait for a second person" if waits else "Approved"
    rows: list[tuple[Text, Text]] = [
        ("Fund and round", f"{round.fund.name}, {round_words(round)}"),
        ("State", state),
        ("Proposed by", _names(each.proposed_by for each in decisions)),
    ]
    if approvers := _names(each.approved_by for each in decisions if each.approved_by):
        rows.append(("Approved by", approvers))
    return [*rows, ("Date", speak_day(moment))]


def _names(people) -> str:
    return ", ".join(sorted({person.name for person in people}))


def _what(decisions: list[Decision], offers: list[Decision]) -> str:
    kinds = [each.kind for each in decisions]
    said = [
        f"To offer {_count(len(offers), 'grant')} of {pounds(sum(each.amount_pence or 0 for each in offers))} in all"
    ]
    if reserved := kinds.count("reserve"):
        said.append(f"to keep {_count(reserved, 'bid')} on the reserve list")
    if refused := kinds.count("reject"):
        said.append(f"not to fund {_count(refused, 'bid')}")
    return ", ".join(said) + "."


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _offers(offers: list[Decision]) -> list[blocks.Block]:
    if not offers:
        return []
    rows: list[list[Text]] = [
        [each.application.reference, each.application.organisation.name, each.application.title or "", pounds(each.amount_pence)]
        for each in offers
    ]  # fmt: skip
    total = ["All", "", "", pounds(sum(each.amount_pence or 0 for each in offers))]
    return [blocks.Table(["Reference", "Organisation", "Purpose", "Amount"], rows, caption="Grants offered", widths=[2, 3, 3, 2], numeric=[3], row_headers=True, total=total)]  # fmt: skip


def _reasons(offers: list[Decision]) -> list[blocks.Block]:
    if not offers:
        return []
    lines: list[Text] = [
        [Bold(f"{each.application.reference}. "), each.reasons, *_besides(each)] for each in offers
    ]  # fmt: skip
    return [blocks.Heading(2, "Reasons and conditions"), blocks.Paragraph("The standard conditions of the fund hold for every grant."), blocks.BulletList(lines)]  # fmt: skip


def _besides(decision: Decision) -> list[str]:
    found = [f" Awarded without competition: {decision.direct_reason}"] if decision.direct_reason else []
    return found + [f" Condition of its own: {each}" for each in decision.conditions]


def _considered(round: Round) -> str:
    sent = (Application.round_id == round.id, Application.submitted_at.isnot(None))
    count = db.session.scalar(select(func.count()).select_from(Application).where(*sent)) or 0
    return f"{_count(count, 'bid')} came in. Each was checked for the rules of the round, scored by a panel against published criteria, and ranked. The decision rests on the ranking, the priorities of the strategy and the money there is."  # fmt: skip


def _money(round: Round, offers: list[Decision]) -> list[tuple[Text, Text]]:
    pot = ledger.pot_of(round)
    if pot is None:
        return [("Pot", "Not set")]
    waiting = sum(each.amount_pence or 0 for each in offers if each.approved_at is None)
    rows: list[tuple[Text, Text]] = [
        ("Pot of the round", pounds(pot.total_pence)),
        ("Room now", pounds(pot.room_pence)),
    ]
    return [*rows, ("Room after what waits", pounds(pot.room_pence - waiting))] if waiting else rows


def _interests(round: Round) -> str:
    mine = select(Application.id).where(Application.round_id == round.id)
    wanted = (Conflict.application_id.in_(mine), Conflict.conflicted)
    count = db.session.scalar(select(func.count()).select_from(Conflict).where(*wanted)) or 0
    if not count:
        return "No panel member declared a conflict of interest. Nobody who decided on a bid judged it or belongs to its applicant."
    return f"Panel members declared {_count(count, 'conflict')} of interest and took no part in those bids. Nobody who decided on a bid judged it or belongs to its applicant."  # fmt: skip
