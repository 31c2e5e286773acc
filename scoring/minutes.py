"""The minutes of a meeting as they grow: attendance, then each bid with its time, vote, and marks before and after with their why.

A reader's copy leaves out every bid that is hidden from them. Whoever stepped out for a bid stands nowhere in its part: it
counts those who took part and names nobody.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from applications.tables import Application
from fund.core.clock import in_london, speak_day, speak_time
from fund.core.database import db
from fund.core.pdf.blocks import Block, BulletList, Heading, KeyValue, Paragraph, Table
from fund.core.pdf.document import Document
from fund.tables import Round

from .criteria import criteria_of
from .meetings import items_of, outs_of, spent_on, stays_of
from .moderation import agreed_scores_of_all, marks_given_in, words_in
from .opinions import BY_MARK, view_marks_in
from .tables import AgreedChange, Attendance, Meeting, MeetingItem
from .tables.panels import SCORING_SEATS, SEAT_KINDS
from .totals import ONE, rounded, weighted_total, with_views


def minutes_of(
    meeting: Meeting, round: Round, *, hidden: Collection[int], now: datetime, blind: bool = False
) -> Document:
    """The minutes as far as they go, without the bids in `hidden`; for a `blind` reader without titles, which may name who asks."""
    stays, outs, criteria = stays_of(meeting), outs_of(round), criteria_of(round)
    every = [item for item in items_of(meeting) if item.first_at is not None]
    items = [item for item in every if item.application_id not in hidden]
    changes, given = _changes(meeting, now), marks_given_in(round)
    notes, agreed, views = words_in(round), agreed_scores_of_all(round), view_marks_in(round)
    blocks: list[Block] = [
        Heading(1, f"Minutes of the panel: {round.title}"),
        KeyValue(
            [
                ("Day", speak_day(meeting.began_at, weekday=True)),
                ("From", _hour(meeting.began_at)),
                ("Until", _hour(meeting.ended_at) if meeting.ended_at else f"still on at {_hour(now)}"),
                ("Quorum", f"{round.panel_quorum} members for each bid, those recused not counted"),
            ]
        ),
        Heading(2, "Attendance"),
        _attendance(stays),
        Heading(2, "Bids"),
    ]
    for item in items:
        blocks += _about(item, stays, outs, round, now, blind)
        bid = item.application_id
        if rows := _marks(changes.get(bid, []), given.get(bid, {}), criteria):
            blocks.append(Table(["Criterion", "Before", "After", "Why"], rows, "Marks agreed", [4, 2, 2, 7], row_headers=True))  # fmt: skip
        marks = {each.code: agreed[bid][each.id].mark for each in criteria if each.id in agreed.get(bid, {})}
        seen = views.get(bid, [])
        if seen:
            words = "; ".join(BY_MARK[mark].words for mark in sorted(seen))
            blocks.append(
                Paragraph(
                    f"Views of young and lived-experience members, {round.view_weight} of 100 in the total: {words}."
                )
            )
        if len(marks) == len(criteria) and marks:
            total = with_views(weighted_total(marks, criteria), seen, round.view_weight, ONE)
            blocks.append(Paragraph(f"Agreed total: {total}."))
        if notes.get(bid):
            blocks.append(Paragraph(f"Note: {notes[bid]}"))
    if not items:
        blocks.append(Paragraph("No bid has been taken up yet." if not every else "Nothing that is shown to you yet."))
    if len(every) > len(items):
        blocks.append(Paragraph("Bids that you were out of the room for, or have yet to score, are not in your copy."))
    return Document(f"Minutes: {round.title}", blocks, meeting.ended_at or now, reference=round.prefix, author=round.fund.partnership.name)  # fmt: skip


def _hour(moment: datetime) -> str:
    return speak_time(in_london(moment))


def _attendance(stays: list[Attendance]) -> Block:
    if not stays:
        return Paragraph("Nobody is recorded as present yet.")
    by_seat: dict[tuple[str, str], list[str]] = defaultdict(list)
    for stay in stays:
        until = f" to {_hour(stay.left_at)}" if stay.left_at else ""
        by_seat[stay.seat.label, SEAT_KINDS.get(stay.seat.kind, stay.seat.kind)].append(f"{_hour(stay.came_at)}{until}")
    rows = [[label, kind, ", ".join(times)] for (label, kind), times in sorted(by_seat.items())]
    return Table(["Member", "Seat", "In the meeting from"], rows, widths=[3, 3, 4], row_headers=True)


def _about(item: MeetingItem, stays: list[Attendance], outs, round: Round, now: datetime, blind: bool) -> list[Block]:
    bid = item.application
    at = item.voted_at or item.last_at or now
    here = item.present_count if item.present_count is not None else _present(item, stays, outs, at)
    minutes = max(1, round_up(spent_on(item, now)))
    lines = [
        f"Taken up at {_hour(item.first_at or now)}, {minutes} {'minute' if minutes == 1 else 'minutes'}",
        f"{here} members took part; the quorum is {round.panel_quorum}",
    ]
    if item.voted_at is not None:
        lines.append(f"Vote: {item.motion} For {item.votes_for}, against {item.votes_against}, abstained {item.abstained}")  # fmt: skip
    return [Heading(3, f"{bid.reference} {'' if blind else bid.title or ''}".strip()), BulletList(lines)]


def round_up(seconds: int) -> int:
    """Whole minutes, begun ones counted."""
    return -(-seconds // 60)


def _present(item: MeetingItem, stays: list[Attendance], outs, at: datetime) -> int:
    """How many who may vote were there at that moment."""
    recused = outs.get(item.application_id, frozenset())
    here = {
        stay.seat_id
        for stay in stays
        if stay.seat.kind in SCORING_SEATS and stay.came_at <= at and (stay.left_at is None or stay.left_at >= at)
    }
    return len(here - recused)


def _changes(meeting: Meeting, now: datetime) -> dict[int, list[AgreedChange]]:
    """What was agreed on each bid while the meeting was on."""
    query = select(AgreedChange).join(Application, Application.id == AgreedChange.application_id)
    here = (Application.round_id == meeting.round_id, AgreedChange.at >= meeting.began_at, AgreedChange.at <= (meeting.ended_at or now))  # fmt: skip
    found: dict[int, list[AgreedChange]] = defaultdict(list)
    for row in db.session.scalars(query.where(*here).order_by(AgreedChange.at, AgreedChange.id)):
        found[row.application_id].append(row)
    return found


def _marks(changes: list[AgreedChange], given: dict[int, list[int]], criteria) -> list[list[str]]:
    """Criterion by criterion, each change in its order. Before the first: the mean of the members' marks."""
    rows = []
    for each in criteria:
        for change in changes:
            if change.criterion_id == each.id:
                before = _mark(change.before) if change.was_agreed else _mean(given.get(each.id, []))
                rows.append([f"{each.code} {each.title}", before, _mark(change.after), change.reason or "–"])
    return rows


def _mark(mark: int | None) -> str:
    return "does not apply" if mark is None else str(mark)


def _mean(marks: list[int]) -> str:
    return f"mean {rounded(Decimal(sum(marks)) / len(marks), ONE)}" if marks else "–"


def file_name(meeting: Meeting, round: Round, ending: str) -> str:
    return f"minutes-{round.prefix}-{in_london(meeting.began_at):%Y-%m-%d}.{ending}"
