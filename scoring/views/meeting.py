"""The meeting: one page for everyone in the room, one for the wall without names, the minutes as they grow.

The chair and the secretary record on the same page; each act is a button, and the page comes back as everybody sees it.
"""

import re

from flask import flash, redirect, render_template, request, url_for

from fund.core import files, withholding
from fund.core.clock import now
from fund.core.database import db
from fund.core.forms import clean
from fund.core.pdf.as_html import as_html
from fund.core.pdf.as_word import as_word
from fund.core.pdf.document import draw
from fund.core.permissions import may, needs, signed_in
from fund.core.problems import NotYours, Problem
from fund.tables import Round

from .. import meetings, moderation, recusals
from ..blind import is_blind
from ..criteria import criteria_of
from ..desk import bids_by_round
from ..forms import EmptyForm
from ..loading import load_round
from ..meetings import Room
from ..minutes import file_name, minutes_of, round_up
from ..panels import seat_in, seats_of
from ..tables import Meeting, MeetingItem
from ..visibility import hidden_from
from .chairing import blueprint

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@blueprint.route("/panel/meetings")
@needs("sit_on_panels")
def meeting_list():
    """The meetings of the panels that this person sits on: on now, or with minutes."""
    rounds = [(each.round, meetings.meetings_of(each.round), bool(each.bids)) for each in bids_by_round(signed_in())]
    return render_template("scoring/meetings.html", rounds=rounds)


@blueprint.route("/panel/rounds/<key:round_id>/meeting", methods=["GET", "POST"])
@needs("attend_meeting", round=load_round)
def meeting(round: Round):
    form, problems = EmptyForm(), []
    if form.validate_on_submit():
        if not may(signed_in(), "run_meeting", round) and not _stands_in_here(round):
            raise NotYours()
        try:
            sentence = _act(round)
        except Problem as problem:
            db.session.rollback()
            problems = [problem]
        else:
            db.session.commit()
            if sentence:
                flash(sentence, "success")
            return redirect(url_for(".meeting", round_id=round.id))
    return render_template("scoring/meeting.html", **_shown(round), problems=problems, has_errors=bool(problems), sent=request.form if problems else {}, wrong={each.field: each.sentence for each in problems})  # fmt: skip


def _stands_in_here(round: Round) -> bool:
    """Whether the button is one that a member may press who chairs a bid in the chair's place: for that bid only."""
    bids = {each.id for each in recusals.stood_in_for(signed_in(), round.id)}
    on = meetings.open_meeting(round) if bids else None
    if on is None:
        return False
    if request.form.get("do") == "put-away":
        return any(each.on_since is not None and each.application_id in bids for each in meetings.items_of(on))
    return request.form.get("do") in ("take-up", "vote") and _item(on).application_id in bids


def _act(round: Round) -> str | None:
    """Do what the pressed button says."""
    what, by, moment = request.form.get("do", ""), signed_in(), now()
    on = meetings.open_meeting(round)
    if what == "begin":
        meetings.begin_meeting(round, by=by, now=moment)
        return "The meeting is on."
    if on is None:
        raise Problem("No meeting is on. Begin one first.")
    if what == "everybody":
        meetings.everybody_is_here(on, round, by=by, now=moment)
    elif what in ("in", "out"):
        (meetings.come_in if what == "in" else meetings.go_out)(on, _seat(round), by=by, now=moment)
    elif what == "take-up":
        meetings.take_up(on, _item(on), by=by, now=moment)
    elif what == "put-away":
        meetings.put_away(on, by=by, now=moment)
    elif what == "plan":
        meetings.plan_agenda(on, round, by=by, now=moment)
        return "The agenda is up to date."
    elif what == "vote":
        meetings.record_vote(on, _item(on), round, clean(request.form.get("motion", "")), _counts(), by=by, now=moment)
        return "The vote is recorded."
    elif what == "end":
        meetings.end_meeting(on, by=by, now=moment)
        return "The meeting has ended. Its minutes are kept."
    return None


def _seat(round: Round):
    seat = next((each for each in seats_of(round) if str(each.id) == request.form.get("seat")), None)
    if seat is None:
        raise NotYours()
    return seat


def _item(on: Meeting) -> MeetingItem:
    item = next((each for each in meetings.items_of(on) if str(each.id) == request.form.get("item")), None)
    if item is None:
        raise NotYours()
    return item


def _counts() -> tuple[int, int, int]:
    found = []
    for name in ("votes_for", "votes_against", "abstained"):
        text = clean(request.form.get(name, "")) or "0"
        if not re.fullmatch(r"\d{1,3}", text, re.ASCII):
            raise Problem("Enter a whole number, like 2", name)
        found.append(int(text))
    return found[0], found[1], found[2]


def _shown(round: Round) -> dict:
    """What the reader may see of the meeting: a bid they are out for has no name here, one they have yet to score no figures."""
    me, moment = signed_in(), now()
    with withholding.whole():  # the agenda keeps the place of a bid that the reader steps out for, without its name
        every = meetings.meetings_of(round)
        on = next((each for each in every if each.ended_at is None), None)
        items = meetings.items_of(on) if on else []
        stays = meetings.stays_of(on) if on else []
        outs, seats = meetings.outs_of(round), seats_of(round)
    my_seat = next((each for each in seats if each.person_id == me.id), None)
    mine = {bid for bid, out in outs.items() if my_seat is not None and my_seat.id in out}
    current = next((each for each in items if each.on_since is not None), None)
    waiting = [each for each in items if each.first_at is None]
    runs = my_seat is not None and my_seat.kind in ("chair", "secretary")  # as the rule says, without asking again
    room = meetings.room_for(current, stays, outs, round.panel_quorum)
    # Asked only when a chair is out for some bid: this page comes again every few seconds.
    led = {each.id for each in seats if each.kind == "chair"}
    instead = not runs and any(led & out for out in outs.values())
    stands = {each.id for each in recusals.stood_in_for(me, round.id)} if instead else set()
    leads = {each.id for each in items if each.application_id in stands or (runs and each.application_id not in mine)}
    figures = None
    if current is not None and current.id in leads and current.application_id not in hidden_from(me, round):
        figures = _figures(current, round)
    here = {stay.seat_id for stay in stays if stay.left_at is None}
    return {
        "round": round, "partnership": round.fund.partnership, "on": on, "items": items, "current": current, "next": waiting[:2],
        "left": len(waiting), "done": sum(each.first_at is not None and each.on_since is None for each in items), "mine": mine, "runs": runs, "room": room, "leads": leads,
        "following": next((each for each in waiting if each.id in leads), None),
        "seats": seats, "here": here, "figures": figures, "outs": {each.id: len(outs.get(each.application_id, frozenset()) & here) for each in items},
        "spent": {each.id: round_up(meetings.spent_on(each, moment)) for each in items}, "since": round_up(int((moment - on.began_at).total_seconds())) if on else 0,
        "earlier": [each for each in every if each.ended_at is not None],
        "hides": lambda item: item.application_id in mine, "blind": is_blind(my_seat, round),
    }  # fmt: skip


def _figures(item: MeetingItem, round: Round) -> dict:
    """For the chair: the mean, and the criteria to talk about."""
    criteria = criteria_of(round)
    row = moderation.on_the_table(item.application, criteria, round)
    return {"mean": row.mean, "finished": row.finished, "talk": [f"{each.code} {each.title}" for each in criteria if each.code in row.talk_about]}  # fmt: skip


@blueprint.route("/panel/rounds/<key:round_id>/meeting/wall")
@needs("run_meeting", round=load_round)
def wall(round: Round):
    """For a screen that everybody sees: the bid, the time, how many step out. Nobody's name."""
    shown = _shown(round)
    room: Room = shown["room"]
    return render_template("scoring/meeting_wall.html", **shown, voters=room.voters, leaving=len(room.out))


@blueprint.route("/panel/rounds/<key:round_id>/meetings/<key:meeting_id>/minutes")
@needs("read_minutes", round=load_round)
def minutes(round: Round, meeting_id):
    """The minutes as a page, or with ?format=docx or pdf as a file. They grow while the meeting is on."""
    found = next((each for each in meetings.meetings_of(round) if each.id == meeting_id), None)
    if found is None:
        raise NotYours()
    blind = is_blind(seat_in(signed_in(), round.id), round)
    document = minutes_of(found, round, hidden=hidden_from(signed_in(), round), now=now(), blind=blind)
    wanted = request.args.get("format", "")
    if wanted == "docx":
        return files.send(as_word(document), file_name(found, round, "docx"), WORD)
    if wanted == "pdf":
        return files.send(draw(document), file_name(found, round, "pdf"), "application/pdf", inline=True)
    return render_template("scoring/minutes.html", round=round, partnership=round.fund.partnership, meeting=found, minutes_html=as_html(document))  # fmt: skip
