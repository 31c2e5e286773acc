"""The panel's meetings: who was there and when, how long each bid took, each vote, and every change of an agreed mark."""

from collections import defaultdict

from sqlalchemy import select

from applications.tables import Application
from fund.core.database import db
from fund.core.pdf.blocks import Block, Heading, Paragraph, Table
from fund.tables import Round

from ..criteria import criteria_of
from ..tables import AgreedChange, Attendance, Meeting, MeetingItem, Seat
from .judged import NOT_APPLYING
from .names import Names
from .parts import add_part, iso, said


def meetings(round: Round, names: Names) -> dict:
    here = Meeting.round_id == round.id
    stays: dict[int, list] = defaultdict(list)
    items: dict[int, list] = defaultdict(list)
    in_room = select(Attendance, Seat.person_id).join(Seat, Seat.id == Attendance.seat_id).join(Meeting, Meeting.id == Attendance.meeting_id)  # fmt: skip
    for row, person in db.session.execute(in_room.where(here)):
        stays[row.meeting_id].append([iso(row.came_at), iso(row.left_at), names.of(person)])
    taken_up = select(MeetingItem, Application.reference).join(Application, Application.id == MeetingItem.application_id).join(Meeting, Meeting.id == MeetingItem.meeting_id)  # fmt: skip
    for item, reference in db.session.execute(taken_up.where(here, MeetingItem.first_at.is_not(None))):
        votes = (
            None if item.voted_at is None else [item.present_count, item.votes_for, item.votes_against, item.abstained]
        )
        items[item.meeting_id].append([iso(item.first_at), reference, item.seconds, names.text(item.motion), votes])
    met: list[dict] = [
        {
            "began_at": iso(row.began_at), "ended_at": iso(row.ended_at), "by": names.of(row.began_by_id),
            "stays": sorted(stays[row.id], key=str), "bids": sorted(items[row.id], key=str),
        }
        for row in db.session.scalars(select(Meeting).where(here))
    ]  # fmt: skip
    return {"met": sorted(met, key=lambda each: str(each["began_at"])), "changes": _changes(round, names)}


def _changes(round: Round, names: Names) -> list[list]:
    """Every change of an agreed mark: when, which bid and criterion, before, after, why, by whom."""
    codes = {each.id: each.code for each in criteria_of(round)}
    query = select(AgreedChange, Application.reference).join(Application, Application.id == AgreedChange.application_id)
    rows = [
        [iso(row.at), reference, codes[row.criterion_id], row.was_agreed, row.before, row.after, names.text(row.reason), names.of(row.by_id)]
        for row, reference in db.session.execute(query.where(Application.round_id == round.id))
    ]  # fmt: skip
    return sorted(rows, key=str)


def meetings_in_words(facts: dict) -> list[Block]:
    found: list[Block] = []
    for each in facts["met"]:
        until = f" to {said(each['ended_at'])}" if each["ended_at"] else ", still on"
        found.append(Heading(3, f"Meeting of {said(each['began_at'])}{until}"))
        stays = [[who, said(came), said(left) or "–"] for came, left, who in each["stays"]]
        if stays:
            found.append(Table(["Member", "From", "To"], stays, "Attendance", [3, 4, 4]))
        bids = [[reference, f"{-(-seconds // 60)} min", motion or "–", _vote(votes)] for _, reference, seconds, motion, votes in each["bids"]]  # fmt: skip
        if bids:
            found.append(Table(["Bid", "Time", "Voted on", "Vote"], bids, "Bids", [3, 1.5, 4, 4]))
    again = [[reference, code, _mark(before), _mark(after), f"{why} ({who}, {said(at)})"] for at, reference, code, was, before, after, why, who in facts["changes"] if was]  # fmt: skip
    if again:
        found.append(Heading(3, "Agreed marks that were changed"))
        found.append(Table(["Bid", "Criterion", "Before", "After", "Why"], again, widths=[3, 2, 1.6, 1.6, 6]))
    return found or [Paragraph("No meeting was recorded here.")]


def _mark(mark: int | None) -> str:
    return NOT_APPLYING if mark is None else str(mark)


def _vote(votes: list | None) -> str:
    return "–" if votes is None else f"{votes[0]} could vote: {votes[1]} for, {votes[2]} against, {votes[3]} abstained"


add_part(55, "meetings", "Meetings", meetings, meetings_in_words)
