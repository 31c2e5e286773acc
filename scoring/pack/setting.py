"""What was fixed before anybody scored: the round's rules, the criteria, who sat on the panel, and who stepped aside."""

from sqlalchemy import select

from applications.tables import Application
from fund.caps import caps_of
from fund.core.clock import speak_day
from fund.core.database import db
from fund.core.money import pounds
from fund.core.pdf.blocks import Block, BulletList, Heading, KeyValue, Paragraph, Table
from fund.ledger import pot_of
from fund.tables import Round, RoundPriority
from fund.tables.rounds import SCORE_VISIBILITY

from ..criteria import criteria_of
from ..ranking import METHOD
from ..tables import Conflict, Panel, Seat
from ..tables.panels import SEAT_KINDS
from .names import Names
from .parts import add_part, iso, said


def rules(round: Round, names: Names) -> dict:
    pot, caps = pot_of(round), caps_of(round)
    priorities = db.session.scalars(select(RoundPriority).where(RoundPriority.round_id == round.id))
    return {
        "title": round.title, "fund": round.fund.name, "partnership": round.fund.partnership.name, "prefix": round.prefix,
        "opens_at": iso(round.opens_at), "closes_at": iso(round.closes_at),
        "decisions_by": round.decisions_by and round.decisions_by.isoformat(),
        "delivery": [speak_day(round.delivery_start_on), speak_day(round.delivery_end_on)],
        "pot_pence": pot.total_pence if pot else 0, "over_pence": pot.over_pence if pot else 0,
        "caps": sorted([cap.plural, cap.most_pence] for cap in caps),
        "priorities": sorted([each.priority.code, each.priority.title] for each in priorities),
        "bids_per_organisation": round.bids_per_organisation, "joint_cap_pence": round.joint_cap_pence,
        "assessors_per_bid": round.assessors_per_bid, "quorum": round.panel_quorum, "spread_flag": round.spread_flag,
        "visibility": SCORE_VISIBILITY.get(round.visibility, round.visibility), "minimum_total": round.minimum_total,
        "any_zero_stops": round.any_zero_stops, "method": METHOD, "view_weight": round.view_weight,
    }  # fmt: skip


def rules_in_words(facts: dict) -> list[Block]:
    joint, least = facts["joint_cap_pence"], facts["minimum_total"]
    rows = [
        ("Fund", f"{facts['fund']}, {facts['partnership']}"),
        ("Open", f"{said(facts['opens_at'])} to {said(facts['closes_at'])}"),
        ("Delivery", " to ".join(facts["delivery"])),
        ("Pot", pounds(facts["pot_pence"]) + (f", over-programming {pounds(facts['over_pence'])}" if facts["over_pence"] else "")),
        ("Most a bid can ask", "\n".join(f"{plural}: {pounds(most)}" for plural, most in facts["caps"]) or "no cap"),
        ("Priorities", "\n".join(f"{code}: {title}" for code, title in facts["priorities"]) or "none named"),
        ("Bids for each organisation", f"{facts['bids_per_organisation']}" + (f", together at most {pounds(joint)}" if joint else "")),
        ("Assessors for each bid", f"{facts['assessors_per_bid']}, quorum {facts['quorum']} without those recused"),
        ("Marks to talk about", f"where the highest and the lowest are {facts['spread_flag']} or more apart"),
        ("Others' scores open", facts["visibility"]),
        ("Minimum total", "none" if least is None else str(least)),
        ("A mark of 0", "stops a bid" if facts["any_zero_stops"] else "does not stop a bid by itself"),
        ("Views of young and lived-experience members", f"{facts['view_weight']} of 100 in every total where one was given" if facts["view_weight"] else "not asked for"),
        ("Ranking", facts["method"]),
    ]  # fmt: skip
    return [KeyValue(rows)]


def criteria(round: Round, names: Names) -> list[dict]:
    return [
        {
            "code": each.code, "title": each.title, "guidance": each.guidance, "weight": each.weight,
            "minimum": each.minimum_mark, "descriptors": list(each.descriptors), "optional_for": sorted(each.optional_for),
        }
        for each in sorted(criteria_of(round), key=lambda each: (each.position, each.code))
    ]  # fmt: skip


def criteria_in_words(facts: list[dict]) -> list[Block]:
    found: list[Block] = []
    for each in facts:
        found.append(Heading(3, f"{each['code']} {each['title']}: weight {each['weight']}"))
        found.append(Paragraph(each["guidance"]))
        found.append(BulletList([f"{mark}: {words}" for mark, words in enumerate(each["descriptors"])]))
        if each["minimum"] is not None:
            found.append(Paragraph(f"A bid with less than {each['minimum']} is stopped."))
        if each["optional_for"]:
            found.append(
                Paragraph(f"May be explained as not applying under priority {', '.join(each['optional_for'])}.")
            )
    return found or [Paragraph("This round has no criteria.")]


def seats(round: Round, names: Names) -> list[dict]:
    rows = [
        {
            "who": names.of(seat.person_id), "kind": SEAT_KINDS.get(seat.kind, seat.kind),
            "perspective": names.text(seat.perspective), "appointed_at": iso(seat.appointed_at), "left_at": iso(seat.left_at),
        }
        for seat in db.session.scalars(select(Seat).join(Panel).where(Panel.round_id == round.id))
    ]  # fmt: skip
    return sorted(rows, key=lambda each: (each["kind"], each["who"]))


def seats_in_words(facts: list[dict]) -> list[Block]:
    rows = [
        [
            each["who"],
            each["kind"],
            each["perspective"] or "–",
            said(each["appointed_at"]),
            said(each["left_at"]) or "–",
        ]
        for each in facts
    ]
    return [Table(["Member", "Seat", "Brings", "Since", "Until"], rows, widths=[2.4, 2, 2.6, 4, 4], row_headers=True)] if rows else [Paragraph("No panel was appointed.")]  # fmt: skip


def conflicts(round: Round, names: Names) -> list[dict]:
    """Every declared conflict; its reason is about a private life and stays out of the redacted copy."""
    query = select(Conflict, Application.reference, Seat.person_id).join(Application, Application.id == Conflict.application_id).join(Seat, Seat.id == Conflict.seat_id)  # fmt: skip
    rows = [
        {
            "reference": reference, "who": names.of(person), "late": row.late, "declared_at": iso(row.declared_at),
            "reason": "" if names.redacted else row.reason or "",
        }
        for row, reference, person in db.session.execute(query.where(Application.round_id == round.id, Conflict.conflicted))
    ]  # fmt: skip
    return sorted(rows, key=lambda each: (each["reference"], each["who"]))


def conflicts_in_words(facts: list[dict]) -> list[Block]:
    if not facts:
        return [Paragraph("Nobody declared a conflict of interest.")]
    rows = [
        [each["reference"], each["who"], "after opening" if each["late"] else "before opening", said(each["declared_at"]), each["reason"] or "not given here"]
        for each in facts
    ]  # fmt: skip
    return [
        Table(["Bid", "Member", "Declared", "When", "Reason"], rows, widths=[3.2, 2.6, 2.4, 4, 4], row_headers=True)
    ]


add_part(10, "rules", "Rules of the round", rules, rules_in_words)
add_part(20, "criteria", "Criteria", criteria, criteria_in_words)
add_part(30, "seats", "The panel", seats, seats_in_words)
add_part(40, "conflicts", "Conflicts of interest", conflicts, conflicts_in_words)
