"""How each bid was judged: every member's marks and reasons, void ones too, what the panel agreed and why, and each step.

Everything is read at once, a fixed number of statements whatever the round holds.
"""

from collections import defaultdict

from sqlalchemy import select

from applications.tables import Application
from applications.workflow import APPLICATION
from fund.core.database import db
from fund.core.money import pounds
from fund.core.pdf.blocks import Block, Heading, Paragraph, Table
from fund.core.workflow import StatusChange
from fund.tables import Organisation, Priority, Round

from ..criteria import criteria_of
from ..opinions import BY_ANSWER
from ..ranking import RANKED
from ..tables import AgreedScore, Assignment, BidView, Moderation, Quote, Score, Seal, Seat, ViableAt
from ..tables.panels import SEAT_KINDS
from ..totals import ONE, mean_total, weighted_total, with_views
from ..workflow import ASSIGNMENT
from .names import Names
from .parts import add_part, iso, said

NOT_APPLYING = "does not apply"
MARKS, WIDTHS = ("Criterion", "Member", "Mark", "Reason"), (2.2, 3, 1.6, 9)


def bids(round: Round, names: Names) -> list[dict]:
    """Every bid that reached the panel, by reference."""
    query = (
        select(Application, Organisation.name, Priority.code)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .outerjoin(Priority, Priority.id == Application.priority_id)
        .where(Application.round_id == round.id, Application.status.in_(RANKED))
    )
    criteria = sorted(criteria_of(round), key=lambda each: (each.position, each.code))
    readings, agreed = _readings(round, names, criteria), _agreed(round, names, criteria)
    words, moves, least = _words(round, names), _moves(round, names), _least(round, names)
    views = _views(round, names)
    found = []
    for bid, organisation, priority in db.session.execute(query):
        mine = readings.get(bid.id, [])
        counted = [weighted_total(_marks(each["marks"]), criteria) for each in mine if each["counts"]]
        row = agreed.get(bid.id, [])
        seen = views.get(bid.id, [])
        given = [each["mark"] for each in seen]
        total = weighted_total({each["code"]: each["mark"] for each in row}, criteria) if row else None
        total = with_views(total, given, round.view_weight, ONE)
        mean = with_views(mean_total(counted), given, round.view_weight)
        found.append(
            {
                "reference": bid.reference, "title": names.text(bid.title), "organisation": organisation, "priority": priority,
                "asked_pence": bid.requested_pence or 0, "state": APPLICATION.state(bid.status).staff,
                "submitted_at": iso(bid.submitted_at), "readings": mine, "mean": None if mean is None else str(mean),
                "agreed": row, "agreed_total": None if total is None else str(total), **words.get(bid.id, {}),
                "moves": moves.get(bid.id, []), "least": least.get(bid.id), "views": seen,
            }
        )  # fmt: skip
    return sorted(found, key=lambda each: each["reference"])


def _marks(rows: list[dict]) -> dict[str, int | None]:
    return {each["code"]: each["mark"] for each in rows}


def _readings(round: Round, names: Names, criteria) -> dict[int, list[dict]]:
    codes = {each.id: (place, each.code) for place, each in enumerate(criteria)}
    here = (Application.round_id == round.id, Application.status.in_(RANKED))
    found, by_bid = {}, defaultdict(list)
    query = select(Assignment, Seat.person_id).join(Seat, Seat.id == Assignment.seat_id).join(Application)
    for row, person in db.session.execute(query.where(*here)):
        found[row.id] = {
            "who": names.seat(person), "state": ASSIGNMENT.state(row.status).staff, "sealed_at": iso(row.sealed_at),
            "counts": row.status == "sealed", "comment": names.text(row.comment), "marks": [], "void": [], "seals": [],
            "quotes": [],
        }  # fmt: skip
        by_bid[row.application_id].append(found[row.id])
    for score in db.session.scalars(select(Score).join(Assignment).join(Application).where(*here)):
        mark = {
            "code": codes[score.criterion_id][1], "mark": score.mark, "reason": names.text(score.reason),
            "saved_at": iso(score.saved_at),
        }  # fmt: skip
        found[score.assignment_id]["marks" if score.voided_at is None else "void"].append(mark)
    for seal in db.session.scalars(select(Seal).join(Assignment, Assignment.id == Seal.assignment_id).join(Application).where(*here)):  # fmt: skip
        found[seal.assignment_id]["seals"].append([seal.number, iso(seal.sealed_at), seal.total])
    quotes = select(Quote).join(Assignment, Assignment.id == Quote.assignment_id).join(Application)
    for quote in db.session.scalars(quotes.where(*here)):
        found[quote.assignment_id]["quotes"].append([codes[quote.criterion_id][1], names.text(quote.words)])
    order = {code: place for place, code in codes.values()}
    for each in found.values():
        for kind in ("marks", "void"):
            each[kind].sort(key=lambda mark: (order[mark["code"]], mark["saved_at"]))
        each["seals"].sort()
        each["quotes"].sort(key=lambda quote: (order[quote[0]], quote[1]))
    return {bid: sorted(rows, key=lambda each: each["who"]) for bid, rows in by_bid.items()}


def _agreed(round: Round, names: Names, criteria) -> dict[int, list[dict]]:
    codes, found = {each.id: (place, each.code) for place, each in enumerate(criteria)}, defaultdict(list)
    query = select(AgreedScore).join(Application, Application.id == AgreedScore.application_id)
    for row in db.session.scalars(query.where(Application.round_id == round.id)):
        found[row.application_id].append(
            {
                "code": codes[row.criterion_id][1], "mark": row.mark, "reason": names.text(row.reason),
                "agreed_at": iso(row.agreed_at), "by": names.of(row.agreed_by_id),
            }
        )  # fmt: skip
    order = {code: place for place, code in codes.values()}
    return {bid: sorted(rows, key=lambda each: order[each["code"]]) for bid, rows in found.items()}


def _words(round: Round, names: Names) -> dict[int, dict]:
    query = select(Moderation).join(Application, Application.id == Moderation.application_id)
    return {
        row.application_id: {
            "strengths": names.text(row.strengths), "improvements": names.text(row.improvements), "note": names.text(row.note),
        }
        for row in db.session.scalars(query.where(Application.round_id == round.id))
    }  # fmt: skip


def _least(round: Round, names: Names) -> dict[int, list]:
    """The least amount that each bid works with: pence, why, when, by whom."""
    query = select(ViableAt).join(Application, Application.id == ViableAt.application_id)
    return {
        row.application_id: [row.pence, names.text(row.reason), iso(row.recorded_at), names.of(row.recorded_by_id)]
        for row in db.session.scalars(query.where(Application.round_id == round.id))
    }


def _views(round: Round, names: Names) -> dict[int, list[dict]]:
    """What young and lived-experience members thought of each bid: whose view, in words and as the mark it stands for."""
    query = select(BidView, Seat.person_id, Seat.kind).join(Seat, Seat.id == BidView.seat_id).join(Application)
    here = (Application.round_id == round.id, BidView.finished_at.is_not(None), BidView.voided_at.is_(None))
    found = defaultdict(list)
    for row, person, kind in db.session.execute(query.where(*here)):
        picture = BY_ANSWER[row.answer]
        found[row.application_id].append(
            {
                "who": names.seat(person), "seat": SEAT_KINDS[kind], "words": picture.words, "mark": picture.mark,
                "reason": names.text(row.reason), "given_at": iso(row.finished_at),
            }
        )  # fmt: skip
    return {bid: sorted(rows, key=lambda each: each["who"]) for bid, rows in found.items()}


def _moves(round: Round, names: Names) -> dict[int, list]:
    """Each step of each bid: when, from and to what, who, and the reason where one was given."""
    query = select(StatusChange).join(Application, Application.id == StatusChange.subject_id)
    found = defaultdict(list)
    for row in db.session.scalars(query.where(StatusChange.workflow == APPLICATION.name, Application.round_id == round.id)):  # fmt: skip
        old, new = (APPLICATION.state(key).staff for key in (row.old, row.new))
        found[row.subject_id].append([iso(row.at), old, new, names.of(row.by_id), names.text(row.reason)])
    return {bid: sorted(rows, key=lambda each: (each[0], each[1:])) for bid, rows in found.items()}


def bids_in_words(facts: list[dict]) -> list[Block]:
    found: list[Block] = []
    for bid in facts:
        found.append(Heading(3, f"{bid['reference']} {bid['title']}"))
        priority = f", priority {bid['priority']}" if bid["priority"] else ""
        agreed = f" Agreed total: {bid['agreed_total']}." if bid["agreed_total"] is not None else ""
        mean = bid["mean"] if bid["mean"] is not None else "none yet"
        found.append(Paragraph(f"{bid['organisation']}, asks {pounds(bid['asked_pence'])}{priority}. {bid['state']}. Mean of the members: {mean}.{agreed}"))  # fmt: skip
        found += _bid_in_words(bid)
    return found or [Paragraph("No bid has reached the panel.")]


def _bid_in_words(bid: dict) -> list[Block]:
    found: list[Block] = []
    rows, void = _marks_of(bid, "marks"), _marks_of(bid, "void")
    states = [f"{each['who']}: {_reading(each)}." for each in bid["readings"]]
    if states:
        found.append(Paragraph("\n".join(states)))
    if rows:
        found.append(Table(MARKS, rows, "Members' marks", WIDTHS))
    quotes = [[code, each["who"], f"“{words}”"] for each in bid["readings"] for code, words in each["quotes"]]
    if quotes:
        found.append(Table(("Criterion", "Member", "Words of the bid"), quotes, "Quotes held beside a criterion", (2.2, 3, 10)))  # fmt: skip
    if bid["views"]:
        views = [[each["who"], each["seat"], each["words"], each["reason"]] for each in bid["views"]]
        found.append(Table(("Member", "Seat", "View", "Why"), views, "Views of young and lived-experience members", (3, 3, 3, 7)))  # fmt: skip
    if void:
        found.append(Table(MARKS, void, "Void since a late conflict: not counted", WIDTHS))
    if bid["agreed"]:
        agreed = [[each["code"], _mark(each), each["reason"]] for each in bid["agreed"]]
        found.append(
            Table(["Criterion", "Mark", "The panel's reason"], agreed, "What the panel agreed", [2.2, 1.6, 12])
        )
    for key, title in (("strengths", "Strengths"), ("improvements", "What would make it better"), ("note", "Note of the talk")):  # fmt: skip
        if bid.get(key):
            found.append(Paragraph(f"{title}: {bid[key]}"))
    if bid["least"]:
        pence, why, at, who = bid["least"]
        found.append(Paragraph(f"Works with {pounds(pence)} at least: {why} (recorded by {who}, {said(at)})"))
    steps = [[said(at), f"{old} to {new}", who, reason or "–"] for at, old, new, who, reason in bid["moves"]]
    if steps:
        found.append(Table(["When", "Step", "By", "Reason"], steps, "Steps", [4.4, 3.6, 2.6, 4]))
    return found


def _marks_of(bid: dict, kind: str) -> list[list[str]]:
    """The members' marks, criterion by criterion, so that what differs stands together."""
    order = {each["code"]: place for place, each in enumerate(bid["agreed"])}
    every = [(mark, each["who"]) for each in bid["readings"] for mark in each[kind]]
    every.sort(key=lambda pair: (order.get(pair[0]["code"], 0), pair[0]["code"], pair[1]))
    return [[mark["code"], who, _mark(mark), mark["reason"]] for mark, who in every]


def _mark(mark: dict) -> str:
    return NOT_APPLYING if mark["mark"] is None else str(mark["mark"])


def _reading(each: dict) -> str:
    words = each["state"].lower()
    if each["sealed_at"]:
        words += f" on {said(each['sealed_at'])}, total {each['seals'][-1][2]}" if each["seals"] else f" on {said(each['sealed_at'])}"  # fmt: skip
    if len(each["seals"]) > 1:
        words += "; sealed before with " + ", ".join(total for _, _, total in each["seals"][:-1])
    if each["comment"]:
        words += f". {each['comment'].rstrip('.')}"
    return words


add_part(50, "bids", "Bids, scores and moderation", bids, bids_in_words)
